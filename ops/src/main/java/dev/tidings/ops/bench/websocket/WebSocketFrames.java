package dev.tidings.ops.bench.websocket;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Encodes and decodes WebSocket frames (RFC 6455, section 5) for a client. One instance per connection; one reading thread. */
final class WebSocketFrames {

    private static final int FINAL = 0x80;
    private static final int CONTINUATION = 0x0;
    private static final int TEXT = 0x1;
    private static final int BINARY = 0x2;
    private static final int CLOSE = 0x8;
    private static final int PING = 0x9;
    private static final int PONG = 0xA;
    private static final int MASKED = 0x80;
    private static final int MAX_HEADER_BYTES = 14;
    /** More than any frame of a gateway; a longer length is a protocol error. */
    private static final int MAX_PAYLOAD_BYTES = 64 << 20;

    /** Receives decoded frames. */
    interface Sink {
        void message(ByteBuffer payload);

        void ping(byte[] payload);

        void close(String reason);
    }

    private byte @Nullable [] unfinished;

    /** Encodes one message as a single masked frame. */
    static ByteBuffer message(boolean binary, byte[] payload) {
        return frame(binary ? BINARY : TEXT, payload);
    }

    /** Encodes the answer to a ping. */
    static ByteBuffer pong(byte[] payload) {
        return frame(PONG, payload);
    }

    /**
     * Consumes every complete frame in the buffer and leaves an incomplete one.
     *
     * @return the total bytes of the incomplete frame, or 0 if its header is incomplete, too
     */
    int read(ByteBuffer in, Sink sink) throws ProtocolException {
        while (in.remaining() >= 2) {
            int start = in.position();
            int opcode = in.get(start) & 0x0F;
            boolean last = (in.get(start) & FINAL) != 0;
            int shortLength = in.get(start + 1) & 0xFF;
            int headerBytes = shortLength == 127 ? 10 : shortLength == 126 ? 4 : 2;
            if (in.remaining() < headerBytes) {
                return 0;
            }
            long length = switch (headerBytes) {
                case 10 -> in.getLong(start + 2);
                case 4 -> in.getShort(start + 2) & 0xFFFF;
                default -> shortLength;
            };
            if ((shortLength & MASKED) != 0 || length < 0 || length > MAX_PAYLOAD_BYTES) {
                throw new ProtocolException(
                        "not a WebSocket frame of a server: masked, or longer than " + MAX_PAYLOAD_BYTES + " bytes");
            }
            if (in.remaining() < headerBytes + length) {
                return headerBytes + (int) length;
            }
            in.position(start + headerBytes + (int) length);
            dispatch(opcode, last, in.slice(start + headerBytes, (int) length), sink);
        }
        return 0;
    }

    private void dispatch(int opcode, boolean last, ByteBuffer payload, Sink sink) throws ProtocolException {
        switch (opcode) {
            case TEXT, BINARY, CONTINUATION -> {
                if (last && unfinished == null) {
                    sink.message(payload);
                    return;
                }
                byte[] joined = join(unfinished, payload);
                unfinished = last ? null : joined;
                if (last) {
                    sink.message(ByteBuffer.wrap(joined));
                }
            }
            case PING -> sink.ping(bytes(payload));
            case PONG -> {}
            case CLOSE ->
                sink.close(
                        payload.remaining() >= 2
                                ? "closed by the server, code=" + (payload.getShort(0) & 0xFFFF)
                                : "closed by the server");
            default -> throw new ProtocolException("unknown WebSocket opcode " + opcode);
        }
    }

    private static ByteBuffer frame(int opcode, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(MAX_HEADER_BYTES + payload.length);
        frame.put((byte) (FINAL | opcode));
        if (payload.length < 126) {
            frame.put((byte) (MASKED | payload.length));
        } else if (payload.length <= 0xFFFF) {
            frame.put((byte) (MASKED | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (MASKED | 127)).putLong(payload.length);
        }
        int mask = ThreadLocalRandom.current().nextInt();
        frame.putInt(mask);
        byte[] bytes = frame.array();
        int at = frame.position();
        for (int i = 0; i < payload.length; i++) {
            bytes[at + i] = (byte) (payload[i] ^ (mask >>> (24 - 8 * (i & 3))));
        }
        return frame.position(at + payload.length).flip();
    }

    private static byte[] join(byte @Nullable [] start, ByteBuffer end) {
        int startLength = start == null ? 0 : start.length;
        byte[] joined = new byte[startLength + end.remaining()];
        if (start != null) {
            System.arraycopy(start, 0, joined, 0, startLength);
        }
        end.get(joined, startLength, end.remaining());
        return joined;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        return join(null, buffer);
    }
}
