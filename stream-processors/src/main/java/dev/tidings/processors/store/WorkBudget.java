package dev.tidings.processors.store;

import dev.tidings.processors.store.LimitExceededException.Kind;

/** Counts the store operations of one record, and stops the record at a limit. Not thread-safe. */
final class WorkBudget {

    private final int maxOperations;
    private final int maxWrites;
    private int operations;
    private int writes;

    WorkBudget(int maxOperations, int maxWrites) {
        this.maxOperations = maxOperations;
        this.maxWrites = maxWrites;
    }

    /** @throws LimitExceededException if the record has no operations left */
    void read() {
        operations++;
        if (operations > maxOperations) {
            throw new LimitExceededException(
                    Kind.WORK, "the record needs more than the " + maxOperations + " store operations allowed");
        }
    }

    /** @throws LimitExceededException if the record has no writes or no operations left */
    void write() {
        read();
        writes++;
        if (writes > maxWrites) {
            throw new LimitExceededException(
                    Kind.WORK, "the record needs more than the " + maxWrites + " store writes allowed");
        }
    }

    void reset() {
        operations = 0;
        writes = 0;
    }
}
