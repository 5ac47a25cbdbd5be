package dev.tidings.processors.supervision;

import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.errors.TaskMigratedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the input records of one topology that must not be processed, because they fail every time and stop the thread.
 * {@link GuardedConsumer} skips them and writes dead letters of them. Thread-safe.
 *
 * <p>A skipped record leaves no trace in the state, and others may have read its outputs before the commit. So a record is
 * added only in two cases: the failure is its own ({@link #isFaultOfRecord}), or it has stopped {@value #MAX_ATTEMPTS} threads
 * and neither the broker, nor the disk, nor memory is to blame ({@link #isFaultOfEnvironment}). A record that a processor
 * rejects before it writes is never added: its dead letter commits with the transaction. Decision 25.
 *
 * <p>Keeps at most {@value #MAX_RECORDS} positions, the newest. A record whose position is forgotten, also when the process
 * ends, costs threads and a dead letter again if it is read again.
 */
public final class Quarantine {

    private static final Logger LOG = LoggerFactory.getLogger(Quarantine.class);

    static final int MAX_RECORDS = 10_000;

    /** The number of threads that a record must stop, for an unknown reason, before it is skipped. */
    static final int MAX_ATTEMPTS = 3;

    /** The largest number of positions with counted attempts. Few are needed: a thread stops at one position. */
    static final int MAX_ATTEMPTED = 1_000;

    private static final int MAX_CAUSES = 20;

    private record Position(String topic, int partition, long offset) {}

    private final String topology;
    private final DeadLetterProducer letters;
    private final Map<Position, String> reasons = new LinkedHashMap<>();
    private final Map<Position, Integer> attempts = new LinkedHashMap<>();
    private final Set<Position> written = new HashSet<>();
    private final TracedOutputs outputs = new TracedOutputs();
    private final AtomicLong skipped = new AtomicLong();
    private volatile boolean empty = true;

    Quarantine(String topology, DeadLetterProducer letters) {
        this.topology = topology;
        this.letters = letters;
    }

    /** Returns true if the failure is permanent and caused by the content of a record. */
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

    /** Returns true if the failure does not concern the record: the broker, a state store on disk, or memory failed. */
    static boolean isFaultOfEnvironment(Throwable failure) {
        int causes = 0;
        for (Throwable cause = failure; cause != null && causes < MAX_CAUSES; cause = cause.getCause()) {
            causes++;
            if (cause instanceof ApiException
                    || cause instanceof InterruptException
                    || cause instanceof InterruptedException
                    || cause instanceof IOException
                    || cause instanceof ProcessorStateException
                    || cause instanceof InvalidStateStoreException
                    || cause instanceof TaskMigratedException
                    || cause instanceof TaskCorruptedException
                    || cause instanceof VirtualMachineError
                    // thrown by a client in an error state: an earlier call is the cause
                    || cause.getClass() == KafkaException.class) {
                return true;
            }
        }
        return false;
    }

    /**
     * Counts a thread that the record has stopped for an unknown reason. The record is skipped after {@value
     * #MAX_ATTEMPTS} of them.
     */
    public synchronized void failed(String topic, int partition, long offset, Throwable failure) {
        if (isFaultOfEnvironment(failure)) {
            return;
        }
        Position position = new Position(topic, partition, offset);
        int attempted = attempts.merge(position, 1, Integer::sum);
        if (attempted >= MAX_ATTEMPTS) {
            attempts.remove(position);
            add(
                    topic,
                    partition,
                    offset,
                    "it has stopped " + attempted + " threads of the topology, the last with "
                            + Failures.kind(failure));
        } else if (attempts.size() > MAX_ATTEMPTED) {
            attempts.remove(attempts.keySet().iterator().next());
        }
    }

    /** Adds a record that is skipped from the next attempt on. */
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

    TracedOutputs outputs() {
        return outputs;
    }

    /** Returns the reason to skip this record; null if it is processed. */
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

    /** Writes the dead letter of a skipped record. Writes it only once if the record is read again. */
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

    /**
     * Writes one dead letter for a range of unreadable offsets; it has neither key nor value.
     *
     * @param to exclusive
     */
    void skipUnreadable(TopicPartition partition, long from, long to, Throwable failure) {
        String reason = "offsets " + from + " to " + (to - 1) + " cannot be read: " + Failures.kind(failure);
        skip(new ConsumerRecord<>(partition.topic(), partition.partition(), from, null, null), reason);
    }

    /** Returns the number of dead letters written since the start of the process. */
    long skipped() {
        return skipped.get();
    }
}
