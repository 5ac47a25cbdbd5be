package dev.tidings.schemas.serde;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Timestamps;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.TextContent;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtoJsonTest {

    private static final ConversationEvent EVENT = ConversationEvent.newBuilder()
            .setConversationId("p:alice:bob")
            .setSeq(9_007_199_254_740_993L)
            .setSentAt(Timestamps.fromMillis(1_700_000_000_123L))
            .setMessageSent(MessageSent.newBuilder()
                    .setSender("alice")
                    .setContent(Content.newBuilder()
                            .setText(TextContent.newBuilder().setBody("line one\nline two \"quoted\" 😀"))))
            .build();

    @Test
    void numbers_of_64_bits_are_strings_because_javascript_rounds_them() {
        assertTrue(ProtoJson.print(EVENT).contains("\"seq\":\"9007199254740993\""));
    }

    @Test
    void times_are_rfc_3339() {
        assertTrue(ProtoJson.print(EVENT).contains("\"sentAt\":\"2023-11-14T22:13:20.123Z\""));
    }

    @Test
    void a_message_is_one_line() {
        assertFalse(ProtoJson.print(EVENT).contains("\n"));
    }

    @Test
    void a_message_survives_the_round_trip() throws IOException {
        ConversationEvent read = ProtoJson.parse(ProtoJson.print(EVENT), ConversationEvent.newBuilder())
                .build();

        assertEquals(EVENT, read);
    }

    @Test
    void the_frame_in_the_contract_parses() throws IOException {
        ClientFrame frame = ProtoJson.parse("""
                        {"id":"2","send":{"conversationId":"p:alice:bob","clientMsgId":"m1",
                         "content":{"text":{"body":"hello"}}}}
                        """, ClientFrame.newBuilder()).build();

        assertEquals("hello", frame.getSend().getContent().getText().getBody());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":\"1\",\"sned\":{}}",
                "{\"id\":\"1\",\"send\":{\"conversation\":\"p:a:b\"}}",
                "{\"id\":\"1\"",
                "[]",
                "\"text\"",
                "",
                "{\"markRead\":{\"seq\":\"many\"}}",
                "{\"heartbeat\":{},\"ack\":{\"upTo\":\"1\"}}"
            })
    void json_of_another_type_is_an_error(String json) {
        assertThrows(InvalidProtocolBufferException.class, () -> ProtoJson.parse(json, ClientFrame.newBuilder()));
    }
}
