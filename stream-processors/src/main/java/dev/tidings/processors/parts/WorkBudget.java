package dev.tidings.processors.parts;

import dev.tidings.processors.parts.LimitExceededException.Kind;

/** Counts what one record reads from and writes to state stores, and stops it at a limit. Not thread-safe. */
final class WorkBudget {

    private final int maxOperations;
    private final int maxWrites;
    private int operations;
    private int writes;

    WorkBudget(int maxOperations, int maxWrites) {
        this.maxOperations = maxOperations;
        this.maxWrites = maxWrites;
    }

    /** @throws LimitExceededException where the record has read and written as much as it may */
    void read() {
        operations++;
        if (operations > maxOperations) {
            throw new LimitExceededException(
                    Kind.WORK, "the record needs more than the " + maxOperations + " store operations allowed");
        }
    }

    /** @throws LimitExceededException where the record has written, or read and written, as much as it may */
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
