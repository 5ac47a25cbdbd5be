package dev.tidings.ops.bench.websocket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketFramesTest {

    private final List<byte[]> messages = new ArrayList<>();
    private final List<byte[]> pings = new ArrayList<>();
    private final List<String> closes = new ArrayList<>();
    private final WebSocketFrames frames = new WebSocketFrames();
    private final WebSocketFrames.Sink sink = new WebSocketFrames.Sink() {
        @Override
        public void message(ByteBuffer payload) {
            byte[] bytes = new byte[payload.remaining()];
            payload.get(bytes);
            messages.add(bytes);
        }

        @Override
        public void ping(byte[] payload) {
            pings.add(payload);
        }

        @Override
        public void close(String reason) {
            closes.add(reason);
        }
    };

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 65_535, 65_536, 100_000})
    void readsFramesOfAnyLengthByteByByte(int length) throws ProtocolException {
        byte[] payload = random(length);
        ByteBuffer frame = server(0x82, payload);
        ByteBuffer in = ByteBuffer.allocate(frame.remaining());
        while (frame.hasRemaining()) {
            in.put(frame.get()).flip();
            frames.read(in, sink);
            in.compact();
        }

        assertEquals(1, messages.size());
        assertArrayEquals(payload, messages.getFirst());
    }

    @Test
    void returnsTheBytesThatAnIncompleteFrameNeeds() throws ProtocolException {
        ByteBuffer start = server(0x82, random(70_000)).limit(100);

        assertEquals(70_010, frames.read(start, sink));
        assertEquals(100, start.remaining());
    }

    @Test
    void joinsFragmentsEvenWithAPingBetween() throws ProtocolException {
        ByteBuffer in = ByteBuffer.allocate(100)
                .put(server(0x01, new byte[] {1, 2}))
                .put(server(0x89, new byte[] {9}))
                .put(server(0x00, new byte[] {3}))
                .put(server(0x80, new byte[] {4}))
                .flip();

        frames.read(in, sink);

        assertArrayEquals(new byte[] {1, 2, 3, 4}, messages.getFirst());
        assertArrayEquals(new byte[] {9}, pings.getFirst());
    }

    @Test
    void reportsTheCloseCode() throws ProtocolException {
        frames.read(server(0x88, new byte[] {(byte) (4401 >> 8), (byte) 4401}), sink);

        assertEquals(List.of("closed by the server, code=4401"), closes);
    }

    @Test
    void rejectsMaskedAndOversizedFrames() {
        assertThrows(
                ProtocolException.class,
                () -> frames.read(ByteBuffer.wrap(new byte[] {(byte) 0x82, (byte) 0x80}), sink));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 125, 126, 65_535, 65_536})
    void writesMaskedFrames(int length) {
        byte[] payload = random(length);

        ByteBuffer frame = WebSocketFrames.message(true, payload);

        int lengthBytes = length < 126 ? 0 : length <= 65_535 ? 2 : 8;
        assertEquals((byte) 0x82, frame.get(0));
        assertEquals(0x80, frame.get(1) & 0x80);
        assertEquals(2 + lengthBytes + 4 + length, frame.remaining());
        byte[] mask = new byte[4];
        frame.position(2 + lengthBytes).get(mask);
        byte[] masked = new byte[length];
        frame.get(masked);
        for (int i = 0; i < length; i++) {
            masked[i] ^= mask[i % 4];
        }
        assertArrayEquals(payload, masked);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static ByteBuffer server(int firstByte, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(10 + payload.length).put((byte) firstByte);
        if (payload.length < 126) {
            frame.put((byte) payload.length);
        } else if (payload.length <= 65_535) {
            frame.put((byte) 126).putShort((short) payload.length);
        } else {
            frame.put((byte) 127).putLong(payload.length);
        }
        return frame.put(payload).flip();
    }
}
