package dev.tidings.ops.bench.client;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.ServerFrame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The encoding of frames: the two subprotocols of the client protocol. */
public enum FrameFormat {
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

    /** Encodes one frame as the payload of one WebSocket message. */
    abstract byte[] encode(ClientFrame frame);

    /** @throws InvalidProtocolBufferException if the payload is not a frame of this subprotocol */
    abstract ServerFrame decode(ByteBuffer payload) throws InvalidProtocolBufferException;

    /** The name that the WebSocket handshake negotiates. */
    public String subprotocol() {
        return subprotocol;
    }

    /** Whether frames are binary WebSocket messages; false: text messages. */
    public boolean binary() {
        return binary;
    }

    /** Returns the format of this subprotocol, or null if there is none. */
    public static @Nullable FrameFormat named(String subprotocol) {
        for (FrameFormat format : values()) {
            if (format.subprotocol.equals(subprotocol)) {
                return format;
            }
        }
        return null;
    }
}
