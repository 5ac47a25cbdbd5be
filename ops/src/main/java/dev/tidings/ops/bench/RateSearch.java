package dev.tidings.ops.bench;

/**
 * Searches the highest rate that a system sustains. Doubles the rate until a run fails, then bisects between the highest sustained
 * and the lowest failed rate, until they differ by at most 5 %. Not thread-safe.
 */
final class RateSearch {

    /** No generator sends more; the search ends here. */
    static final int MAX_RATE = 1_000_000;

    private static final int PRECISION = 20;

    private final int startRate;
    private int sustained;
    private int failed;

    /** @param startRate the first rate to try, messages per second */
    RateSearch(int startRate) {
        this.startRate = startRate;
    }

    /** The rate to try next. */
    int nextRate() {
        if (failed == 0) {
            return sustained == 0 ? startRate : Math.min(2 * sustained, MAX_RATE);
        }
        return (sustained + failed) / 2;
    }

    /** Records the result of the run at {@link #nextRate}. */
    void record(boolean isSustained) {
        if (isSustained) {
            sustained = nextRate();
        } else {
            failed = nextRate();
        }
    }

    boolean isDone() {
        return sustained == MAX_RATE || (failed > 0 && failed - sustained <= Math.max(1, failed / PRECISION));
    }

    /** The highest rate that was sustained; 0: none. */
    int sustainedRate() {
        return sustained;
    }
}
