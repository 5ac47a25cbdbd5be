package dev.tidings.ops.rules;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Timestamps;
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
 * Reads the current rules from the log. Every partition of {@code tidings.commands} has all rules commands, so one partition is
 * enough; all of it is read.
 *
 * <p>Reads uncommitted records, as CONVERSATION does: commands that INTAKE has aborted count there, too, and are written again.
 */
public final class RulesLog {

    private static final TopicPartition PARTITION = new TopicPartition(Topics.COMMANDS.name(), 0);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private RulesLog() {}

    /** @throws KafkaException if the cluster is not reachable, or the topic does not exist */
    public static RulesInForce read(String bootstrapServers, Map<String, String> clientProperties) {
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "tidings-rules-log");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(TIMEOUT.toMillis()));
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
                if (System.nanoTime() - lastMoved > TIMEOUT.toNanos()) {
                    throw new TimeoutException("no record for " + TIMEOUT.toSeconds() + " s");
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
            return; // a command of a conversation
        }
        try {
            rules.apply(Command.parseFrom(record.value()), Timestamps.fromMillis(record.timestamp()));
        } catch (InvalidProtocolBufferException e) {
            return; // CONVERSATION makes it a dead letter
        }
    }
}
