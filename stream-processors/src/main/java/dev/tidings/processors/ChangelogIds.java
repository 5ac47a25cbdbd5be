package dev.tidings.processors;

import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Reads the ids of changelog topics. A topic that was deleted and created again has another id, and nothing of the old state. */
final class ChangelogIds {

    private static final int TIMEOUT_SECONDS = 5;

    private ChangelogIds() {}

    /**
     * Returns the id of each changelog of the topology by name. A changelog that does not exist is left out.
     *
     * @throws KafkaException if Kafka does not answer within 5 s
     */
    static SortedMap<String, String> of(ProcessorsConfig config, PipelineStage pipeline) {
        Map<String, Object> properties = new HashMap<>(config.clientProperties());
        properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_SECONDS * 1_000);
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_SECONDS * 1_000);
        try (Admin admin = Admin.create(properties)) {
            SortedMap<String, String> ids = new TreeMap<>();
            for (Map.Entry<String, KafkaFuture<TopicDescription>> topic : admin.describeTopics(pipeline.changelogs())
                    .topicNameValues()
                    .entrySet()) {
                try {
                    ids.put(
                            topic.getKey(),
                            topic.getValue()
                                    .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                                    .topicId()
                                    .toString());
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                        throw e;
                    }
                }
            }
            return ids;
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("the changelogs of " + pipeline.applicationId() + " cannot be described", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while describing changelogs", e);
        }
    }
}
