package dev.tidings.gateway.frame;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.ServerFrame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How frames look on the wire: one schema, two subprotocols. */
public enum FrameCodec {
    JSON("tidings.v1.json") {
        @Override
        public ByteBuffer encode(ServerFrame frame) {
            return ByteBuffer.wrap(ProtoJson.print(frame).getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public ByteBuffer encode(EventFrame frame) {
            if (frame.deliverySeq() == 0) {
                return ByteBuffer.wrap(frame.event().json());
            }
            byte[] numbered =
                    (EVENTS + "\"deliverySeq\":\"" + frame.deliverySeq() + "\",").getBytes(StandardCharsets.US_ASCII);
            byte[] printed = frame.event().json();
            int rest = printed.length - EVENTS.length();
            return ByteBuffer.allocate(numbered.length + rest)
                    .put(numbered)
                    .put(printed, EVENTS.length(), rest)
                    .flip();
        }
    },
    PROTO("tidings.v1.proto") {
        @Override
        public ByteBuffer encode(ServerFrame frame) {
            return ByteBuffer.wrap(frame.toByteArray());
        }

        @Override
        public ByteBuffer encode(EventFrame frame) {
            return encode(frame.toServerFrame());
        }
    };

    /** What every frame of events begins with; the delivery number goes behind it. */
    private static final String EVENTS = "{\"events\":{";

    public static final Set<String> SUBPROTOCOLS = Set.of(JSON.subprotocol, PROTO.subprotocol);

    private final String subprotocol;

    FrameCodec(String subprotocol) {
        this.subprotocol = subprotocol;
    }

    /** A client that names no subprotocol speaks JSON: someone at a terminal. */
    public static FrameCodec of(@Nullable String subprotocol) {
        return PROTO.subprotocol.equals(subprotocol) ? PROTO : JSON;
    }

    public abstract ByteBuffer encode(ServerFrame frame);

    /** The same bytes as of the frame in full, without printing the event for each session anew. */
    public abstract ByteBuffer encode(EventFrame frame);

    /** @throws InvalidProtocolBufferException where the text is not a frame */
    public static ClientFrame decode(String json) throws InvalidProtocolBufferException {
        return ProtoJson.parse(json, ClientFrame.newBuilder()).build();
    }

    /** The id of what is JSON but no frame, so that the error can be paired with it; empty where there is none. */
    public static String idOf(String json) {
        try {
            return ProtoJson.parse(json, Struct.newBuilder())
                    .getFieldsOrDefault("id", Value.getDefaultInstance())
                    .getStringValue();
        } catch (InvalidProtocolBufferException e) {
            return "";
        }
    }

    /** @throws InvalidProtocolBufferException where the bytes are not a frame */
    public static ClientFrame decode(ByteBuffer bytes) throws InvalidProtocolBufferException {
        return ClientFrame.parseFrom(bytes);
    }
}
