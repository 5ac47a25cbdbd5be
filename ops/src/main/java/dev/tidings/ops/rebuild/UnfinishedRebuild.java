package dev.tidings.ops.rebuild;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidings.ops.embedded.StartFailedException;
import dev.tidings.ops.log.KafkaLog;
import dev.tidings.schemas.settings.Settings;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;

/**
 * The mark of a rebuild of the state that has begun and is not complete: the topic {@value #TOPIC}, whose only record is the {@link
 * RebuildPlan}. While it exists, the state is incomplete, and no topology may run normally.
 */
public final class UnfinishedRebuild {

    static final String TOPIC = "tidings-rebuild";

    private UnfinishedRebuild() {}

    /** @throws StartFailedException if a rebuild of the state is unfinished */
    public static void requireNone(Settings settings) {
        if (KafkaLog.of(settings).partitions(TOPIC) > 0) {
            throw new StartFailedException(
                    "a rebuild of the state has not finished; run tidings rebuild state again, which completes it");
        }
    }

    /** Returns the plan of the unfinished rebuild, if there is one. */
    static Optional<RebuildPlan> find(KafkaLog log) {
        if (log.partitions(TOPIC) == 0) {
            return Optional.empty();
        }
        ConsumerRecord<byte[], byte[]> record =
                log.find(new TopicPartition(TOPIC, 0), 0, IsolationLevel.READ_UNCOMMITTED);
        // without its record nothing has been deleted yet
        return record == null ? Optional.empty() : Optional.of(RebuildPlan.parse(new String(record.value(), UTF_8)));
    }

    /** Writes the plan. Returns once it is durable. */
    static void begin(KafkaLog log, ClusterAdmin admin, RebuildPlan plan, short replicationFactor) {
        if (log.partitions(TOPIC) == 0) {
            admin.create(
                    new NewTopic(TOPIC, 1, replicationFactor).configs(Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1")));
        }
        try (KafkaLog.Appender appender = log.appender()) {
            appender.append(new ProducerRecord<>(TOPIC, plan.toText().getBytes(UTF_8)));
        }
    }

    /** Removes the mark. */
    static void end(ClusterAdmin admin) {
        admin.deleteTopics(Set.of(TOPIC));
    }
}
