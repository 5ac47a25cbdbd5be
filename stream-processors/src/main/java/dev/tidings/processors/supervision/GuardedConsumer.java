package dev.tidings.processors.supervision;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.internals.AsyncKafkaConsumer;
import org.apache.kafka.clients.consumer.internals.StreamsRebalanceData;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.internals.ConsumerWrapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The main consumer of a stream thread. Returns only records that the topology can process: it seeks past batches that
 * cannot be read and leaves out the records in {@link Quarantine}; both become dead letters first. Delays the first
 * poll of a replacement thread, and reports the positions of its partitions.
 *
 * <p>Kafka Streams creates it by name, through an internal setting: under the streams group protocol it takes no
 * consumer from a {@code KafkaClientSupplier}. {@code PoisonedInputIT} fails if that setting stops working.
 */
public final class GuardedConsumer extends ConsumerWrapper {

    private static final Logger LOG = LoggerFactory.getLogger(GuardedConsumer.class);

    /** An internal setting of Kafka Streams. */
    public static final String WRAPPER_CONFIG = "__internal.consumer.wrapper__";

    /** Set on the stream threads, which poll. */
    private static final ThreadLocal<Boolean> ON_STREAM_THREAD = ThreadLocal.withInitial(() -> false);

    private static final long REPORT_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Set<TopicPartition> reported = new HashSet<>();

    @SuppressWarnings("NullAway.Init") // by wrapConsumer(), before any other call
    private Supervisor supervisor;

    @SuppressWarnings("NullAway.Init")
    private ReadablePosition readable;

    private boolean begun;
    private long reportedAtNanos;

    @Override
    public void wrapConsumer(
            AsyncKafkaConsumer<byte[], byte[]> consumer,
            Map<String, Object> config,
            Optional<StreamsRebalanceData> rebalanceData) {
        super.wrapConsumer(consumer, config, rebalanceData);
        supervisor = Supervisor.in(config);
        readable = new ReadablePosition(config);
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        if (!begun) {
            begun = true;
            ON_STREAM_THREAD.set(true);
            supervisor.awaitRestart();
        }
        ConsumerRecords<byte[], byte[]> polled = beforeEnds(pollReadable(timeout));
        ConsumerRecords<byte[], byte[]> kept = withoutSkipped(polled);
        for (TopicPartition partition : polled.partitions()) {
            List<ConsumerRecord<byte[], byte[]>> records = kept.records(partition);
            supervisor
                    .progress()
                    .handedOver(
                            partition,
                            records.isEmpty() ? -1 : records.getLast().offset());
        }
        report();
        return kept;
    }

    /** Returns true if the caller runs on a stream thread, and so within the processing of one record. */
    static boolean isOnStreamThread() {
        return ON_STREAM_THREAD.get();
    }

    private ConsumerRecords<byte[], byte[]> pollReadable(Duration timeout) {
        try {
            return super.poll(timeout);
        } catch (KafkaException | Error e) {
            if (!ReadablePosition.mayBeUnreadable(e) || !skipUnreadable(e)) {
                throw e;
            }
            return ConsumerRecords.empty();
        }
    }

    /** Leaves out the records at and after the end of their partition, and continues at the end. */
    private ConsumerRecords<byte[], byte[]> beforeEnds(ConsumerRecords<byte[], byte[]> polled) {
        Map<TopicPartition, Long> ends = supervisor.inputEnds();
        if (ends.isEmpty()) {
            return polled;
        }
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> kept = new LinkedHashMap<>();
        Map<TopicPartition, OffsetAndMetadata> next = new LinkedHashMap<>(polled.nextOffsets());
        for (TopicPartition partition : polled.partitions()) {
            long end = ends.getOrDefault(partition, Long.MAX_VALUE);
            List<ConsumerRecord<byte[], byte[]>> records = polled.records(partition).stream()
                    .filter(record -> record.offset() < end)
                    .toList();
            if (!records.isEmpty()) {
                kept.put(partition, records);
            }
            if (records.size() < polled.records(partition).size()) {
                next.put(partition, new OffsetAndMetadata(end));
                seek(partition, end);
            }
        }
        return new ConsumerRecords<>(kept, next);
    }

    /**
     * As {@link AsyncKafkaConsumer#currentLag}, without the records after the end of the partition. A task with several inputs
     * processes nothing while a partition without buffered records has a lag.
     */
    @Override
    public OptionalLong currentLag(TopicPartition partition) {
        OptionalLong lag = super.currentLag(partition);
        Long end = supervisor.inputEnds().get(partition);
        if (end == null || lag.isEmpty()) {
            return lag;
        }
        try {
            return OptionalLong.of(lagBefore(end, position(partition, Duration.ZERO), lag.getAsLong()));
        } catch (TimeoutException | IllegalStateException e) {
            LOG.debug("position is not known yet partition={}", partition, e);
            return lag;
        }
    }

    /** Returns the part of a lag that lies before an offset. */
    static long lagBefore(long end, long position, long lag) {
        return Math.max(0, Math.min(lag, end - position));
    }

    /** @return false if all partitions can be read */
    private boolean skipUnreadable(Throwable failure) {
        boolean found = false;
        for (TopicPartition partition : assignment()) {
            long from = position(partition);
            long to = readable.from(partition, from);
            if (to > from) {
                LOG.error("batch cannot be read partition={} from={} to={}", partition, from, to, failure);
                supervisor.quarantine().skipUnreadable(partition, from, to, failure);
                seek(partition, to);
                found = true;
            }
        }
        return found;
    }

    private ConsumerRecords<byte[], byte[]> withoutSkipped(ConsumerRecords<byte[], byte[]> polled) {
        Quarantine quarantine = supervisor.quarantine();
        boolean complete = true;
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            complete &= quarantine.reasonToSkip(record) == null;
        }
        if (complete) {
            return polled;
        }
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> kept = new LinkedHashMap<>();
        for (TopicPartition partition : polled.partitions()) {
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : polled.records(partition)) {
                String reason = quarantine.reasonToSkip(record);
                if (reason == null) {
                    records.add(record);
                } else {
                    quarantine.skip(record, reason);
                }
            }
            if (!records.isEmpty()) {
                kept.put(partition, records);
            }
        }
        // the positions include the skipped records, so that they are committed as processed
        return new ConsumerRecords<>(kept, polled.nextOffsets());
    }

    private void report() {
        long now = System.nanoTime();
        if (now - reportedAtNanos < REPORT_INTERVAL_NANOS) {
            return;
        }
        reportedAtNanos = now;
        Set<TopicPartition> assigned = assignment();
        for (TopicPartition partition : assigned) {
            report(partition);
        }
        reported.removeAll(assigned);
        reported.forEach(supervisor.progress()::revoked);
        reported.clear();
        reported.addAll(assigned);
    }

    /** Reports nothing if the partition is revoked meanwhile, by the consumer's own thread. */
    private void report(TopicPartition partition) {
        try {
            supervisor
                    .progress()
                    .fetched(
                            partition,
                            position(partition, Duration.ZERO),
                            currentLag(partition).orElse(0));
        } catch (TimeoutException | IllegalStateException e) {
            LOG.debug("position is not known yet partition={}", partition, e);
        }
    }
}
