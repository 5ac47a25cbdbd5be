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
 * Checks the topics of a cluster against the settings and {@link Topics}. Every role does so before it starts. With a wrong number of
 * partitions a role would read users and conversations from the wrong partition without any error; with a wrong timestamp type the
 * topologies would depend on the clocks of clients.
 */
public final class LayoutCheck {

    private static final Logger LOG = LoggerFactory.getLogger(LayoutCheck.class);
    private static final int TIMEOUT_SECONDS = 30;

    /** Kafka's default for a topic; all records of the topologies fit into it. */
    static final int MIN_MAX_MESSAGE_BYTES = 1_048_588;

    /** Settings that decisions depend on. */
    private static final List<String> REQUIRED =
            List.of(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, TopicConfig.CLEANUP_POLICY_CONFIG);

    /** How many partitions {@code tidings.deliveries} may have. */
    public enum Slots {
        /** As many as configured: processors write to all gateways. */
        EXACT,
        /** More are allowed: a gateway reads only its own slot, and slots are added before their gateways start. */
        AT_LEAST
    }

    private LayoutCheck() {}

    /**
     * Checks all topics.
     *
     * @param settings with the cluster and the layout
     * @throws SettingsException if a topic is wrong: one sentence for each, with the found and the wanted value
     * @throws KafkaException if the cluster is not reachable
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
        List<String> errors = new ArrayList<>(partitionErrors(partitions(admin), layout, slots));
        if (errors.isEmpty()) {
            errors.addAll(settingErrors(configs(admin)));
        }
        if (!errors.isEmpty()) {
            throw new SettingsException("the topics of the cluster are wrong: " + String.join("; ", errors));
        }
    }

    /** @param found partitions by topic; a topic that does not exist is absent */
    static List<String> partitionErrors(Map<String, Integer> found, TopicLayout layout, Slots slots) {
        List<String> errors = new ArrayList<>();
        for (Topic<?, ?> topic : Topics.ALL) {
            Integer partitions = found.get(topic.name());
            int wanted = layout.partitionsOf(topic);
            if (partitions == null) {
                errors.add(topic.name() + " does not exist: run tidings topics");
            } else if (partitions < wanted && topic.partitioning() == Topic.Partitioning.GATEWAY_SLOTS) {
                errors.add(topic.name() + " has " + partitions + " partitions; " + keyOf(topic) + " is " + wanted
                        + ": run tidings topics, which adds them");
            } else if (partitions != wanted
                    && !(topic.partitioning() == Topic.Partitioning.GATEWAY_SLOTS && slots == Slots.AT_LEAST)) {
                errors.add(topic.name() + " has " + partitions + " partitions; " + keyOf(topic) + " is " + wanted
                        + ": set it to " + partitions + ", the number cannot change once there is data");
            }
        }
        return errors;
    }

    /** @param found settings by topic, defaults included */
    static List<String> settingErrors(Map<String, Config> found) {
        List<String> errors = new ArrayList<>();
        for (Topic<?, ?> topic : Topics.ALL) {
            Config config = found.get(topic.name());
            if (config == null) {
                continue;
            }
            for (String name : REQUIRED) {
                String wanted = topic.config().get(name);
                String actual = valueOf(config, name);
                if (wanted != null && !wanted.equals(actual)) {
                    errors.add(topic.name() + " has " + name + '=' + actual + "; " + wanted + " is needed"
                            + ": set it with kafka-configs --alter --add-config " + name + '=' + wanted);
                }
            }
            String size = valueOf(config, TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
            if (size != null && Integer.parseInt(size) < MIN_MAX_MESSAGE_BYTES) {
                errors.add(topic.name() + " has " + TopicConfig.MAX_MESSAGE_BYTES_CONFIG + '=' + size + "; at least "
                        + MIN_MAX_MESSAGE_BYTES + " is needed");
            }
        }
        return errors;
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
        Map<String, KafkaFuture<TopicDescription>> futures = admin.describeTopics(
                        Topics.ALL.stream().map(Topic::name).toList())
                .topicNameValues();
        for (Map.Entry<String, KafkaFuture<TopicDescription>> topic : futures.entrySet()) {
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

    /** Reads the topic settings. Without the permission DescribeConfigs they are not checked, and a warning is logged. */
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
            LOG.warn("topic settings not checked: DescribeConfigs is not permitted", e.getCause());
        }
        return found;
    }
}
