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

class DeadLetterTest {

    @Test
    void intake_says_from_where_and_why() {
        DeadLetter letter = fromIntake("tidings.business", utf8("{"));

        assertEquals(new Place("tidings.business", 4, 17), letter.from());
        assertEquals("no JSON", letter.reason());
        assertNull(letter.cut());
        assertEquals(List.of("source"), names(letter.original()));
        assertEquals(4, letter.added().size());
    }

    @Test
    void topologies_say_from_where_and_why() {
        DeadLetter letter = fromTopology("tidings.commands", utf8("k"), utf8("v"));

        assertEquals(new Place("tidings.commands", 1, 33), letter.from());
        assertEquals("has no body", letter.reason());
        assertEquals(List.of("traceparent"), names(letter.original()));
    }

    @Test
    void sinks_say_from_where_and_why() {
        DeadLetter letter = fromSink("tidings.user-events");

        assertEquals(new Place("tidings.user-events", 2, 5), letter.from());
        assertEquals("wrong type", letter.reason());
        assertEquals(List.of(), letter.original());
    }

    @Test
    void sinks_say_what_they_have_cut() {
        DeadLetter letter = Letters.letter(
                utf8("key"),
                utf8("val"),
                "tidings.cut",
                "bytes of key: 3, value: 1048000",
                "__connect.errors.topic",
                "t");

        assertEquals("bytes of key: 3, value: 1048000", letter.cut());
    }

    @Test
    void an_exception_without_a_message_is_a_reason_by_its_name() {
        DeadLetter letter = DeadLetter.of(Letters.record(
                utf8("k"),
                utf8("v"),
                new RecordHeaders()
                        .add("__streams.errors.exception", utf8("java.lang.NullPointerException"))
                        .add("__streams.errors.message", null)
                        .add("__streams.errors.offset", utf8("1"))));

        assertEquals("java.lang.NullPointerException", letter.reason());
    }

    @Test
    void what_a_stranger_wrote_into_such_headers_does_not_count() {
        DeadLetter letter = letter(
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

        assertEquals(new Place("tidings.business", 4, 17), letter.from());
        assertEquals("no JSON", letter.reason());
        assertNull(letter.cut());
        assertEquals(List.of("__connect.errors.topic", "tidings.reason", "tidings.cut"), names(letter.original()));
    }

    @Test
    void what_nobody_put_aside_has_no_place() {
        assertNull(letter(utf8("k"), utf8("v")).from());
        assertNull(letter(utf8("k"), utf8("v"), "x", "y").from());
    }

    @ParameterizedTest
    @CsvSource({"x, 1", "1, x", "-1, 1", "1, -1", "99999999999, 1"})
    void a_place_that_is_none_is_none(String partition, String offset) {
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
