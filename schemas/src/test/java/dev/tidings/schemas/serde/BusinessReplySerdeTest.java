package dev.tidings.schemas.serde;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.schemas.Limits;
import dev.tidings.v1.BusinessReply;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

class BusinessReplySerdeTest {

    private static final BusinessReply REPLY = BusinessReply.newBuilder()
            .setRequestId("r1")
            .setSource("billing")
            .setApplied(BusinessReply.Applied.getDefaultInstance())
            .build();

    private final Serde<BusinessReply> serde = BusinessReplySerde.create();

    @Test
    void a_reply_to_a_request_in_json_is_json() {
        Headers headers = headers(REPLY, true);

        byte[] bytes = serde.serializer().serialize("replies", headers, REPLY);

        assertEquals("{\"requestId\":\"r1\",\"source\":\"billing\",\"applied\":{}}", new String(bytes, UTF_8));
        assertEquals(REPLY, serde.deserializer().deserialize("replies", headers, bytes));
        assertEquals("billing", new String(headers.lastHeader("source").value(), UTF_8));
    }

    @Test
    void a_reply_to_a_request_in_protobuf_is_protobuf() {
        Headers headers = headers(REPLY, false);

        byte[] bytes = serde.serializer().serialize("replies", headers, REPLY);

        assertEquals(REPLY, serde.deserializer().deserialize("replies", headers, bytes));
        assertEquals(REPLY, serde.deserializer().deserialize("replies", new RecordHeaders(), bytes));
    }

    @Test
    void the_largest_json_reply_fits_into_a_record_and_a_larger_one_is_protobuf() {
        BusinessReply largest = withConversationId(BusinessReplySerde.MAX_JSON_REPLY - 100);
        BusinessReply larger = withConversationId(BusinessReplySerde.MAX_JSON_REPLY);

        assertEquals("application/json", contentType(headers(largest, true)));
        assertTrue(serde.serializer().serialize("replies", headers(largest, true), largest).length
                < Limits.RECORD - 10_000);
        assertEquals("application/x-protobuf", contentType(headers(larger, true)));
    }

    @Test
    void other_bytes_are_not_a_reply() {
        byte[] broken = "{broken".getBytes(UTF_8);

        assertThrows(
                SerializationException.class,
                () -> serde.deserializer().deserialize("replies", headers(REPLY, true), broken));
        assertThrows(
                SerializationException.class,
                () -> serde.deserializer().deserialize("replies", headers(REPLY, false), broken));
    }

    /** JSON escapes each character as six. */
    private static BusinessReply withConversationId(int length) {
        return REPLY.toBuilder().setConversationId("\u0001".repeat(length)).build();
    }

    private static Headers headers(BusinessReply reply, boolean json) {
        Headers headers = new RecordHeaders();
        BusinessReplySerde.addHeaders(headers, reply, json);
        return headers;
    }

    private static String contentType(Headers headers) {
        return new String(headers.lastHeader("content-type").value(), UTF_8);
    }
}
