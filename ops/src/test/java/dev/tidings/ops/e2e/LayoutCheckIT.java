package dev.tidings.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.ops.embedded.KafkaExtension;
import dev.tidings.schemas.Topic;
import dev.tidings.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clusters that do not fit. A role that started on one would run until it is stopped, which the time limit turns into a failure. */
@Timeout(180)
class LayoutCheckIT {

    private static final List<String> ROLES = List.of("processors", "gateway", "connectors");

    @RegisterExtension
    final KafkaExtension kafka = new KafkaExtension();

    @Test
    void every_role_refuses_a_cluster_without_topics_or_with_another_number_of_partitions() throws Exception {
        for (String role : ROLES) {
            assertRefused(run(Map.of(), role), "tidings.commands does not exist: run tidings topics");
        }
        assertEquals(0, run(Map.of(), "topics").exitCode());

        for (String role : List.of("processors", "gateway", "connectors", "topics")) {
            assertRefused(
                    run(Map.of("topics.user-partitions", "8"), role),
                    "tidings.inbox has 2 partitions; topics.user-partitions is 8: set it to 2");
            assertRefused(
                    run(Map.of("topics.conversation-partitions", "1"), role),
                    "tidings.commands has 2 partitions; topics.conversation-partitions is 1: set it to 2");
        }
    }

    @Test
    void every_role_refuses_settings_that_decisions_depend_on() throws Exception {
        assertEquals(0, run(Map.of(), "topics").exitCode());
        set(Topics.BUSINESS, TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "CreateTime");
        set(Topics.INBOX, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "500000");
        set(Topics.GATEWAYS, TopicConfig.CLEANUP_POLICY_CONFIG, "delete");

        for (String role : List.of("topics", "processors", "gateway", "connectors")) {
            CommandLineRun run = run(Map.of(), role);
            assertRefused(
                    run, "tidings.business has message.timestamp.type=CreateTime; LogAppendTime is needed: set it");
            assertRefused(run, "tidings.inbox has max.message.bytes=500000; at least 1048588 is needed");
            assertRefused(run, "tidings.gateways has cleanup.policy=delete; compact is needed");
        }
    }

    @Test
    void gateway_slots_grow_and_never_shrink() throws Exception {
        assertEquals(0, run(Map.of(), "topics").exitCode());
        for (String role : ROLES) {
            assertRefused(
                    run(Map.of("topics.gateway-slots", "5"), role),
                    "tidings.deliveries has 3 partitions; topics.gateway-slots is 5: run tidings topics");
        }

        CommandLineRun grown = run(Map.of("topics.gateway-slots", "5"), "topics");

        assertEquals(0, grown.exitCode(), grown.err());
        assertEquals(List.of("added partitions to tidings.deliveries: 3 to 5"), grown.lines());
        assertEquals(5, partitionsOf(Topics.DELIVERIES));
        for (String role : List.of("topics", "processors")) {
            assertRefused(
                    run(Map.of(), role), "tidings.deliveries has 5 partitions; topics.gateway-slots is 3: set it to 5");
        }
    }

    @Test
    void topics_of_an_earlier_version_get_new_settings_that_the_operator_has_not_set() throws Exception {
        assertEquals(0, run(Map.of(), "topics").exitCode());
        for (String setting : Topics.GATEWAYS.config().keySet()) {
            if (!setting.equals(TopicConfig.CLEANUP_POLICY_CONFIG)) {
                unset(Topics.GATEWAYS, setting);
            }
        }
        set(Topics.BUSINESS, TopicConfig.RETENTION_MS_CONFIG, "3600000");

        CommandLineRun run = run(Map.of(), "topics");

        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.lines().contains("set segment.ms of tidings.gateways to 600000"), run.out());
        Topics.GATEWAYS.config().forEach((name, value) -> assertEquals(value, settingOf(Topics.GATEWAYS, name), name));
        assertEquals("3600000", settingOf(Topics.BUSINESS, TopicConfig.RETENTION_MS_CONFIG));
        assertEquals(List.of(), run(Map.of(), "topics").lines());
    }

    private static void assertRefused(CommandLineRun run, String message) {
        assertEquals(2, run.exitCode(), run.err());
        assertTrue(run.err().contains(message), run.err());
    }

    private CommandLineRun run(Map<String, String> more, String command) throws Exception {
        Map<String, String> settings = new HashMap<>(Map.of(
                "kafka.bootstrap-servers", kafka.bootstrapServers(),
                "redis.url", "redis://127.0.0.1:1",
                "clickhouse.url", "http://127.0.0.1:1",
                "gateway.jwt.secret", "a secret for this test alone, long enough",
                "gateway.http-port", "0",
                "processors.state-directory", kafka.directory().resolve("state").toString(),
                "topics.conversation-partitions", "2",
                "topics.user-partitions", "2",
                "topics.gateway-slots", "3"));
        settings.putAll(more);
        return CommandLineRun.of(kafka.directory(), settings, new ArrayList<>(List.of(command)));
    }

    private int partitionsOf(Topic<?, ?> topic) throws Exception {
        return Objects.requireNonNull(kafka.admin()
                        .describeTopics(List.of(topic.name()))
                        .allTopicNames()
                        .get(60, TimeUnit.SECONDS)
                        .get(topic.name()))
                .partitions()
                .size();
    }

    private void set(Topic<?, ?> topic, String name, String value) throws Exception {
        alter(topic, new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET));
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> settingOf(topic, name).equals(value));
    }

    private void unset(Topic<?, ?> topic, String name) throws Exception {
        alter(topic, new AlterConfigOp(new ConfigEntry(name, ""), AlterConfigOp.OpType.DELETE));
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> entry(topic, name).source() != ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG);
    }

    private void alter(Topic<?, ?> topic, AlterConfigOp change) throws Exception {
        kafka.admin()
                .incrementalAlterConfigs(Map.of(resource(topic), List.of(change)))
                .all()
                .get(60, TimeUnit.SECONDS);
    }

    private String settingOf(Topic<?, ?> topic, String name) {
        return entry(topic, name).value();
    }

    private ConfigEntry entry(Topic<?, ?> topic, String name) {
        try {
            Config config = kafka.admin()
                    .describeConfigs(List.of(resource(topic)))
                    .all()
                    .get(60, TimeUnit.SECONDS)
                    .get(resource(topic));
            return Objects.requireNonNull(config).get(name);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static ConfigResource resource(Topic<?, ?> topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
    }
}
