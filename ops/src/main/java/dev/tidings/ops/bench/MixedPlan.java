package dev.tidings.ops.bench;

/**
 * The settings of a mixed load: most messages in pairs, the others in groups of {@value #GROUP_MEMBERS} whose members are all connected.
 * Rejects a value that is not allowed, and names its option.
 *
 * @param run with the users and the rate of both together
 * @param groupPercent of the messages, and of the users, that belong to groups; 1 to 99
 */
record MixedPlan(RunPlan run, int seconds, int warmupSeconds, int groupPercent) {

    static final int GROUP_MEMBERS = 10;
    private static final int PERCENT = 100;

    MixedPlan {
        RunPlan.require(
                groupPercent >= 1 && groupPercent < PERCENT,
                "--group-percent is " + groupPercent + "; 1 to 99 are allowed");
        RunPlan.require(
                run.users() % 2 == 0 && groups(run, groupPercent) >= 1,
                "--users is " + run.users() + "; an even number with at least one group of " + GROUP_MEMBERS
                        + " in --group-percent is needed");
        RunPlan.require(
                groupRate(run, groupPercent) < run.rate(), "--rate is " + run.rate() + "; at least 2 is needed");
    }

    /** Returns the load of the pairs. */
    LoadPlan pairs() {
        RunPlan pairs = run.withRunId(run.runId() + "p")
                .withUsers(run.users() - groups(run, groupPercent) * GROUP_MEMBERS)
                .withRate(run.rate() - groupRate(run, groupPercent));
        return new LoadPlan(pairs, seconds, warmupSeconds, 0, 0, 0, 0);
    }

    /** Returns the load of the groups. */
    LoadPlan groups() {
        int groups = groups(run, groupPercent);
        RunPlan inGroups = run.withRunId(run.runId() + "g")
                .withUsers(groups * GROUP_MEMBERS)
                .withRate(groupRate(run, groupPercent));
        return new LoadPlan(inGroups, seconds, warmupSeconds, groups, GROUP_MEMBERS, 0, 0);
    }

    private static int groups(RunPlan run, int groupPercent) {
        return run.users() * groupPercent / PERCENT / GROUP_MEMBERS;
    }

    private static int groupRate(RunPlan run, int groupPercent) {
        return Math.max(1, run.rate() * groupPercent / PERCENT);
    }
}
