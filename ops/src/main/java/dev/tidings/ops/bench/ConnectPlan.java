package dev.tidings.ops.bench;

import java.time.Duration;

/**
 * The settings of a run with idle connections. Rejects a value that is not allowed, and names its option.
 *
 * @param connectRate first connects per second
 * @param idle how long all stay connected
 */
record ConnectPlan(RunPlan run, int connectRate, Duration idle) {

    private static final Duration GRACE = Duration.ofSeconds(60);

    ConnectPlan {
        RunPlan.require(run.users() >= 1, "--users is " + run.users() + "; at least 1 is needed");
        RunPlan.require(connectRate >= 1, "--connect-rate is " + connectRate + "; at least 1 is needed");
        RunPlan.require(!idle.isNegative(), "--seconds is " + idle.toSeconds() + "; it must not be negative");
    }

    /** How long to wait at most until all are connected. */
    Duration connectTimeout() {
        return GRACE.plusSeconds(run.users() / connectRate);
    }
}
