package dev.tidings.ops.replay;

import static dev.tidings.ops.replay.Records.computed;
import static dev.tidings.ops.replay.Records.event;
import static dev.tidings.ops.replay.Records.recorded;
import static dev.tidings.ops.replay.Records.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Arrays;
import java.util.Objects;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

class EventRecordTest {

    private final byte[] value = event("a", "text").toByteArray();

    @Test
    void the_same_bytes_are_no_difference() {
        assertNull(recorded(event("a", "text")).differenceFrom(computed(event("a", "text"))));
    }

    @Test
    void the_first_byte_of_the_value_that_differs_is_named() {
        byte[] other = value.clone();
        other[5]++;

        assertEquals("value, from byte 5", difference(Records.CONVERSATION, other, Records.TIME, new RecordHeaders()));
    }

    @Test
    void a_longer_value_differs_from_the_end_of_the_shorter() {
        byte[] longer = Arrays.copyOf(value, value.length + 1);

        assertEquals(
                "value, from byte " + value.length,
                difference(Records.CONVERSATION, longer, Records.TIME, new RecordHeaders()));
    }

    @Test
    void key_time_and_headers_are_compared_too() {
        assertEquals(
                "key, from byte 10",
                difference("p:alice:bobby".substring(0, 10) + "x", value, Records.TIME, new RecordHeaders()));
        assertEquals(
                "timestamp, " + Records.TIME + " and " + (Records.TIME + 1),
                difference(Records.CONVERSATION, value, Records.TIME + 1, new RecordHeaders()));
        Headers headers = new RecordHeaders().add("traceparent", utf8("00-1"));
        assertEquals(
                "headers",
                difference(Records.CONVERSATION, value, Records.TIME, headers).substring(0, 7));
    }

    private String difference(String key, byte[] otherValue, long time, Headers headers) {
        return Objects.requireNonNull(recorded(event("a", "text"))
                .differenceFrom(EventRecord.computed(new TestRecord<>(utf8(key), otherValue, headers, time))));
    }
}
