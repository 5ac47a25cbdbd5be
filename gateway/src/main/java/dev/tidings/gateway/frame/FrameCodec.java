package dev.tidings.gateway.frame;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import com.google.protobuf.WireFormat;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.schemas.serde.StrictJson;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.ServerFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Encodes and decodes frames: one schema in two subprotocols, JSON and protobuf. */
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

    /** The longest id of a frame, in UTF-8. */
    public static final int MAX_ID_BYTES = 64;

    private static final Logger LOG = LoggerFactory.getLogger(FrameCodec.class);

    /** Drops unknown fields: no check limits them. */
    private static final Parser<ClientFrame> PARSER = DiscardUnknownFieldsParser.wrap(ClientFrame.parser());

    private static final int ID_TAG = ClientFrame.ID_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

    /** The begin of every frame of events; the delivery number follows it. */
    private static final String EVENTS = "{\"events\":{";

    public static final Set<String> SUBPROTOCOLS = Set.of(JSON.subprotocol, PROTO.subprotocol);

    private final String subprotocol;

    FrameCodec(String subprotocol) {
        this.subprotocol = subprotocol;
    }

    /** @param subprotocol one of {@link #SUBPROTOCOLS}; the handshake accepts no other */
    public static FrameCodec of(String subprotocol) {
        return PROTO.subprotocol.equals(subprotocol) ? PROTO : JSON;
    }

    public abstract ByteBuffer encode(ServerFrame frame);

    /** Encodes a frame of events; the JSON of the event is made once for all sessions. */
    public abstract ByteBuffer encode(EventFrame frame);

    /** Encodes a head, once for all sessions. */
    public ByteBuffer encode(LiveHead head) {
        return ByteBuffer.wrap(head.encoded(this));
    }

    /** @throws InvalidProtocolBufferException if the text is not exactly one frame */
    public static ClientFrame decode(String json) throws InvalidProtocolBufferException {
        return StrictJson.parse(json, ClientFrame.newBuilder()).build();
    }

    /** @throws InvalidProtocolBufferException if the bytes are not a frame; unknown fields are dropped */
    public static ClientFrame decode(ByteBuffer bytes) throws InvalidProtocolBufferException {
        return PARSER.parseFrom(bytes);
    }

    /** Reads the id of an invalid frame, for the error about it; empty if it cannot be read. */
    public static String idOf(String json) {
        return StrictJson.topLevelString(json, "id");
    }

    /** Reads the id of an invalid frame, for the error about it; empty if it cannot be read. */
    public static String idOf(ByteBuffer bytes) {
        CodedInputStream input = CodedInputStream.newInstance(bytes.duplicate());
        String id = "";
        try {
            for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
                if (tag == ID_TAG) {
                    id = input.readStringRequireUtf8();
                } else if (!input.skipField(tag)) {
                    break;
                }
            }
        } catch (IOException e) {
            LOG.debug("frame is truncated after its id", e);
        }
        return id;
    }

    /**
     * Returns the id as it is sent back to the client: cut to the 64 bytes that are allowed, never within a character.
     */
    public static String echoed(String id) {
        int bytes = 0;
        for (int i = 0; i < id.length(); ) {
            int character = id.codePointAt(i);
            bytes += character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
            if (bytes > MAX_ID_BYTES) {
                return id.substring(0, i);
            }
            i += Character.charCount(character);
        }
        return id;
    }
}
