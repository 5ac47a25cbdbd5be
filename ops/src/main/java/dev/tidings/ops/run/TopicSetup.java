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
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Prepares the topics of a cluster: creates missing topics, adds partitions for new gateway slots, sets the settings of {@link
 * Topics} that are not set, and checks the result.
 *
 * <p>Does not change a setting that the operator has set. {@link LayoutCheck} rejects it if the topologies depend on it; retention
 * and compaction are the operator's choice.
 */
public final class TopicSetup {

    private static final int TIMEOUT_SECONDS = 30;
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private TopicSetup() {}

    /**
     * Creates and changes topics.
     *
     * @return one line for each topic created and each change
     * @throws SettingsException if an existing topic is wrong; names the topic, the found and the wanted value
     * @throws KafkaException if the cluster is not reachable or does not permit a change
     */
    public static List<String> ensure(
            String bootstrapServers, Map<String, String> clientProperties, TopicLayout layout) {
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        try (Admin admin = Admin.create(properties)) {
            List<String> done = new ArrayList<>(create(admin, layout));
            Map<String, TopicDescription> found = describe(admin);
            done.addAll(addSlots(admin, found, layout));
            done.addAll(addSettings(admin));
            LayoutCheck.require(admin, layout, LayoutCheck.Slots.EXACT);
            return done;
        } catch (ExecutionException e) {
            throw new KafkaException("topics cannot be set up: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaException("topics cannot be set up: Kafka at " + bootstrapServers + " does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while setting up topics", e);
        }
    }

    private static List<String> create(Admin admin, TopicLayout layout)
            throws ExecutionException, InterruptedException, TimeoutException {
        Set<String> existing = admin.listTopics().names().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        List<NewTopic> missing = Topics.ALL.stream()
                .filter(topic -> !existing.contains(topic.name()))
                .map(topic -> new NewTopic(topic.name(), layout.partitionsOf(topic), layout.replicationFactor())
                        .configs(topic.config()))
                .toList();
        admin.createTopics(missing).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        return missing.stream().map(topic -> "created " + topic.name()).toList();
    }

    /** Adds partitions for gateway slots. No key selects a slot's partition, so no data moves. */
    private static List<String> addSlots(Admin admin, Map<String, TopicDescription> found, TopicLayout layout)
            throws ExecutionException, InterruptedException, TimeoutException {
        List<String> done = new ArrayList<>();
        for (Topic<?, ?> topic : Topics.ALL) {
            int partitions =
                    Objects.requireNonNull(found.get(topic.name())).partitions().size();
            int wanted = layout.partitionsOf(topic);
            if (topic.partitioning() == Topic.Partitioning.GATEWAY_SLOTS && partitions < wanted) {
                admin.createPartitions(Map.of(topic.name(), NewPartitions.increaseTo(wanted)))
                        .all()
                        .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
                awaitPartitions(admin, topic.name(), wanted);
                done.add("added partitions to " + topic.name() + ": " + partitions + " to " + wanted);
            }
        }
        return done;
    }

    private static List<String> addSettings(Admin admin)
            throws ExecutionException, InterruptedException, TimeoutException {
        List<String> done = new ArrayList<>();
        for (Topic<?, ?> topic : Topics.ALL) {
            ConfigResource resource = LayoutCheck.resource(topic);
            Config config = Objects.requireNonNull(admin.describeConfigs(List.of(resource))
                    .all()
                    .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    .get(resource));
            List<AlterConfigOp> changes = topic.config().entrySet().stream()
                    .filter(declared -> !isSetOrEqual(config.get(declared.getKey()), declared.getValue()))
                    .map(declared -> new AlterConfigOp(
                            new ConfigEntry(declared.getKey(), declared.getValue()), AlterConfigOp.OpType.SET))
                    .toList();
            if (!changes.isEmpty()) {
                admin.incrementalAlterConfigs(Map.of(resource, changes)).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
                awaitSettings(admin, topic);
                changes.forEach(change -> done.add("set " + change.configEntry().name() + " of " + topic.name() + " to "
                        + change.configEntry().value()));
            }
        }
        return done;
    }

    private static boolean isSetOrEqual(ConfigEntry found, String declared) {
        return found.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG || declared.equals(found.value());
    }

    /** Describes all topics. Retries, because a broker learns of a new topic a moment after the controller has created it. */
    private static Map<String, TopicDescription> describe(Admin admin)
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

    private static void awaitPartitions(Admin admin, String topic, int wanted)
            throws ExecutionException, InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        while (Objects.requireNonNull(describe(admin).get(topic)).partitions().size() < wanted
                && System.nanoTime() < deadline) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private static void awaitSettings(Admin admin, Topic<?, ?> topic)
            throws ExecutionException, InterruptedException, TimeoutException {
        ConfigResource resource = LayoutCheck.resource(topic);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        while (System.nanoTime() < deadline) {
            Config config = Objects.requireNonNull(admin.describeConfigs(List.of(resource))
                    .all()
                    .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    .get(resource));
            if (topic.config().entrySet().stream()
                    .allMatch(declared -> isSetOrEqual(config.get(declared.getKey()), declared.getValue()))) {
                return;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
