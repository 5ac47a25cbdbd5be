package dev.tidings.ops.bench;

import dev.tidings.ops.bench.client.FrameFormat;
import java.net.URI;
import java.time.Duration;

/**
 * The settings that every run of the load generator has. Rejects a value that is not allowed, and names its option.
 *
 * @param runId part of every user id, so that no two runs share a conversation
 * @param url of the users' gateway: {@code http://host:port}
 * @param rate messages per second, all senders together; at least 1
 * @param users who are connected
 * @param textBytes length of each message's text; 1 to {@value #MAX_TEXT_BYTES}
 * @param seed decides the texts, and who sends when
 * @param drain how long to wait at most, after the last message was sent, for outstanding answers and deliveries; and as long
 *     again for events that have to be pulled from history
 */
public record RunPlan(
        String runId, URI url, FrameFormat format, int rate, int users, int textBytes, long seed, Duration drain) {

    /** A message's content may have 64 kB; its frame needs some of that. */
    static final int MAX_TEXT_BYTES = 60_000;

    public RunPlan {
        requireHttp("--url", url);
        require(rate > 0, "--rate is " + rate + "; at least 1 message per second is needed");
        require(
                textBytes >= 1 && textBytes <= MAX_TEXT_BYTES,
                "--text-bytes is " + textBytes + "; 1 to " + MAX_TEXT_BYTES + " are allowed");
        require(!drain.isNegative(), "--drain is " + drain.toSeconds() + "; it must not be negative");
    }

    RunPlan withRate(int newRate) {
        return new RunPlan(runId, url, format, newRate, users, textBytes, seed, drain);
    }

    RunPlan withUsers(int newUsers) {
        return new RunPlan(runId, url, format, rate, newUsers, textBytes, seed, drain);
    }

    RunPlan withRunId(String newRunId) {
        return new RunPlan(newRunId, url, format, rate, users, textBytes, seed, drain);
    }

    /** The generator speaks plain TCP: TLS would take processor time from the system that is measured. */
    static void requireHttp(String option, URI url) {
        require(
                "http".equals(url.getScheme()) && url.getHost() != null,
                option + " is " + url + "; it must be http://<host>:<port>");
    }

    /** @throws IllegalArgumentException with this message if the condition does not hold */
    static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
