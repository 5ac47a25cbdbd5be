package dev.tidings.processors.simulation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One partition: records in the order of their appending, some of them of transactions that were aborted later. */
final class Partition {

    /** A record as it lies in the log. */
    static final class Appended {
        final byte @Nullable [] key;
        final byte[] value;
        final long timestampMillis;
        private boolean aborted;

        private Appended(byte @Nullable [] key, byte[] value, long timestampMillis) {
            this.key = key;
            this.value = value;
            this.timestampMillis = timestampMillis;
        }

        void abort() {
            aborted = true;
        }

        boolean isAborted() {
            return aborted;
        }
    }

    private final List<Appended> records = new ArrayList<>();

    Appended append(byte @Nullable [] key, byte[] value, long timestampMillis) {
        Appended appended = new Appended(key, value, timestampMillis);
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

    /** What a consumer that reads committed sees. */
    List<Appended> committed() {
        return records.stream().filter(record -> !record.isAborted()).toList();
    }
}
