package dev.tidings.processors.simulation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One partition: records in the order of their appending, some of them of transactions that are open or were aborted. */
final class Partition {

    private enum State {
        OPEN,
        COMMITTED,
        ABORTED
    }

    /** A record as it lies in the log. */
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

    /** Outside of any transaction. */
    Appended append(byte @Nullable [] key, byte[] value, long timestampMillis) {
        return append(key, value, timestampMillis, State.COMMITTED);
    }

    /** In a transaction, which is committed or aborted later. */
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

    /** What a consumer that reads uncommitted sees. */
    List<Appended> all() {
        return List.copyOf(records);
    }

    /** What a consumer that reads committed sees once no transaction is open. */
    List<Appended> committed() {
        return records.stream()
                .filter(record -> record.state == State.COMMITTED)
                .toList();
    }
}
