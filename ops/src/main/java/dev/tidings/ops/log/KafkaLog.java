package dev.tidings.ops.log;

import dev.tidings.schemas.settings.ProducerSettings;
import dev.tidings.schemas.settings.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListStreamsGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListStreamsGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Reads and appends records of one cluster, as bytes. Throws a {@link KafkaException} if Kafka does not answer in 15 s. */
public final class KafkaLog {

    private static final int TIMEOUT_SECONDS = 15;
    private static final int TIMEOUT_MILLIS = TIMEOUT_SECONDS * 1_000;

    /** A commit takes milliseconds; after a crash it can take as long as the transaction time-out. */
    private static final int PAUSE_MILLIS = 50;

    private static final int ATTEMPTS = 2 * TIMEOUT_MILLIS / PAUSE_MILLIS;

    /** Larger than any record that a broker accepts: the broker decides about the size, not the producer. */
    private static final int MAX_REQUEST_BYTES = 32 << 20;

    private final String bootstrapServers;
    private final Map<String, String> clientProperties;

    public KafkaLog(String bootstrapServers, Map<String, String> clientProperties) {
        this.bootstrapServers = bootstrapServers;
        this.clientProperties = Map.copyOf(clientProperties);
    }

    public static KafkaLog of(Settings settings) {
        return new KafkaLog(settings.required("kafka.bootstrap-servers"), settings.under("kafka.client."));
    }

    /** Returns the number of partitions; 0 if the topic does not exist. */
    public int partitions(String topic) {
        return query(IsolationLevel.READ_UNCOMMITTED, consumer -> {
            List<PartitionInfo> partitions = consumer.partitionsFor(topic);
            return partitions == null ? 0 : partitions.size();
        });
    }

    /** Returns the offset of the oldest record that is not deleted. */
    public long begin(TopicPartition partition) {
        return query(
                IsolationLevel.READ_UNCOMMITTED,
                consumer -> only(consumer.beginningOffsets(List.of(partition)), partition));
    }

    /** Returns the offset after the newest record; for READ_COMMITTED, after the newest record that can be read. */
    public long end(TopicPartition partition, IsolationLevel isolation) {
        return query(isolation, consumer -> {
            // without an assignment, Kafka's client logs a warning
            consumer.assign(List.of(partition));
            return only(consumer.endOffsets(List.of(partition)), partition);
        });
    }

    /** Returns the offset of the first record at this time or later, or null if there is none. */
    public @Nullable Long offsetAt(TopicPartition partition, Instant time) {
        return this.<@Nullable Long>query(IsolationLevel.READ_UNCOMMITTED, consumer -> {
            OffsetAndTimestamp found = consumer.offsetsForTimes(Map.of(partition, time.toEpochMilli()))
                    .get(partition);
            return found == null ? null : found.offset();
        });
    }

    /**
     * Returns the offset that a Streams application has committed for its input; null if it has not committed yet. Waits for a
     * commit that is in progress.
     */
    public @Nullable Long committed(String streamsGroup, TopicPartition partition) {
        ListStreamsGroupOffsetsSpec wanted = new ListStreamsGroupOffsetsSpec().topicPartitions(List.of(partition));
        try (Admin admin = Admin.create(common())) {
            for (int i = 0; i < ATTEMPTS; i++) {
                Map<TopicPartition, OffsetAndMetadata> known = answer(admin.listStreamsGroupOffsets(
                                Map.of(streamsGroup, wanted), new ListStreamsGroupOffsetsOptions().requireStable(true))
                        .partitionsToOffsetAndMetadata(streamsGroup));
                // the partition is absent during a commit; without a committed offset it is null
                if (known.containsKey(partition)) {
                    OffsetAndMetadata committed = known.get(partition);
                    return committed == null ? null : committed.offset();
                }
                pause();
            }
        }
        throw new KafkaException("the commit of " + streamsGroup + " in " + partition + " has not ended within "
                + ATTEMPTS * PAUSE_MILLIS / 1_000 + " s");
    }

    /** Returns the offset that a consumer group has committed for a partition, or null if there is none. */
    public @Nullable Long committedByConsumers(String group, TopicPartition partition) {
        try (Admin admin = Admin.create(common())) {
            OffsetAndMetadata committed = answer(
                            admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                    .get(partition);
            return committed == null ? null : committed.offset();
        }
    }

    /**
     * Returns a reader of the records from one offset (inclusive) to another (exclusive), in order.
     *
     * @param to at most the end of the partition; with READ_COMMITTED the reader waits for open transactions before it
     */
    public PartitionReader read(TopicPartition partition, long from, long to, IsolationLevel isolation) {
        return new PartitionReader(consumer(isolation), partition, from, to);
    }

    /** Returns the record at this offset, or null if there is none. */
    public @Nullable ConsumerRecord<byte[], byte[]> find(
            TopicPartition partition, long offset, IsolationLevel isolation) {
        if (partition.partition() >= partitions(partition.topic())
                || offset < begin(partition)
                || offset >= end(partition, isolation)) {
            return null;
        }
        try (PartitionReader reader = read(partition, offset, offset + 1, isolation)) {
            return reader.next();
        }
    }

    /** Returns an appender; each of its appends waits until all in-sync replicas have the record. */
    public Appender appender() {
        Map<String, Object> properties = ProducerSettings.durable(common());
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TIMEOUT_MILLIS);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_BYTES);
        return new Appender(new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer()));
    }

    /** Appends records one by one. Not thread-safe. */
    public final class Appender implements AutoCloseable {

        private final Producer<byte[], byte[]> producer;

        private Appender(Producer<byte[], byte[]> producer) {
            this.producer = producer;
        }

        public RecordMetadata append(ProducerRecord<byte[], byte[]> record) {
            return answer(producer.send(record));
        }

        @Override
        public void close() {
            producer.close(Duration.ofSeconds(1));
        }
    }

    private <T extends @Nullable Object> T query(
            IsolationLevel isolation, Function<Consumer<byte[], byte[]>, T> question) {
        try (Consumer<byte[], byte[]> consumer = consumer(isolation)) {
            return question.apply(consumer);
        } catch (org.apache.kafka.common.errors.TimeoutException e) {
            throw noAnswer(e);
        }
    }

    private <T> T answer(Future<T> future) {
        try {
            return future.get(2L * TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException
                    ? noAnswer(e.getCause())
                    : new KafkaException("Kafka rejects the request: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw noAnswer(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while waiting for Kafka", e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while waiting for Kafka", e);
        }
    }

    private KafkaException noAnswer(Throwable cause) {
        return new KafkaException("Kafka at " + bootstrapServers + " does not answer", cause);
    }

    private Consumer<byte[], byte[]> consumer(IsolationLevel isolation) {
        Map<String, Object> properties = common();
        properties.put(
                ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation.toString().toLowerCase(Locale.ROOT));
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // never continue silently at another offset than requested
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private Map<String, Object> common() {
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        properties.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
        properties.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
        return properties;
    }

    private static long only(Map<TopicPartition, Long> offsets, TopicPartition partition) {
        Long offset = offsets.get(partition);
        if (offset == null) {
            throw new KafkaException("Kafka has returned no offset of " + partition);
        }
        return offset;
    }
}
