package dev.tidings.ops.deadletters;

import static dev.tidings.ops.deadletters.Letters.fromIntake;
import static dev.tidings.ops.deadletters.Letters.fromSink;
import static dev.tidings.ops.deadletters.Letters.fromTopology;
import static dev.tidings.ops.deadletters.Letters.letter;
import static dev.tidings.ops.deadletters.Letters.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeadLetterRecordTest {

    @Test
    void reads_origin_and_reason_of_a_letter_of_intake() {
        DeadLetterRecord letter = fromIntake("tidings.business", utf8("{"));

        assertEquals(new RecordPosition("tidings.business", 4, 17), letter.from());
        assertEquals("no JSON", letter.reason());
        assertNull(letter.cut());
        assertEquals(List.of("source"), names(letter.original()));
        assertEquals(4, letter.added().size());
    }

    @Test
    void reads_origin_and_reason_of_a_letter_of_a_topology() {
        DeadLetterRecord letter = fromTopology("tidings.commands", utf8("k"), utf8("v"));

        assertEquals(new RecordPosition("tidings.commands", 1, 33), letter.from());
        assertEquals("has no body", letter.reason());
        assertEquals(List.of("traceparent"), names(letter.original()));
    }

    @Test
    void reads_origin_and_reason_of_a_letter_of_a_sink() {
        DeadLetterRecord letter = fromSink("tidings.user-events");

        assertEquals(new RecordPosition("tidings.user-events", 2, 5), letter.from());
        assertEquals("wrong type", letter.reason());
        assertEquals(List.of(), letter.original());
    }

    @Test
    void reads_the_original_sizes_of_a_letter_that_a_sink_has_cut() {
        DeadLetterRecord letter = Letters.letter(
                utf8("key"),
                utf8("val"),
                "tidings.cut",
                "bytes of key: 3, value: 1048000",
                "__connect.errors.topic",
                "t");

        assertEquals("bytes of key: 3, value: 1048000", letter.cut());
    }

    @Test
    void the_exception_class_is_the_reason_if_there_is_no_message() {
        DeadLetterRecord letter = DeadLetterRecord.of(Letters.record(
                utf8("k"),
                utf8("v"),
                new RecordHeaders()
                        .add("__streams.errors.exception", utf8("java.lang.NullPointerException"))
                        .add("__streams.errors.message", null)
                        .add("__streams.errors.offset", utf8("1"))));

        assertEquals("java.lang.NullPointerException", letter.reason());
    }

    @Test
    void ignores_original_headers_with_the_names_of_a_writer() {
        DeadLetterRecord letter = letter(
                utf8("k"),
                utf8("v"),
                "__connect.errors.topic",
                "tidings.commands",
                "tidings.reason",
                "forged",
                "tidings.cut",
                "forged",
                "tidings.topic",
                "tidings.business",
                "tidings.partition",
                "4",
                "tidings.offset",
                "17",
                "tidings.reason",
                "no JSON");

        assertEquals(new RecordPosition("tidings.business", 4, 17), letter.from());
        assertEquals("no JSON", letter.reason());
        assertNull(letter.cut());
        assertEquals(List.of("__connect.errors.topic", "tidings.reason", "tidings.cut"), names(letter.original()));
    }

    @Test
    void a_record_of_another_producer_has_no_origin() {
        assertNull(letter(utf8("k"), utf8("v")).from());
        assertNull(letter(utf8("k"), utf8("v"), "x", "y").from());
    }

    @ParameterizedTest
    @CsvSource({"x, 1", "1, x", "-1, 1", "1, -1", "99999999999, 1"})
    void an_invalid_position_is_no_origin(String partition, String offset) {
        assertNull(letter(
                        utf8("k"),
                        utf8("v"),
                        "tidings.topic",
                        "tidings.business",
                        "tidings.partition",
                        partition,
                        "tidings.offset",
                        offset)
                .from());
    }

    private static List<String> names(List<Header> headers) {
        return headers.stream().map(Header::key).toList();
    }
}
