package dev.tidings.ops.bench;

/**
 * The settings of a run with a steady load. Rejects a value that is not allowed, and names its option.
 *
 * @param seconds length of the measured window; at least 1
 * @param warmupSeconds before the window; messages are checked but not measured
 * @param groups how many groups the users are divided among; 0: they talk in pairs, user 2n with user 2n+1
 * @param groupMembers members of each group, connected or not; 0 without groups
 * @param conversations private conversations that each connected user has with others before the run, with one message in each
 * @param history messages in each conversation before the run
 * @param room whether all users are in one room, which counts as a group of all of them
 */
public record LoadPlan(
        RunPlan run,
        int seconds,
        int warmupSeconds,
        int groups,
        int groupMembers,
        int conversations,
        int history,
        boolean room) {

    /** The default limit of members of a group. */
    static final int MAX_GROUP_MEMBERS = 100_000;

    public LoadPlan {
        int users = run.users();
        RunPlan.require(seconds > 0, "--seconds is " + seconds + "; at least 1 is needed");
        RunPlan.require(warmupSeconds >= 0, "--warmup is " + warmupSeconds + "; it must not be negative");
        RunPlan.require(conversations >= 0, "--conversations is " + conversations + "; it must not be negative");
        RunPlan.require(history >= 0, "--history is " + history + "; it must not be negative");
        RunPlan.require(!room || groups == 1 && groupMembers == users, "--room is not allowed with groups");
        RunPlan.require(
                !room || history == 0, "--room is not allowed with --history: it has no members who can send before");
        if (groupMembers == 0) {
            RunPlan.require(groups == 0, "--groups needs --group-members");
            RunPlan.require(
                    users >= 2 && users % 2 == 0, "--users is " + users + "; an even number of at least 2 is needed");
        } else {
            RunPlan.require(groups >= 1, "--groups is " + groups + "; at least 1 is needed");
            RunPlan.require(
                    users >= 2 * groups && users % groups == 0,
                    "--users is " + users + "; a multiple of --groups, at least 2 for each, is needed");
            RunPlan.require(
                    groupMembers >= users / groups && groupMembers <= MAX_GROUP_MEMBERS,
                    "--group-members is " + groupMembers + "; " + users / groups + " (--users of each group) to "
                            + MAX_GROUP_MEMBERS + " are allowed");
        }
    }

    /** A plan without a room. */
    public LoadPlan(
            RunPlan run, int seconds, int warmupSeconds, int groups, int groupMembers, int conversations, int history) {
        this(run, seconds, warmupSeconds, groups, groupMembers, conversations, history, false);
    }

    /** Returns this plan at another rate, with users of its own. */
    LoadPlan with(RunPlan otherRun, int otherWarmupSeconds) {
        return new LoadPlan(otherRun, seconds, otherWarmupSeconds, groups, groupMembers, conversations, history, room);
    }

    /** Whether users talk in groups, not in pairs. */
    boolean isGroup() {
        return groups > 0;
    }

    /** The members of each group who are connected. */
    int usersPerGroup() {
        return run.users() / groups;
    }

    long warmupMessages() {
        return (long) run.rate() * warmupSeconds;
    }

    /** All messages of the run, warm-up included. */
    long messages() {
        return warmupMessages() + (long) run.rate() * seconds;
    }
}
