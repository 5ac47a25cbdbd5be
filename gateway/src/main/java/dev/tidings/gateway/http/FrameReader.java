package dev.tidings.gateway.http;

import com.codahale.metrics.Meter;
import dev.tidings.gateway.frame.FrameCodec;
import dev.tidings.gateway.session.ClientSession;
import dev.tidings.gateway.transport.QueuedTransport;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.StreamSourceFrameChannel;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSocketFrameType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads whole frames from one socket and passes them to the session. An unfinished frame takes memory as it arrives, at most
 * what the session allows, and counts against the budgets of the session and the gateway. The session bounds its time: a
 * client must connect within 5 s, and then send a whole frame within three heartbeats.
 */
final class FrameReader extends AbstractReceiveListener {

    private static final int FIRST_BYTES = 512;

    private final ClientSession session;
    private final FrameCodec codec;
    private final QueuedTransport transport;
    private final Meter framesIn;

    FrameReader(ClientSession session, FrameCodec codec, QueuedTransport transport, Meter framesIn) {
        this.session = session;
        this.codec = codec;
        this.transport = transport;
        this.framesIn = framesIn;
    }

    @Override
    protected void onText(WebSocketChannel channel, StreamSourceFrameChannel frame) throws IOException {
        read(frame);
    }

    @Override
    protected void onBinary(WebSocketChannel channel, StreamSourceFrameChannel frame) throws IOException {
        read(frame);
    }

    private void read(StreamSourceFrameChannel frame) throws IOException {
        PartialFrame partial = new PartialFrame();
        if (partial.readAvailable(frame)) {
            return;
        }
        frame.getReadSetter().set(more -> {
            try {
                if (partial.readAvailable(more)) {
                    more.suspendReads();
                }
            } catch (IOException e) {
                more.suspendReads();
                onError(more.getWebSocketChannel(), e);
            }
        });
        frame.resumeReads();
    }

    private void received(WebSocketFrameType type, byte[] bytes, int length) {
        framesIn.mark();
        boolean isText = type == WebSocketFrameType.TEXT;
        if (isText != (codec == FrameCodec.JSON)) {
            session.onInvalidFrame(
                    "",
                    isText
                            ? "the frame is text; this subprotocol has binary frames"
                            : "the frame is binary; this subprotocol has text frames");
        } else if (isText) {
            text(bytes, length);
        } else {
            session.onBytes(ByteBuffer.wrap(bytes, 0, length));
        }
    }

    private void text(byte[] bytes, int length) {
        String json;
        try {
            json = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            session.onInvalidFrame("", "the text is not UTF-8");
            return;
        }
        session.onText(json);
    }

    /** One frame as its fragments arrive. Used by the socket's thread only. */
    private final class PartialFrame {

        private byte[] bytes = new byte[0];
        private int length;
        private boolean tooLarge;
        private boolean finished;

        /** Reads what has arrived, and returns whether the frame is complete. */
        boolean readAvailable(StreamSourceFrameChannel frame) throws IOException {
            while (!finished) {
                int limit = session.maxFrameBytes();
                if (length == bytes.length) {
                    // one byte above the limit shows that the frame is too large
                    bytes = Arrays.copyOf(bytes, Math.clamp(2L * length, FIRST_BYTES, Math.max(limit, length) + 1));
                    transport.receiving(bytes.length);
                }
                int read = frame.read(ByteBuffer.wrap(bytes, length, bytes.length - length));
                if (read == 0) {
                    return false;
                }
                if (read > 0 && !tooLarge) {
                    length += read;
                    if (length > limit) {
                        session.onFrameTooLarge(limit);
                        tooLarge = true;
                        // the rest is read into the same few bytes and dropped, so that the client gets to read the
                        // error
                        bytes = new byte[FIRST_BYTES];
                        length = 0;
                        transport.receiving(FIRST_BYTES);
                    }
                }
                if (read < 0) {
                    finished = true;
                    byte[] whole = bytes;
                    bytes = new byte[0];
                    transport.receiving(0);
                    if (!tooLarge) {
                        received(frame.getType(), whole, length);
                    }
                }
            }
            return true;
        }
    }
}
