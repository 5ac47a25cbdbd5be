package dev.tidings.processors.supervision;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Input records of one topology that are not processed, because processing them fails every time and takes the thread and its
 * transaction along. {@link GuardedConsumer} skips them and makes dead letters of them. Thread-safe.
 *
 * <p>Only a record whose own fault it is comes here: a skipped record leaves no trace in the state, so a record whose
 * outputs others may have read before the commit must not be skipped on suspicion. What a processor rejects before it
 * writes is not for the quarantine, either: its dead letter commits with the transaction.
 *
 * <p>Keeps at most {@value #MAX_RECORDS} positions, the newest. A position that is forgotten, also with the process,
 * costs one more thread and one more dead letter if the record is ever read again.
 */
public final class Quarantine {

    private static final Logger LOG = LoggerFactory.getLogger(Quarantine.class);

    static final int MAX_RECORDS = 10_000;

    private record Position(String topic, int partition, long offset) {}

    private final String topology;
    private final DeadLetterProducer letters;
    private final Map<Position, String> reasons = new LinkedHashMap<>();
    private final Set<Position> written = new HashSet<>();
    private final AtomicLong skipped = new AtomicLong();
    private volatile boolean empty = true;

    Quarantine(String topology, DeadLetterProducer letters) {
        this.topology = topology;
        this.letters = letters;
    }

    /** Whether writing fails because of what is written, whoever writes it and however often. */
    public static boolean isFaultOfRecord(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RecordTooLargeException
                    || cause instanceof RecordBatchTooLargeException
                    || cause instanceof SerializationException
                    || cause instanceof InvalidRecordException
                    || cause instanceof InvalidTimestampException) {
                return true;
            }
        }
        return false;
    }

    /** From the next attempt on, this record is skipped. */
    public synchronized void add(String topic, int partition, long offset, String reason) {
        Position position = new Position(topic, partition, offset);
        reasons.putIfAbsent(position, reason);
        if (reasons.size() > MAX_RECORDS) {
            Position oldest = reasons.keySet().iterator().next();
            reasons.remove(oldest);
            written.remove(oldest);
        }
        empty = false;
    }

    /** Why this record must be skipped; null if it need not. */
    @Nullable
    String reasonToSkip(ConsumerRecord<byte[], byte[]> record) {
        if (record.timestamp() < 0) {
            return "the record has the impossible timestamp " + record.timestamp()
                    + "; the topic must have message.timestamp.type=LogAppendTime";
        }
        if (empty) {
            return null;
        }
        synchronized (this) {
            return reasons.get(new Position(record.topic(), record.partition(), record.offset()));
        }
    }

    /** Makes a dead letter of a record that is skipped; of one that is read again, only once. */
    void skip(ConsumerRecord<byte[], byte[]> record, String reason) {
        add(record.topic(), record.partition(), record.offset(), reason);
        Position position = new Position(record.topic(), record.partition(), record.offset());
        synchronized (this) {
            if (written.contains(position)) {
                return;
            }
        }
        letters.write(record, reason);
        synchronized (this) {
            written.add(position);
        }
        skipped.incrementAndGet();
        LOG.error(
                "record skipped, see dead letters topology={} topic={} partition={} offset={} reason={}",
                topology,
                record.topic(),
                record.partition(),
                record.offset(),
                reason);
    }

    /** The same for offsets whose records nobody can read; the letter has neither key nor value. */
    void skipUnreadable(TopicPartition partition, long from, long to, Throwable failure) {
        String reason = "offsets " + from + " to " + (to - 1) + " cannot be read: " + Failures.kind(failure);
        skip(new ConsumerRecord<>(partition.topic(), partition.partition(), from, null, null), reason);
    }

    /** How many dead letters were made since the start of the process. */
    long skipped() {
        return skipped.get();
    }
}
