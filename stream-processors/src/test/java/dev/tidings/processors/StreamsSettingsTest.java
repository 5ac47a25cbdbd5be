package dev.tidings.processors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tidings.processors.intake.SourceRights;
import dev.tidings.processors.store.StateStore;
import dev.tidings.schemas.TopicLayout;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

class StreamsSettingsTest {

    private static final TopicLayout LAYOUT = new TopicLayout(2, 3, 4, (short) 1);
    private static final ProcessorsConfig CONFIG = new ProcessorsConfig(
            "broker:9092",
            Map.of("security.protocol", "SASL_SSL"),
            LAYOUT,
            Path.of("state"),
            StateStore.Kind.MEMORY,
            3,
            150,
            2_500,
            64,
            SourceRights.ALL);
    private static final StreamsSettings SETTINGS = settingsOf("conversation");

    @Test
    void state_offsets_and_outputs_commit_together() {
        assertEquals(StreamsConfig.EXACTLY_ONCE_V2, SETTINGS.getString(StreamsConfig.PROCESSING_GUARANTEE_CONFIG));
        assertEquals(150L, SETTINGS.getLong(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG));
    }

    @Test
    void the_live_path_reads_without_waiting_for_commits() {
        assertEquals(
                "read_uncommitted",
                SETTINGS.getMainConsumerConfigs("group", "client", 1).get(ConsumerConfig.ISOLATION_LEVEL_CONFIG));
    }

    @Test
    void a_successor_reads_committed_positions_again_after_a_short_pause() {
        assertEquals(
                200,
                SETTINGS.getMainConsumerConfigs("group", "client", 1).get(ConsumerConfig.RETRY_BACKOFF_MAX_MS_CONFIG));
    }

    @Test
    void records_of_business_systems_are_read_after_their_commit() {
        assertEquals(
                "read_committed",
                settingsOf("intake")
                        .getMainConsumerConfigs("group", "client", 1)
                        .get(ConsumerConfig.ISOLATION_LEVEL_CONFIG));
    }

    @Test
    void state_is_restored_from_committed_records_only() {
        assertEquals(
                "read_committed",
                SETTINGS.getRestoreConsumerConfigs("client").get(ConsumerConfig.ISOLATION_LEVEL_CONFIG));
    }

    @Test
    void outputs_are_sent_at_once_and_dead_transactions_block_for_a_bounded_time() {
        Map<String, Object> producer = SETTINGS.getProducerConfigs("client");

        assertEquals(0, producer.get(ProducerConfig.LINGER_MS_CONFIG));
        assertEquals(2_500, producer.get(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG));
        assertEquals(true, new ProducerConfig(withSerializers(producer)).getBoolean("enable.idempotence"));
    }

    @Test
    void intake_has_time_for_the_largest_requests_under_any_configuration() {
        StreamsSettings intake = settingsOf("intake");

        assertEquals(30_000, intake.getProducerConfigs("client").get(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG));
        assertEquals(
                5, intake.getMainConsumerConfigs("group", "client", 1).get(ConsumerConfig.MAX_POLL_RECORDS_CONFIG));
        assertEquals(StreamsConfig.EXACTLY_ONCE_V2, intake.getString(StreamsConfig.PROCESSING_GUARANTEE_CONFIG));
    }

    @Test
    void nothing_is_skipped_when_a_group_is_new() {
        assertEquals(
                "earliest",
                SETTINGS.getMainConsumerConfigs("group", "client", 1).get(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG));
    }

    @Test
    void client_properties_reach_every_client() {
        assertEquals("SASL_SSL", SETTINGS.getMainConsumerConfigs("g", "c", 1).get("security.protocol"));
        assertEquals("SASL_SSL", SETTINGS.getRestoreConsumerConfigs("c").get("security.protocol"));
        assertEquals("SASL_SSL", SETTINGS.getProducerConfigs("c").get("security.protocol"));
        assertEquals("SASL_SSL", SETTINGS.getAdminConfigs("c").get("security.protocol"));
    }

    @Test
    void topologies_have_distinct_application_ids() {
        assertEquals(
                List.of("tidings-intake", "tidings-conversation", "tidings-inbox", "tidings-directory"),
                PipelineStage.all(LAYOUT, StateStore.Kind.MEMORY).stream()
                        .map(PipelineStage::applicationId)
                        .toList());
    }

    private static StreamsSettings settingsOf(String name) {
        PipelineStage pipeline = PipelineStage.all(LAYOUT, StateStore.Kind.MEMORY).stream()
                .filter(some -> some.name().equals(name))
                .findFirst()
                .orElseThrow();
        return StreamsSettings.of(CONFIG, pipeline);
    }

    private static Map<String, Object> withSerializers(Map<String, Object> producer) {
        Map<String, Object> complete = new HashMap<>(producer);
        String bytes = ByteArraySerializer.class.getName();
        complete.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, bytes);
        complete.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, bytes);
        complete.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "transactional");
        complete.remove("security.protocol");
        return complete;
    }
}
