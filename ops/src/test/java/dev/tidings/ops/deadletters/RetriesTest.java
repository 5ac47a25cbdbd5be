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

/** What is sent back, as far as nothing has to be looked up in Kafka. */
class RetriesTest {

    private static final byte[] COMMAND =
            Command.newBuilder().setActor("alice").build().toByteArray();

    private final Retries retries = new Retries(new KafkaLog("no-broker:9092", Map.of()));

    @Test
    void a_record_goes_back_as_it_was_with_its_own_headers_and_time() {
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
    void where_the_key_does_not_find_the_partition_it_is_the_one_that_it_came_from(String topic) {
        assertEquals(
                1,
                sent(fromTopology(topic, new byte[] {0, 0, 0, 1}, utf8("x")), null)
                        .partition());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tidings.commands", "tidings.user-commands", "tidings.user-events"})
    void elsewhere_the_key_finds_its_partition(String topic) {
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
    void a_correction_in_protobuf_stays_what_it_is() {
        assertArrayEquals(
                COMMAND,
                sent(fromTopology("tidings.commands", utf8("k"), utf8("x")), COMMAND)
                        .value());
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "{\"actr\":\"alice\"}", "{"})
    void a_correction_that_is_no_message_is_refused(String nonsense) {
        assertTrue(refusal(fromTopology("tidings.commands", utf8("k"), utf8("x")), utf8(nonsense))
                .contains("is no Command"));
    }

    @Test
    void for_business_systems_a_correction_is_taken_as_it_is() {
        assertArrayEquals(
                utf8("{ }\n"),
                sent(fromIntake("tidings.business", utf8("{")), utf8("{ }\n")).value());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tidings.inbox", "tidings.deliveries", "tidings.user-events"})
    void what_was_decided_is_not_corrected(String topic) {
        assertTrue(
                refusal(fromTopology(topic, utf8("k"), utf8("x")), utf8("{}")).contains("cannot be corrected"));
    }

    @Test
    void history_is_not_written_twice() {
        assertTrue(refusal(fromSink("tidings.conversation-events"), null).contains("is the history"));
    }

    @Test
    void what_came_from_nowhere_or_elsewhere_is_refused() {
        assertTrue(refusal(letter(utf8("k"), utf8("v")), null).contains("do not say where it came from"));
        assertTrue(refusal(fromSink("orders"), null).contains("orders is no topic of Tidings"));
    }

    private ProducerRecord<byte[], byte[]> sent(DeadLetter letter, byte @Nullable [] corrected) {
        return assertInstanceOf(Retry.Possible.class, retries.of(letter, corrected))
                .record();
    }

    private String refusal(DeadLetter letter, byte @Nullable [] corrected) {
        return assertInstanceOf(Retry.Refused.class, retries.of(letter, corrected))
                .reason();
    }
}
