package dev.tidings.gateway.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Timestamps;
import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.TextContent;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FrameCodecTest {

    private final LiveEvent event = new LiveEvent(ConversationEvent.newBuilder()
            .setConversationId("r:lobby")
            .setSeq(7)
            .setSentAt(Timestamps.fromMillis(1_000))
            .setMessageSent(MessageSent.newBuilder()
                    .setSender("alice")
                    .setExpiresAt(Timestamps.fromMillis(5_000))
                    .setContent(Content.newBuilder()
                            .setText(TextContent.newBuilder().setBody("{\"events\":{ \u00e4 \ud83d\ude00 \n"))))
            .build());

    @ParameterizedTest
    @EnumSource(FrameCodec.class)
    void an_event_that_is_encoded_once_for_all_looks_as_if_encoded_for_each(FrameCodec codec) {
        for (long deliverySeq : new long[] {0, 1, 300, Long.MAX_VALUE}) {
            EventFrame frame = new EventFrame(deliverySeq, event);

            assertEquals(codec.encode(frame.toServerFrame()), codec.encode(frame));
        }
    }

    @Test
    void an_event_without_any_field_is_encoded_all_the_same() {
        EventFrame frame = new EventFrame(1, new LiveEvent(ConversationEvent.getDefaultInstance()));

        assertEquals(FrameCodec.JSON.encode(frame.toServerFrame()), FrameCodec.JSON.encode(frame));
    }

    @Test
    void an_event_expires_at_its_time_and_not_before() {
        assertFalse(event.isExpired(4_999));
        assertTrue(event.isExpired(5_000));
    }

    @Test
    void an_event_without_a_time_to_expire_never_does() {
        assertFalse(new LiveEvent(ConversationEvent.getDefaultInstance()).isExpired(Long.MAX_VALUE - 1));
    }

    @Test
    void what_is_no_frame_is_an_exception() {
        assertThrows(InvalidProtocolBufferException.class, () -> FrameCodec.decode("{broken"));
        assertThrows(InvalidProtocolBufferException.class, () -> FrameCodec.decode("{\"react\":{\"by\":\"bob\"}}"));
        assertThrows(
                InvalidProtocolBufferException.class,
                () -> FrameCodec.decode(ByteBuffer.wrap(new byte[] {-1, -1, -1})));
    }
}
