package dev.tidings.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;

class TopicsTest {

    private static final TopicLayout LAYOUT = new TopicLayout(3, 5, 7, (short) 1);

    @Test
    void every_topic_has_a_unique_valid_name() {
        List<String> names = Topics.ALL.stream().map(Topic::name).toList();

        names.forEach(org.apache.kafka.common.internals.Topic::validate);
        assertEquals(names.size(), names.stream().distinct().count());
        assertTrue(names.stream().allMatch(name -> name.startsWith("tidings.")));
    }

    @Test
    void topics_of_one_task_have_the_same_number_of_partitions() {
        assertEquals(LAYOUT.partitionsOf(Topics.INBOX), LAYOUT.partitionsOf(Topics.USER_COMMANDS));
        assertEquals(LAYOUT.partitionsOf(Topics.COMMANDS), LAYOUT.partitionsOf(Topics.CONVERSATION_EVENTS));
        assertEquals(LAYOUT.partitionsOf(Topics.BUSINESS), LAYOUT.partitionsOf(Topics.INTAKE_STEPS));
    }

    @Test
    void the_partitioning_of_a_topic_follows_its_key() {
        Map<String, Integer> partitions =
                Topics.ALL.stream().collect(Collectors.toMap(Topic::name, LAYOUT::partitionsOf));

        assertEquals(
                Map.ofEntries(
                        Map.entry("tidings.business", 3),
                        Map.entry("tidings.intake-steps", 3),
                        Map.entry("tidings.commands", 3),
                        Map.entry("tidings.conversation-events", 3),
                        Map.entry("tidings.business-replies", 3),
                        Map.entry("tidings.moderation", 3),
                        Map.entry("tidings.inbox", 5),
                        Map.entry("tidings.user-commands", 5),
                        Map.entry("tidings.user-events", 5),
                        Map.entry("tidings.notifications", 5),
                        Map.entry("tidings.push-retries", 5),
                        Map.entry("tidings.push-outcomes", 5),
                        Map.entry("tidings.deliveries", 7),
                        Map.entry("tidings.gateways", 1),
                        Map.entry("tidings.bans", 1),
                        Map.entry("tidings.token-revocations", 1),
                        Map.entry("tidings.directory-commands", 5),
                        Map.entry("tidings.directory", 5),
                        Map.entry("tidings.audit", 3),
                        Map.entry("tidings.erasures", 1),
                        Map.entry("tidings.legal-holds", 1),
                        Map.entry("tidings.dead-letters", 1)),
                partitions);
    }

    @Test
    void commands_have_log_append_time_because_it_is_the_clock_of_the_topologies() {
        assertEquals("LogAppendTime", Topics.COMMANDS.config().get(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG));
        assertEquals("LogAppendTime", Topics.BUSINESS.config().get(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG));
        assertEquals(
                "LogAppendTime", Topics.DIRECTORY_COMMANDS.config().get(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG));
        assertEquals("LogAppendTime", Topics.USER_COMMANDS.config().get(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG));
    }

    @Test
    void heartbeats_have_log_append_time_and_are_compacted_within_minutes_so_that_a_gateway_starts_fast() {
        Map<String, String> config = Topics.GATEWAYS.config();

        assertEquals("LogAppendTime", config.get(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG));
        assertEquals("compact", config.get(TopicConfig.CLEANUP_POLICY_CONFIG));
        for (String setting : List.of(TopicConfig.SEGMENT_MS_CONFIG, TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG)) {
            assertEquals("600000", config.get(setting));
        }
    }

    @Test
    void the_business_topic_has_a_codec_without_native_library() {
        assertEquals("lz4", Topics.BUSINESS.config().get(TopicConfig.COMPRESSION_TYPE_CONFIG));
    }

    @Test
    void the_sources_of_all_state_are_kept_forever() {
        assertEquals("-1", Topics.COMMANDS.config().get(TopicConfig.RETENTION_MS_CONFIG));
        assertEquals("-1", Topics.USER_COMMANDS.config().get(TopicConfig.RETENTION_MS_CONFIG));
        assertEquals("-1", Topics.DIRECTORY_COMMANDS.config().get(TopicConfig.RETENTION_MS_CONFIG));
    }

    @Test
    void events_erasures_and_the_audit_log_are_kept_forever() {
        assertEquals("-1", Topics.AUDIT.config().get(TopicConfig.RETENTION_MS_CONFIG));
        assertEquals("-1", Topics.ERASURES.config().get(TopicConfig.RETENTION_MS_CONFIG));
        assertEquals("-1", Topics.CONVERSATION_EVENTS.config().get(TopicConfig.RETENTION_MS_CONFIG));
    }

    @Test
    void an_invalid_layout_is_reported_with_its_key() {
        Settings settings = Settings.of(Map.of("topics.user-partitions", "0"));

        SettingsException raised = assertThrows(SettingsException.class, () -> TopicLayout.from(settings));
        assertTrue(String.valueOf(raised.getMessage()).contains("topics.user-partitions"));
    }
}
