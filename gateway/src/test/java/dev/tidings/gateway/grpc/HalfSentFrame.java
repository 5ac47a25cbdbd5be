package dev.tidings.gateway.grpc;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** A stream whose client announces a frame and sends only a part of it: HTTP/2 by hand, which libraries do not allow. */
final class HalfSentFrame implements AutoCloseable {

    private static final byte SETTINGS = 4;
    private static final byte HEADERS = 1;
    private static final byte DATA = 0;
    private static final byte END_HEADERS = 4;

    private final Socket socket;

    /**
     * @param announced bytes of the frame
     * @param sent bytes of it that are sent; at most 16,000
     */
    HalfSentFrame(int port, int announced, int sent) throws IOException {
        socket = new Socket("127.0.0.1", port);
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        write(out, SETTINGS, (byte) 0, 0, new byte[0]);
        write(out, HEADERS, END_HEADERS, 1, headers());
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        DataOutputStream message = new DataOutputStream(data);
        message.writeByte(0); // not compressed
        message.writeInt(announced);
        message.write(new byte[sent]);
        write(out, DATA, (byte) 0, 1, data.toByteArray());
        out.flush();
    }

    private static void write(DataOutputStream out, byte type, byte flags, int stream, byte[] payload)
            throws IOException {
        out.writeByte(payload.length >> 16);
        out.writeShort(payload.length);
        out.writeByte(type);
        out.writeByte(flags);
        out.writeInt(stream);
        out.write(payload);
    }

    /** Each field as a literal without indexing (RFC 7541, 6.2.2); pseudo-fields come first. */
    private static byte[] headers() {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        List<Map.Entry<String, String>> fields = List.of(
                Map.entry(":method", "POST"),
                Map.entry(":scheme", "http"),
                Map.entry(":path", "/tidings.v1.Tidings/Connect"),
                Map.entry(":authority", "localhost"),
                Map.entry("content-type", "application/grpc"),
                Map.entry("te", "trailers"));
        for (Map.Entry<String, String> field : fields) {
            block.write(0);
            literal(block, field.getKey());
            literal(block, field.getValue());
        }
        return block.toByteArray();
    }

    private static void literal(ByteArrayOutputStream block, String text) {
        block.write(text.length());
        block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
