package dev.tidings.ops.run;

import dev.tidings.schemas.Topic;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.settings.SettingsException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates the topics that are missing, and sees that those which exist are laid out as the settings say. */
public final class TopicSetup {

    private static final int TIMEOUT_SECONDS = 30;
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private TopicSetup() {}

    /**
     * @return the names of the topics created
     * @throws SettingsException where an existing topic has another number of partitions
     * @throws KafkaException where the cluster cannot be reached or does not permit it
     */
    public static List<String> ensure(
            String bootstrapServers, Map<String, String> clientProperties, TopicLayout layout) {
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        try (Admin admin = Admin.create(properties)) {
            Set<String> existing = admin.listTopics().names().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            List<NewTopic> missing = Topics.ALL.stream()
                    .filter(topic -> !existing.contains(topic.name()))
                    .map(topic -> new NewTopic(topic.name(), layout.partitionsOf(topic), layout.replicationFactor())
                            .configs(topic.config()))
                    .toList();
            admin.createTopics(missing).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            check(described(admin), layout);
            return missing.stream().map(NewTopic::name).toList();
        } catch (ExecutionException e) {
            throw new KafkaException("topics cannot be set up: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaException("topics cannot be set up: Kafka at " + bootstrapServers + " does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while setting up topics", e);
        }
    }

    /** Created is what the controller has written down; the broker that is asked may hear of it a moment later. */
    private static Map<String, TopicDescription> described(Admin admin)
            throws ExecutionException, InterruptedException, TimeoutException {
        List<String> names = Topics.ALL.stream().map(Topic::name).toList();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        while (true) {
            try {
                return admin.describeTopics(names).allTopicNames().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException) || System.nanoTime() > deadline) {
                    throw e;
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
    }

    private static void check(Map<String, TopicDescription> found, TopicLayout layout) {
        List<String> wrong = new ArrayList<>();
        for (Topic<?, ?> topic : Topics.ALL) {
            int actual =
                    Objects.requireNonNull(found.get(topic.name())).partitions().size();
            if (actual != layout.partitionsOf(topic)) {
                wrong.add(topic.name() + " has " + actual + " partitions, not " + layout.partitionsOf(topic));
            }
        }
        if (!wrong.isEmpty()) {
            throw new SettingsException(
                    "topics.*-partitions and topics.gateway-slots do not fit the cluster: " + String.join("; ", wrong));
        }
    }
}
