package dev.tidings.ops.bench;

/**
 * The settings of a run that reads history. Rejects a value that is not allowed, and names its option.
 *
 * @param run its rate counts reads per second
 * @param seconds length of the measured window
 * @param warmupSeconds before the window; pages are checked and not measured
 * @param history messages in each conversation
 * @param page events in each page
 */
record ReadsPlan(RunPlan run, int seconds, int warmupSeconds, int history, int page) {

    /** The limit of one reply. */
    static final int MAX_PAGE = 200;

    /** A reply has at most 256 kB; an event is larger than its text. */
    private static final int MAX_PAGE_TEXT_BYTES = 128 << 10;

    ReadsPlan {
        RunPlan.require(
                run.users() >= 2 && run.users() % 2 == 0,
                "--users is " + run.users() + "; an even number of at least 2 is needed");
        RunPlan.require(seconds >= 1, "--seconds is " + seconds + "; at least 1 is needed");
        RunPlan.require(warmupSeconds >= 0, "--warmup is " + warmupSeconds + "; it must not be negative");
        RunPlan.require(page >= 1 && page <= MAX_PAGE, "--page is " + page + "; 1 to " + MAX_PAGE + " are allowed");
        RunPlan.require(history >= page, "--history is " + history + "; at least --page (" + page + ") is needed");
        RunPlan.require(
                page * run.textBytes() <= MAX_PAGE_TEXT_BYTES,
                "--page times --text-bytes is " + page * run.textBytes() + "; at most " + MAX_PAGE_TEXT_BYTES
                        + " are allowed");
    }

    long warmupReads() {
        return (long) run.rate() * warmupSeconds;
    }

    /** All reads of the run, warm-up included. */
    long reads() {
        return warmupReads() + (long) run.rate() * seconds;
    }
}
