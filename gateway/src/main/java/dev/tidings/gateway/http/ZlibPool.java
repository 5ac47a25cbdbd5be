package dev.tidings.gateway.http;

import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Compresses and decompresses whole messages as RFC 7692 defines it. Shares a few compressors, which have much native memory,
 * among all connections. Thread-safe.
 */
final class ZlibPool {

    private static final int MAX_IDLE = 16;

    /** The end of a flushed block, which is not sent. */
    private static final byte[] TAIL = {0, 0, -1, -1};

    private final BlockingQueue<Deflater> deflaters = new ArrayBlockingQueue<>(MAX_IDLE);
    private final BlockingQueue<Inflater> inflaters = new ArrayBlockingQueue<>(MAX_IDLE);

    /** Returns the compressed message. */
    byte[] deflate(byte[] message) {
        Deflater deflater = deflaters.poll();
        if (deflater == null) {
            deflater = new Deflater(Deflater.BEST_SPEED, true);
        }
        deflater.setInput(message);
        byte[] output = new byte[Math.max(64, message.length / 2)];
        int length = deflater.deflate(output, 0, output.length, Deflater.SYNC_FLUSH);
        while (length == output.length) {
            output = Arrays.copyOf(output, 2 * length);
            length += deflater.deflate(output, length, output.length - length, Deflater.SYNC_FLUSH);
        }
        deflater.reset();
        if (!deflaters.offer(deflater)) {
            deflater.end();
        }
        return Arrays.copyOf(output, length - TAIL.length);
    }

    /**
     * Returns the decompressed message; its first {@code maxBytes} if there are more.
     *
     * @throws DataFormatException if the message is not compressed as the RFC defines it
     */
    byte[] inflate(byte[] compressed, int compressedBytes, int maxBytes) throws DataFormatException {
        Inflater inflater = inflaters.poll();
        if (inflater == null) {
            inflater = new Inflater(true);
        }
        try {
            byte[] input = Arrays.copyOf(compressed, compressedBytes + TAIL.length);
            System.arraycopy(TAIL, 0, input, compressedBytes, TAIL.length);
            inflater.setInput(input);
            byte[] output = new byte[Math.clamp(4L * compressedBytes, 64, maxBytes)];
            int length = inflater.inflate(output);
            while (length == output.length && length < maxBytes) {
                output = Arrays.copyOf(output, Math.clamp(2L * length, 64, maxBytes));
                length += inflater.inflate(output, length, output.length - length);
            }
            if (length < maxBytes && !inflater.needsInput() && !inflater.finished()) {
                throw new DataFormatException("the message needs a dictionary");
            }
            return Arrays.copyOf(output, length);
        } finally {
            inflater.reset();
            if (!inflaters.offer(inflater)) {
                inflater.end();
            }
        }
    }
}
