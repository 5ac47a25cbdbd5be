package dev.tidings.processors.simulation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A partition: records in the order of the log, with the state of their transactions. */
final class Partition {

    private enum State {
        OPEN,
        COMMITTED,
        ABORTED
    }

    /** A record in the log. */
    static final class Appended {
        final byte @Nullable [] key;
        final byte[] value;
        final long timestampMillis;
        private State state;

        private Appended(byte @Nullable [] key, byte[] value, long timestampMillis, State state) {
            this.key = key;
            this.value = value;
            this.timestampMillis = timestampMillis;
            this.state = state;
        }

        void commit() {
            state = State.COMMITTED;
        }

        void abort() {
            state = State.ABORTED;
        }

        boolean isOpen() {
            return state == State.OPEN;
        }

        boolean isAborted() {
            return state == State.ABORTED;
        }
    }

    private final List<Appended> records = new ArrayList<>();

    /** Appends a record outside of a transaction. */
    Appended append(byte @Nullable [] key, byte[] value, long timestampMillis) {
        return append(key, value, timestampMillis, State.COMMITTED);
    }

    /** Appends a record of a transaction that is committed or aborted later. */
    Appended begin(byte @Nullable [] key, byte[] value, long timestampMillis) {
        return append(key, value, timestampMillis, State.OPEN);
    }

    private Appended append(byte @Nullable [] key, byte[] value, long timestampMillis, State state) {
        Appended appended = new Appended(key, value, timestampMillis, state);
        records.add(appended);
        return appended;
    }

    int size() {
        return records.size();
    }

    Appended at(int offset) {
        return records.get(offset);
    }

    /** All records, as a consumer reads them uncommitted. */
    List<Appended> all() {
        return List.copyOf(records);
    }

    /** The records of committed transactions. */
    List<Appended> committed() {
        return records.stream()
                .filter(record -> record.state == State.COMMITTED)
                .toList();
    }
}
