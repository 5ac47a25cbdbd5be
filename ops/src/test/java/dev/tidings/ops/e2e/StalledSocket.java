package dev.tidings.ops.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Heartbeat;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;

/** A connected device that stops reading: what it is sent fills the socket's buffers, and then waits at the gateway. */
final class StalledSocket implements AutoCloseable {

    private static final int SMALL_BUFFER = 8_192;
    private static final int READ_TIMEOUT_MILLIS = 60_000;

    private final Socket socket;

    private StalledSocket(Socket socket) {
        this.socket = socket;
    }

    /** Returns once the gateway has said {@code connected}; from then on nothing is read. */
    static StalledSocket connected(URI gateway, String userId) throws IOException {
        Socket socket = upgraded(gateway, SMALL_BUFFER);
        write(socket, ChatClient.connect(ChatClient.devToken(gateway, userId), "stalled").setId("1").build());
        if (socket.getInputStream().read() < 0) {
            throw new IOException("the gateway closed before the session was open");
        }
        return new StalledSocket(socket);
    }

    /**
     * A socket upgraded to {@code tidings.v1.proto}.
     *
     * @param receiveBuffer bytes; 0: the system's default
     */
    static Socket upgraded(URI gateway, int receiveBuffer) throws IOException {
        Socket socket = new Socket();
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.setSoTimeout(READ_TIMEOUT_MILLIS);
        socket.connect(new InetSocketAddress(gateway.getHost(), gateway.getPort()));
        OutputStream out = socket.getOutputStream();
        out.write(("GET /v1/ws HTTP/1.1\r\nHost: " + gateway.getAuthority()
                        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: tidings.v1.proto\r\n\r\n")
                .getBytes(UTF_8));
        out.flush();
        readHead(socket.getInputStream());
        return socket;
    }

    private static void readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("closed before the upgrade: " + head);
            }
            head.append((char) next);
        }
        if (!head.toString().startsWith("HTTP/1.1 101")) {
            throw new IOException("not upgraded: " + head);
        }
    }

    private static void write(Socket socket, ClientFrame frame) throws IOException {
        byte[] bytes = frame.toByteArray();
        ByteBuffer framed = ByteBuffer.allocate(bytes.length + 8)
                .put((byte) 0x82)
                .put((byte) (0x80 | 126))
                .putShort((short) bytes.length)
                .putInt(0)
                .put(bytes);
        socket.getOutputStream().write(framed.array(), 0, framed.position());
        socket.getOutputStream().flush();
    }

    /** Whether the gateway has given the socket up: writing to it fails, however much waits to be read. */
    boolean isEnded() {
        try {
            write(socket, ClientFrame.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance()).build());
            return false;
        } catch (SocketTimeoutException e) {
            throw new UncheckedIOException(e);
        } catch (IOException reset) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
