package dev.tidings.ops.run;

import dev.tidings.schemas.Topic;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the topics of a cluster with what the settings and {@link Topics} say. Every role does so before it starts: with
 * another number of partitions than the cluster has, users and conversations are looked for in the wrong place, and no
 * error ever says so; and the broker's clock is the only clock of the topologies.
 */
public final class LayoutCheck {

    private static final Logger LOG = LoggerFactory.getLogger(LayoutCheck.class);
    private static final int TIMEOUT_SECONDS = 30;

    /** Kafka's default for a topic; what the topologies write fits into it. */
    static final int MIN_MAX_MESSAGE_BYTES = 1_048_588;

    /** Settings that decisions depend on. */
    private static final List<String> REQUIRED =
            List.of(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, TopicConfig.CLEANUP_POLICY_CONFIG);

    /** How many partitions {@code deliveries} may have. */
    public enum Slots {
        /** As many as configured: what writes to all gateways must know all. */
        EXACT,
        /** More are as good: a gateway uses its own, and slots are added before their gateways start. */
        AT_LEAST
    }

    private LayoutCheck() {}

    /**
     * Returns if the cluster fits.
     *
     * @param settings name the cluster and the layout
     * @throws SettingsException where it does not fit: a sentence for each topic, with what was found and what is wanted
     * @throws KafkaException where the cluster cannot be reached
     */
    public static void require(Settings settings, Slots slots) {
        String bootstrapServers = settings.required("kafka.bootstrap-servers");
        Map<String, Object> properties = new HashMap<>(settings.under("kafka.client."));
        properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        try (Admin admin = Admin.create(properties)) {
            require(admin, TopicLayout.from(settings), slots);
        } catch (ExecutionException e) {
            throw new KafkaException("topics cannot be checked: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaException("topics cannot be checked: Kafka at " + bootstrapServers + " does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while checking topics", e);
        }
    }

    static void require(Admin admin, TopicLayout layout, Slots slots)
            throws ExecutionException, InterruptedException, TimeoutException {
        List<String> faults = new ArrayList<>(partitionFaults(partitions(admin), layout, slots));
        if (faults.isEmpty()) {
            faults.addAll(settingFaults(configs(admin)));
        }
        if (!faults.isEmpty()) {
            throw new SettingsException("the topics of the cluster do not fit: " + String.join("; ", faults));
        }
    }

    /** @param found partitions by topic; a topic that does not exist is absent */
    static List<String> partitionFaults(Map<String, Integer> found, TopicLayout layout, Slots slots) {
        List<String> faults = new ArrayList<>();
        for (Topic<?, ?> topic : Topics.ALL) {
            Integer partitions = found.get(topic.name());
            int wanted = layout.partitionsOf(topic);
            if (partitions == null) {
                faults.add(topic.name() + " does not exist: run tidings topics");
            } else if (partitions < wanted && topic.partitioning() == Topic.Partitioning.GATEWAY_SLOTS) {
                faults.add(topic.name() + " has " + partitions + " partitions, and " + keyOf(topic) + " says " + wanted
                        + ": run tidings topics, which adds them");
            } else if (partitions != wanted
                    && !(topic.partitioning() == Topic.Partitioning.GATEWAY_SLOTS && slots == Slots.AT_LEAST)) {
                faults.add(topic.name() + " has " + partitions + " partitions, and " + keyOf(topic) + " says " + wanted
                        + ": set it to " + partitions + ", the number cannot be changed once there is data");
            }
        }
        return faults;
    }

    /** @param found settings by topic, each with all that holds for it */
    static List<String> settingFaults(Map<String, Config> found) {
        List<String> faults = new ArrayList<>();
        for (Topic<?, ?> topic : Topics.ALL) {
            Config config = found.get(topic.name());
            if (config == null) {
                continue;
            }
            for (String name : REQUIRED) {
                String wanted = topic.config().get(name);
                String actual = valueOf(config, name);
                if (wanted != null && !wanted.equals(actual)) {
                    faults.add(topic.name() + " has " + name + '=' + actual + ", and needs " + wanted
                            + ": set it with kafka-configs --alter --add-config " + name + '=' + wanted);
                }
            }
            String size = valueOf(config, TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
            if (size != null && Integer.parseInt(size) < MIN_MAX_MESSAGE_BYTES) {
                faults.add(topic.name() + " has " + TopicConfig.MAX_MESSAGE_BYTES_CONFIG + '=' + size
                        + ", and needs at least " + MIN_MAX_MESSAGE_BYTES);
            }
        }
        return faults;
    }

    static ConfigResource resource(Topic<?, ?> topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
    }

    private static @Nullable String valueOf(Config config, String name) {
        ConfigEntry entry = config.get(name);
        return entry == null ? null : entry.value();
    }

    private static String keyOf(Topic<?, ?> topic) {
        return switch (topic.partitioning()) {
            case CONVERSATIONS -> "topics.conversation-partitions";
            case USERS -> "topics.user-partitions";
            case GATEWAY_SLOTS -> "topics.gateway-slots";
            case SINGLE -> "Tidings";
        };
    }

    private static Map<String, Integer> partitions(Admin admin)
            throws ExecutionException, InterruptedException, TimeoutException {
        Map<String, Integer> found = new TreeMap<>();
        Map<String, KafkaFuture<TopicDescription>> asked = admin.describeTopics(
                        Topics.ALL.stream().map(Topic::name).toList())
                .topicNameValues();
        for (Map.Entry<String, KafkaFuture<TopicDescription>> topic : asked.entrySet()) {
            try {
                TopicDescription description = topic.getValue().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
                found.put(topic.getKey(), description.partitions().size());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
            }
        }
        return found;
    }

    /** Settings need a permission of their own, which a role may not have: then they are not checked, and the log says so. */
    private static Map<String, Config> configs(Admin admin)
            throws ExecutionException, InterruptedException, TimeoutException {
        Map<String, Config> found = new TreeMap<>();
        try {
            admin.describeConfigs(Topics.ALL.stream().map(LayoutCheck::resource).toList())
                    .all()
                    .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    .forEach((resource, config) -> found.put(resource.name(), config));
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof AuthorizationException)) {
                throw e;
            }
            LOG.warn("settings of topics are not checked: DescribeConfigs is not permitted", e.getCause());
        }
        return found;
    }
}
