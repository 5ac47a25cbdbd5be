package dev.tidings.processors.supervision;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Finds the next readable offset after an unreadable batch: its codec needs a native library that does not load, or its
 * bytes are damaged. Tries offset by offset, because the end of a batch is unknown without reading it. Each try fetches
 * one batch.
 */
final class ReadablePosition {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final int MAX_EMPTY_POLLS = 100;
    private static final List<String> OF_THE_GROUP = List.of(
            ConsumerConfig.GROUP_ID_CONFIG,
            ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
            ConsumerConfig.GROUP_PROTOCOL_CONFIG,
            ConsumerConfig.CLIENT_ID_CONFIG,
            ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG);

    private final Map<String, Object> config;

    /** @param mainConsumer the configuration of the consumer that failed to read the batch */
    ReadablePosition(Map<String, Object> mainConsumer) {
        config = new HashMap<>(mainConsumer);
        config.keySet().removeIf(key -> key.startsWith("tidings.") || key.startsWith("__"));
        config.keySet().removeAll(OF_THE_GROUP);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1);
    }

    /**
     * Returns true if the fetched bytes may be the cause of a failure, and not the broker, the group or the process.
     */
    static boolean mayBeUnreadable(Throwable failure) {
        if (failure instanceof KafkaException) {
            return !(failure instanceof ApiException
                    || failure instanceof InvalidOffsetException
                    || failure instanceof InterruptException
                    || failure instanceof WakeupException);
        }
        return failure instanceof Error && !(failure instanceof VirtualMachineError);
    }

    /** Returns the first readable offset at or after this one, or the end of the partition. */
    long from(TopicPartition partition, long offset) {
        try (Consumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            Long end = consumer.endOffsets(List.of(partition)).get(partition);
            long at = offset;
            while (end != null && at < end) {
                consumer.seek(partition, at);
                try {
                    return readable(consumer, partition, at);
                } catch (KafkaException | Error e) {
                    if (!mayBeUnreadable(e)) {
                        throw e;
                    }
                    at++;
                }
            }
            return at;
        }
    }

    private static long readable(Consumer<byte[], byte[]> consumer, TopicPartition partition, long at) {
        for (int i = 0; i < MAX_EMPTY_POLLS; i++) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            if (!records.isEmpty() || consumer.position(partition) > at) {
                // the position has moved past a record, or past control records and aborted ones
                return at;
            }
        }
        throw new TimeoutException("no answer about offset " + at + " of " + partition);
    }
}
