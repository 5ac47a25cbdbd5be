package dev.tidings.ops.bench;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.ServerFrame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** How frames look on the wire: the two subprotocols of the client protocol. */
enum FrameFormat {
    PROTO("tidings.v1.proto", true) {
        @Override
        byte[] encode(ClientFrame frame) {
            return frame.toByteArray();
        }

        @Override
        ServerFrame decode(ByteBuffer payload) throws InvalidProtocolBufferException {
            return ServerFrame.parseFrom(payload);
        }
    },
    JSON("tidings.v1.json", false) {
        @Override
        byte[] encode(ClientFrame frame) {
            return ProtoJson.print(frame).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        ServerFrame decode(ByteBuffer payload) throws InvalidProtocolBufferException {
            String json = StandardCharsets.UTF_8.decode(payload).toString();
            return ProtoJson.parse(json, ServerFrame.newBuilder()).build();
        }
    };

    private final String subprotocol;
    private final boolean binary;

    FrameFormat(String subprotocol, boolean binary) {
        this.subprotocol = subprotocol;
        this.binary = binary;
    }

    abstract byte[] encode(ClientFrame frame);

    /** @throws InvalidProtocolBufferException where the payload is not a frame of this subprotocol */
    abstract ServerFrame decode(ByteBuffer payload) throws InvalidProtocolBufferException;

    /** The name that is negotiated when the WebSocket opens. */
    String subprotocol() {
        return subprotocol;
    }

    /** Binary WebSocket messages, or text. */
    boolean binary() {
        return binary;
    }

    /** The format of this subprotocol, or null where there is none. */
    static @Nullable FrameFormat named(String subprotocol) {
        for (FrameFormat format : values()) {
            if (format.subprotocol.equals(subprotocol)) {
                return format;
            }
        }
        return null;
    }
}
