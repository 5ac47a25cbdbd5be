package dev.tidings.gateway.http;

import dev.tidings.gateway.session.BufferBudget;
import io.undertow.connector.PooledByteBuffer;
import io.undertow.util.ImmediatePooledByteBuffer;
import io.undertow.websockets.core.StreamSinkFrameChannel;
import io.undertow.websockets.core.StreamSourceFrameChannel;
import io.undertow.websockets.extensions.ExtensionFunction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Compresses the messages to one client, and decompresses those from it. Takes memory only while a compressed message is
 * received; that counts against the {@link BufferBudget}. Messages above the limit, compressed or decompressed, become blanks of
 * one byte more than allowed: {@link FrameReader} rejects them as it rejects every frame that is too large.
 */
final class DeflateCodec implements ExtensionFunction {

    private static final byte[] NOTHING = {};

    private final int fromBytes;
    private final int maxMessageBytes;
    private final ZlibPool zlib;
    private final BufferBudget budget;

    /** The message that is being received, and its compressed bytes until now. Guarded by this. */
    private @Nullable StreamSourceFrameChannel receiving;

    private byte[] compressed = NOTHING;
    private int length;
    private boolean tooLarge;
    private boolean disposed;

    /** @see PermessageDeflate#PermessageDeflate */
    DeflateCodec(int fromBytes, int maxMessageBytes, ZlibPool zlib, BufferBudget budget) {
        this.fromBytes = fromBytes;
        this.maxMessageBytes = maxMessageBytes;
        this.zlib = zlib;
        this.budget = budget;
    }

    @Override
    public boolean hasExtensionOpCode() {
        return false;
    }

    /** {@link #transformForWrite} marks the messages that it compresses. */
    @Override
    public int writeRsv(int rsv) {
        return rsv;
    }

    /** @param message null: the connection is closing, and the message is gone */
    @Override
    public @Nullable PooledByteBuffer transformForWrite(
            @Nullable PooledByteBuffer message, StreamSinkFrameChannel frame, boolean isWhole) {
        if (message == null || !isWhole || message.getBuffer().remaining() < fromBytes) {
            return message;
        }
        ByteBuffer plain = message.getBuffer();
        byte[] bytes = new byte[plain.remaining()];
        plain.get(plain.position(), bytes);
        byte[] deflated = zlib.deflate(bytes);
        if (deflated.length >= bytes.length) {
            return message;
        }
        message.close();
        frame.setRsv(frame.getRsv() | RSV1);
        return new ImmediatePooledByteBuffer(ByteBuffer.wrap(deflated));
    }

    @Override
    public synchronized PooledByteBuffer transformForRead(
            PooledByteBuffer part, StreamSourceFrameChannel frame, boolean isLast) throws IOException {
        if ((frame.getRsv() & RSV1) == 0) {
            return part;
        }
        if (frame != receiving) {
            release(); // a message before has ended with an empty frame, which Undertow does not pass on
            receiving = frame;
        }
        add(part.getBuffer());
        part.close();
        if (!isLast) {
            return new ImmediatePooledByteBuffer(ByteBuffer.wrap(NOTHING));
        }
        byte[] message = whole();
        release();
        return new ImmediatePooledByteBuffer(ByteBuffer.wrap(message));
    }

    private void add(ByteBuffer part) {
        int more = part.remaining();
        if (tooLarge || disposed || length + more > maxMessageBytes) {
            tooLarge = true;
            hold(NOTHING);
            length = 0;
            return;
        }
        if (length + more > compressed.length) {
            hold(Arrays.copyOf(compressed, Math.min(maxMessageBytes, Math.max(2 * length, length + more))));
        }
        part.get(compressed, length, more);
        length += more;
    }

    private byte[] whole() throws IOException {
        if (tooLarge) {
            byte[] blanks = new byte[maxMessageBytes + 1];
            Arrays.fill(blanks, (byte) ' ');
            return blanks;
        }
        try {
            return zlib.inflate(compressed, length, maxMessageBytes + 1);
        } catch (DataFormatException e) {
            throw new IOException("the message is not compressed correctly", e);
        }
    }

    private void hold(byte[] bytes) {
        budget.add(bytes.length - (long) compressed.length);
        compressed = bytes;
    }

    private void release() {
        receiving = null;
        hold(NOTHING);
        length = 0;
        tooLarge = false;
    }

    /** The connection is closed. */
    @Override
    public synchronized void dispose() {
        disposed = true;
        release();
    }
}
