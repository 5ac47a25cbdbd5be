package dev.tidings.ops.chaos;

import java.util.List;

/**
 * The settings of a run. Rejects a value that is not allowed, and names its option.
 *
 * @param seconds length of the load; faults fall into it, and the cluster heals before it is checked
 * @param rate messages per second, all users together
 * @param users who talk in pairs
 * @param seed decides the faults and the texts
 * @param kinds of faults
 * @param roles whose processes fail
 */
record ChaosPlan(int seconds, int rate, int users, long seed, List<FaultKind> kinds, List<ClusterRole> roles) {

    /** The shortest run that always has a fault. */
    static final int MIN_SECONDS = 18;

    /** The longest run: a day. */
    static final int MAX_SECONDS = 86_400;

    ChaosPlan {
        require(
                seconds >= MIN_SECONDS && seconds <= MAX_SECONDS,
                "--seconds is " + seconds + "; " + MIN_SECONDS + " to " + MAX_SECONDS + " are allowed");
        require(rate >= 1, "--rate is " + rate + "; at least 1 is needed");
        require(users >= 2 && users % 2 == 0, "--users is " + users + "; an even number of at least 2 is needed");
        require(!kinds.isEmpty(), "--faults is empty; kill, pause and restart are allowed");
        require(!roles.isEmpty(), "--roles is empty; backends, processors, gateway and connectors are allowed");
        kinds = List.copyOf(kinds);
        roles = List.copyOf(roles);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
