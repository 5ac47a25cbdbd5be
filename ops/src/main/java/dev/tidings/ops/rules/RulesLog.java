package dev.tidings.ops.rules;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.Command;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads the rules out of the log: they lie in every partition of {@code commands}, so one is enough. All of that
 * partition is read, which takes its time where it is long.
 *
 * <p>It is read uncommitted, as CONVERSATION reads it: what INTAKE has aborted counts there too, and comes again.
 */
public final class RulesLog {

    private static final TopicPartition PARTITION = new TopicPartition(Topics.COMMANDS.name(), 0);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private RulesLog() {}

    /** @throws KafkaException where the cluster cannot be reached, or has no such topic */
    public static RulesInForce read(String bootstrapServers, Map<String, String> clientProperties) {
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "tidings-rules-log");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(PATIENCE.toMillis()));
        RulesInForce rules = new RulesInForce();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
            long end = consumer.endOffsets(List.of(PARTITION)).getOrDefault(PARTITION, 0L);
            long lastMoved = System.nanoTime();
            for (long at = consumer.position(PARTITION); at < end; ) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(500))) {
                    apply(record, rules);
                }
                long before = at;
                at = consumer.position(PARTITION);
                lastMoved = at > before ? System.nanoTime() : lastMoved;
                if (System.nanoTime() - lastMoved > PATIENCE.toNanos()) {
                    throw new TimeoutException("no record for " + PATIENCE.toSeconds() + " s");
                }
            }
            return rules;
        } catch (TimeoutException e) {
            throw new KafkaException(
                    "the rules cannot be read: Kafka at " + bootstrapServers + " does not answer, or has no topic "
                            + PARTITION.topic(),
                    e);
        }
    }

    private static void apply(ConsumerRecord<byte[], byte[]> record, RulesInForce rules) {
        if (record.key() == null || record.key().length > 0 || record.value() == null) {
            return; // belongs to a conversation
        }
        try {
            rules.apply(Command.parseFrom(record.value()));
        } catch (InvalidProtocolBufferException e) {
            return; // a dead letter, for CONVERSATION as well
        }
    }
}
