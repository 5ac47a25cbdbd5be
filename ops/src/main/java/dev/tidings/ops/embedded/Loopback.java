package dev.tidings.ops.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Sends one request to a server on 127.0.0.1 and reads the beginning of its response. Uses a new connection each time: an open one
 * would delay the server's stop.
 */
final class Loopback {

    private static final int ANSWER_BYTES = 256;

    /** Returns the first bytes of the response, at most 256; empty if the server closes the connection without one. */
    static String ask(int port, String request, Duration timeout) throws IOException {
        int timeoutMillis = Math.toIntExact(timeout.toMillis());
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(LocalPort.LOOPBACK, port), timeoutMillis);
            socket.setSoTimeout(timeoutMillis);
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
