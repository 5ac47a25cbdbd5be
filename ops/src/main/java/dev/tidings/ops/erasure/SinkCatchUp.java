package dev.tidings.ops.erasure;

import dev.tidings.ops.connect.SinkGroups;
import dev.tidings.ops.log.KafkaLog;
import dev.tidings.ops.log.PartitionReader;
import dev.tidings.schemas.Topic;
import dev.tidings.schemas.Topics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Waits until the sinks have stored all records that are in the log now. */
final class SinkCatchUp {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final long POLL_NANOS = Duration.ofMillis(200).toNanos();

    /** More than the markers of transactions that follow the last record of a partition. */
    private static final int TAIL = 1_000;

    private static final List<Topic<?, ?>> CLICKHOUSE =
            List.of(Topics.CONVERSATION_EVENTS, Topics.MODERATION, Topics.DIRECTORY);
    private static final List<Topic<?, ?>> REDIS =
            List.of(Topics.CONVERSATION_EVENTS, Topics.USER_EVENTS, Topics.DIRECTORY);

    private final KafkaLog log;

    SinkCatchUp(KafkaLog log) {
        this.log = log;
    }

    /** @throws CannotEraseException if a sink needs more than 60 s */
    void await() {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        CLICKHOUSE.forEach(topic -> await(SinkGroups.CLICKHOUSE, topic, deadline));
        REDIS.forEach(topic -> await(SinkGroups.REDIS, topic, deadline));
    }

    /**
     * Waits until ClickHouse has the legal holds, which its retention respects.
     *
     * @throws CannotEraseException if the sink needs more than 60 s
     */
    void awaitHolds() {
        await(SinkGroups.CLICKHOUSE, Topics.LEGAL_HOLDS, System.nanoTime() + TIMEOUT.toNanos());
    }

    private void await(String group, Topic<?, ?> topic, long deadline) {
        int partitions = log.partitions(topic.name());
        for (int number = 0; number < partitions; number++) {
            TopicPartition partition = new TopicPartition(topic.name(), number);
            long end = endOfRecords(partition);
            while (stored(group, partition) < end) {
                if (System.nanoTime() > deadline) {
                    throw new CannotEraseException(group + " has not stored all of " + partition + " within "
                            + TIMEOUT.toSeconds() + " s; repeat the command when the connectors have caught up");
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
    }

    private long stored(String group, TopicPartition partition) {
        @Nullable Long committed = log.committedByConsumers(group, partition);
        return committed == null ? 0 : committed;
    }

    /** Returns the offset after the last record; a sink commits it, and not the offset after the marker that follows. */
    private long endOfRecords(TopicPartition partition) {
        long end = log.end(partition, IsolationLevel.READ_COMMITTED);
        long from = Math.max(log.begin(partition), end - TAIL);
        long endOfRecords = 0;
        try (PartitionReader reader = log.read(partition, from, end, IsolationLevel.READ_COMMITTED)) {
            for (ConsumerRecord<byte[], byte[]> record = reader.next(); record != null; record = reader.next()) {
                endOfRecords = record.offset() + 1;
            }
        }
        return endOfRecords;
    }
}
