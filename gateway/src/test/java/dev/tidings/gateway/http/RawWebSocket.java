package dev.tidings.gateway.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Locale;

/** A WebSocket client that sends and receives single frames as they are on the wire. */
final class RawWebSocket implements AutoCloseable {

    /** FIN and the opcode text. */
    static final int TEXT = 0x81;

    /** The same, marked as compressed. */
    static final int COMPRESSED_TEXT = 0xC1;

    static final int CLOSE = 0x88;

    /** @param head FIN, the reserved bits and the opcode */
    record Frame(int head, byte[] payload) {}

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final String response;

    /** @param extensions the offer; empty: none */
    RawWebSocket(int port, String extensions) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(60_000);
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
        out.write(("GET /v1/ws HTTP/1.1\r\nHost: gateway\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                        + "Sec-WebSocket-Protocol: tidings.v1.json\r\n"
                        + (extensions.isEmpty() ? "" : "Sec-WebSocket-Extensions: " + extensions + "\r\n") + "\r\n")
                .getBytes(US_ASCII));
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            head.append((char) in.readUnsignedByte());
        }
        response = head.toString();
    }

    /** The value of a header of the handshake's response; empty if it is absent. */
    String header(String name) {
        return response.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ':'))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    /** Sends one frame, with a mask of zeros. */
    void send(int head, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(14 + payload.length).put((byte) head);
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else if (payload.length < 65_536) {
            frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (0x80 | 127)).putLong(payload.length);
        }
        frame.putInt(0).put(payload).flip();
        out.write(frame.array(), 0, frame.limit());
    }

    /** Receives one frame. */
    Frame receive() throws IOException {
        int head = in.readUnsignedByte();
        int shortLength = in.readUnsignedByte();
        long length = switch (shortLength) {
            case 126 -> in.readUnsignedShort();
            case 127 -> in.readLong();
            default -> shortLength;
        };
        return new Frame(head, in.readNBytes((int) length));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
