package dev.tidings.ops.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Says one thing to a server on 127.0.0.1 and hears the beginning of its answer, on a connection of its own: a kept
 * connection would hold up the server's stop.
 */
final class Loopback {

    private static final int ANSWER_BYTES = 256;

    /** @return what came first, at most 256 bytes, empty where the connection was closed without an answer */
    static String ask(int port, String request, Duration patience) throws IOException {
        int patienceMillis = Math.toIntExact(patience.toMillis());
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(LocalPort.LOOPBACK, port), patienceMillis);
            socket.setSoTimeout(patienceMillis);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            byte[] answer = new byte[ANSWER_BYTES];
            InputStream in = socket.getInputStream();
            int length = Math.max(0, in.read(answer));
            return new String(answer, 0, length, StandardCharsets.US_ASCII);
        }
    }

    private Loopback() {}
}
