package dev.tidings.gateway.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.util.Timestamps;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Heartbeat;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.Send;
import dev.tidings.v1.SendFlags;
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
    void an_event_encoded_once_for_all_sessions_equals_one_encoded_for_each(FrameCodec codec) {
        for (long deliverySeq : new long[] {0, 1, 300, Long.MAX_VALUE}) {
            EventFrame frame = new EventFrame(deliverySeq, event);

            assertEquals(codec.encode(frame.toServerFrame()), codec.encode(frame));
        }
    }

    @Test
    void an_event_without_any_field_is_encoded() {
        EventFrame frame = new EventFrame(1, new LiveEvent(ConversationEvent.getDefaultInstance()));

        assertEquals(FrameCodec.JSON.encode(frame.toServerFrame()), FrameCodec.JSON.encode(frame));
    }

    @Test
    void an_event_expires_at_its_time_and_not_before() {
        assertFalse(event.isExpired(4_999));
        assertTrue(event.isExpired(5_000));
    }

    @Test
    void an_event_without_an_expiry_never_expires() {
        assertFalse(new LiveEvent(ConversationEvent.getDefaultInstance()).isExpired(Long.MAX_VALUE - 1));
    }

    @Test
    void an_invalid_frame_is_an_exception() {
        assertThrows(InvalidProtocolBufferException.class, () -> FrameCodec.decode("{broken"));
        assertThrows(InvalidProtocolBufferException.class, () -> FrameCodec.decode("{\"react\":{\"by\":\"bob\"}}"));
        assertThrows(
                InvalidProtocolBufferException.class,
                () -> FrameCodec.decode(ByteBuffer.wrap(new byte[] {-1, -1, -1})));
    }

    @Test
    void unknown_fields_of_a_binary_frame_are_dropped_in_every_part_of_it() throws Exception {
        ClientFrame known = ClientFrame.newBuilder()
                .setId("1")
                .setSend(Send.newBuilder().setFlags(SendFlags.newBuilder().setNoPush(true)))
                .build();
        UnknownFieldSet unknown = UnknownFieldSet.newBuilder()
                .addField(
                        99,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFrom(new byte[1_000_000]))
                                .build())
                .build();
        ClientFrame.Builder swollen = known.toBuilder().setUnknownFields(unknown);
        swollen.getSendBuilder().setUnknownFields(unknown).getFlagsBuilder().setUnknownFields(unknown);

        ClientFrame read = FrameCodec.decode(ByteBuffer.wrap(swollen.build().toByteArray()));

        assertEquals(known, read);
        assertEquals(known.getSerializedSize(), read.getSerializedSize());
    }

    @Test
    void a_binary_frame_whose_text_is_not_utf_8_is_invalid_and_has_its_id() {
        byte[] bytes = ClientFrame.newBuilder()
                .setId("7")
                .setSend(Send.newBuilder().setClientMsgId("mmmm"))
                .build()
                .toByteArray();
        bytes[bytes.length - 2] = (byte) 0xc3; // begins a character that does not end

        assertThrows(InvalidProtocolBufferException.class, () -> FrameCodec.decode(ByteBuffer.wrap(bytes)));
        assertEquals("7", FrameCodec.idOf(ByteBuffer.wrap(bytes)));
    }

    @Test
    void the_id_of_a_truncated_frame_is_read_if_it_is_there() {
        byte[] frame = ClientFrame.newBuilder()
                .setId("seven")
                .setHeartbeat(Heartbeat.getDefaultInstance())
                .build()
                .toByteArray();

        assertEquals("seven", FrameCodec.idOf(ByteBuffer.wrap(frame, 0, frame.length - 1)));
        assertEquals("", FrameCodec.idOf(ByteBuffer.wrap(frame, 0, 4)));
        assertEquals("", FrameCodec.idOf(ByteBuffer.wrap(new byte[] {-1, -1, -1})));
    }

    @Test
    void an_id_is_sent_back_cut_to_64_bytes_between_characters() {
        assertEquals("x".repeat(64), FrameCodec.echoed("x".repeat(64)));
        assertEquals("x".repeat(64), FrameCodec.echoed("x".repeat(65)));
        assertEquals("\u4e2d".repeat(21), FrameCodec.echoed("\u4e2d".repeat(22)));
        assertEquals("\ud83d\ude00".repeat(16), FrameCodec.echoed("\ud83d\ude00".repeat(17)));
    }
}
