package dev.tidings.ops.chaos;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The settings of a run. Rejects a value that is not allowed, and names its option.
 *
 * @param seconds length of the load; faults fall into it, and the cluster heals before it is checked
 * @param rate messages per second, all users together
 * @param users who talk in pairs; {@value #USERS_WITH_TWO_DEVICES} further users with two devices send a tenth of this rate
 * @param groups of {@value #GROUP_USERS} further users each, and one who is never connected; they send a tenth of this rate, too
 * @param brokers 1 or 3
 * @param seed decides the faults and the texts
 * @param kinds of faults
 * @param roles whose processes fail; those of brokers only if there are several
 */
record ChaosPlan(
        int seconds,
        int rate,
        int users,
        int groups,
        int brokers,
        long seed,
        List<FaultKind> kinds,
        List<ClusterRole> roles) {

    /** The shortest run that always has a fault. */
    static final int MIN_SECONDS = 18;

    /** The longest run: a day. */
    static final int MAX_SECONDS = 86_400;

    static final int GROUP_USERS = 10;
    static final int USERS_WITH_TWO_DEVICES = 4;
    static final int MAX_GROUPS = 100;

    ChaosPlan {
        require(
                seconds >= MIN_SECONDS && seconds <= MAX_SECONDS,
                "--seconds is " + seconds + "; " + MIN_SECONDS + " to " + MAX_SECONDS + " are allowed");
        require(rate >= 1, "--rate is " + rate + "; at least 1 is needed");
        require(users >= 2 && users % 2 == 0, "--users is " + users + "; an even number of at least 2 is needed");
        require(groups >= 0 && groups <= MAX_GROUPS, "--groups is " + groups + "; 0 to " + MAX_GROUPS + " are allowed");
        require(
                brokers == 1 || brokers == Brokers.REPLICAS,
                "--brokers is " + brokers + "; 1 and " + Brokers.REPLICAS + " are allowed");
        require(!kinds.isEmpty(), "--faults is empty; " + names(FaultKind.values()) + " are allowed");
        require(!roles.isEmpty(), "--roles is empty; " + names(ClusterRole.values()) + " are allowed");
        require(hasTarget(kinds, roles, brokers), "--faults has none that affects a process of --roles");
        kinds = List.copyOf(kinds);
        roles = List.copyOf(roles);
    }

    private static boolean hasTarget(List<FaultKind> kinds, List<ClusterRole> roles, int brokers) {
        return kinds.contains(FaultKind.ROLL)
                || roles.stream()
                        .filter(role -> role != ClusterRole.BROKER || brokers > 1)
                        .anyMatch(role -> kinds.stream().anyMatch(kind -> kind.affects(role)));
    }

    /** Messages per second in all groups together, and of the users with two devices. */
    int smallRate() {
        return Math.max(1, rate / 10);
    }

    private static String names(Enum<?>[] values) {
        return Arrays.stream(values)
                .map(value -> value.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
