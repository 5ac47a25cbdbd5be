package dev.tidings.ops.deadletters;

import static dev.tidings.ops.deadletters.Letters.fromIntake;
import static dev.tidings.ops.deadletters.Letters.fromSink;
import static dev.tidings.ops.deadletters.Letters.fromTopology;
import static dev.tidings.ops.deadletters.Letters.letter;
import static dev.tidings.ops.deadletters.Letters.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.ops.log.KafkaLog;
import dev.tidings.v1.Command;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Retries of dead letters that need no lookup in Kafka. */
class RetriesTest {

    private static final byte[] COMMAND =
            Command.newBuilder().setActor("alice").build().toByteArray();

    private final Retries retries = new Retries(new KafkaLog("no-broker:9092", Map.of()));

    @Test
    void a_retried_record_has_the_original_headers_and_timestamp() {
        ProducerRecord<byte[], byte[]> record = sent(fromIntake("tidings.business", utf8("{")), null);

        assertEquals("tidings.business", record.topic());
        assertArrayEquals(utf8("key"), record.key());
        assertArrayEquals(utf8("{"), record.value());
        assertEquals(
                List.of("source"),
                Arrays.stream(record.headers().toArray()).map(Header::key).toList());
        assertEquals(1_700_000_000_000L, record.timestamp());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tidings.business", "tidings.inbox", "tidings.deliveries"})
    void a_topic_not_partitioned_by_key_keeps_the_original_partition(String topic) {
        assertEquals(
                1,
                sent(fromTopology(topic, new byte[] {0, 0, 0, 1}, utf8("x")), null)
                        .partition());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tidings.commands", "tidings.user-commands", "tidings.user-events"})
    void a_topic_partitioned_by_key_leaves_the_partition_to_kafka(String topic) {
        assertNull(sent(fromTopology(topic, utf8("k"), utf8("x")), null).partition());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"actor\":\"alice\"}", "{ \"actor\": \"alice\" }\n"})
    void a_correction_in_json_becomes_protobuf(String json) {
        assertArrayEquals(
                COMMAND,
                sent(fromTopology("tidings.commands", utf8("k"), utf8("x")), utf8(json))
                        .value());
    }

    @Test
    void a_correction_in_protobuf_is_unchanged() {
        assertArrayEquals(
                COMMAND,
                sent(fromTopology("tidings.commands", utf8("k"), utf8("x")), COMMAND)
                        .value());
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "{\"actr\":\"alice\"}", "{"})
    void a_correction_that_is_no_message_is_refused(String nonsense) {
        assertTrue(refusal(fromTopology("tidings.commands", utf8("k"), utf8("x")), utf8(nonsense))
                .contains("is not a Command"));
    }

    @Test
    void a_correction_for_business_is_unchanged() {
        assertArrayEquals(
                utf8("{ }\n"),
                sent(fromIntake("tidings.business", utf8("{")), utf8("{ }\n")).value());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tidings.inbox", "tidings.deliveries", "tidings.user-events"})
    void values_that_topologies_wrote_are_not_corrected(String topic) {
        assertTrue(
                refusal(fromTopology(topic, utf8("k"), utf8("x")), utf8("{}")).contains("cannot be corrected"));
    }

    @Test
    void history_is_not_retried() {
        assertTrue(refusal(fromSink("tidings.conversation-events"), null).contains("is the history"));
    }

    @Test
    void a_letter_without_an_origin_in_tidings_is_refused() {
        assertTrue(refusal(letter(utf8("k"), utf8("v")), null).contains("do not state its origin"));
        assertTrue(refusal(fromSink("orders"), null).contains("orders is not a topic of Tidings"));
    }

    private ProducerRecord<byte[], byte[]> sent(DeadLetterRecord letter, byte @Nullable [] corrected) {
        return assertInstanceOf(Retry.Possible.class, retries.of(letter, corrected))
                .record();
    }

    private String refusal(DeadLetterRecord letter, byte @Nullable [] corrected) {
        return assertInstanceOf(Retry.Refused.class, retries.of(letter, corrected))
                .reason();
    }
}
