package dev.tidings.ops.log;

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

/** The log of one cluster, as bytes. A question that Kafka does not answer in time ends in a {@link KafkaException}. */
public final class KafkaLog {

    private static final int TIMEOUT_SECONDS = 15;
    private static final int TIMEOUT_MILLIS = TIMEOUT_SECONDS * 1_000;

    /** A commit takes milliseconds; after a crash it may stay open as long as a transaction may. */
    private static final int PAUSE_MILLIS = 50;

    private static final int ATTEMPTS = 2 * TIMEOUT_MILLIS / PAUSE_MILLIS;

    /** Larger than any record a broker may be expected to take: the broker is to decide, not the producer. */
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

    /** How many partitions a topic has; 0 where there is no such topic. */
    public int partitions(String topic) {
        return asked(IsolationLevel.READ_UNCOMMITTED, consumer -> {
            List<PartitionInfo> partitions = consumer.partitionsFor(topic);
            return partitions == null ? 0 : partitions.size();
        });
    }

    /** The offset of the oldest record that has not been thrown away. */
    public long begin(TopicPartition partition) {
        return asked(
                IsolationLevel.READ_UNCOMMITTED,
                consumer -> only(consumer.beginningOffsets(List.of(partition)), partition));
    }

    /** The offset after the newest record; for those who read committed, after the newest that they can read. */
    public long end(TopicPartition partition, IsolationLevel isolation) {
        return asked(isolation, consumer -> {
            // or Kafka's client warns that it cannot make use of the answer itself
            consumer.assign(List.of(partition));
            return only(consumer.endOffsets(List.of(partition)), partition);
        });
    }

    /** The offset of the first record of this time or later; null where there is none. */
    public @Nullable Long offsetAt(TopicPartition partition, Instant time) {
        return this.<@Nullable Long>asked(IsolationLevel.READ_UNCOMMITTED, consumer -> {
            OffsetAndTimestamp found = consumer.offsetsForTimes(Map.of(partition, time.toEpochMilli()))
                    .get(partition);
            return found == null ? null : found.offset();
        });
    }

    /**
     * Up to where a Streams application has committed its input, once no commit is under way; null where it never has.
     */
    public @Nullable Long committed(String streamsGroup, TopicPartition partition) {
        ListStreamsGroupOffsetsSpec asked = new ListStreamsGroupOffsetsSpec().topicPartitions(List.of(partition));
        try (Admin admin = Admin.create(common())) {
            for (int i = 0; i < ATTEMPTS; i++) {
                Map<TopicPartition, OffsetAndMetadata> known = answer(admin.listStreamsGroupOffsets(
                                Map.of(streamsGroup, asked), new ListStreamsGroupOffsetsOptions().requireStable(true))
                        .partitionsToOffsetAndMetadata(streamsGroup));
                // while a commit is under way the partition is left out; without a position it is there, as null
                if (known.containsKey(partition)) {
                    OffsetAndMetadata committed = known.get(partition);
                    return committed == null ? null : committed.offset();
                }
                pause();
            }
        }
        throw new KafkaException("the commit of " + streamsGroup + " in " + partition + " does not end");
    }

    /**
     * The records from one offset (inclusive) up to another (exclusive), in order.
     *
     * @param to at most the end of the partition; those who read committed wait for transactions that are open before it
     */
    public PartitionReader read(TopicPartition partition, long from, long to, IsolationLevel isolation) {
        return new PartitionReader(consumer(isolation), partition, from, to);
    }

    /** The record at this very offset; null where there is none, or no longer one. */
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

    /** Appends records one after the other; returns where each went, once all replicas in sync have it. */
    public Appender appender() {
        Map<String, Object> properties = common();
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TIMEOUT_MILLIS);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_BYTES);
        return new Appender(new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer()));
    }

    /** Writes to the log. */
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

    private <T extends @Nullable Object> T asked(
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
                    : new KafkaException("Kafka refuses: " + e.getCause(), e.getCause());
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
        // never to go on silently somewhere else than where it was told to read
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
            throw new KafkaException("Kafka says nothing of " + partition);
        }
        return offset;
    }
}
