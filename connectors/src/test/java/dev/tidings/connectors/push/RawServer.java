package dev.tidings.connectors.push;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** An HTTP server that writes whatever bytes it is given, and then keeps the connection open or closes it. */
final class RawServer implements AutoCloseable {

    final AtomicInteger requests = new AtomicInteger();
    /** Connections that the client has closed. */
    final AtomicInteger closedByClient = new AtomicInteger();

    private final byte[] response;
    private final boolean closes;
    private final ServerSocket socket;
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    private RawServer(String response, boolean closes) throws IOException {
        this.response = response.getBytes(StandardCharsets.US_ASCII);
        this.closes = closes;
        this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** Writes this to each request, and nothing more. */
    static RawServer stallingAfter(String response) throws IOException {
        return new RawServer(response, false);
    }

    /** Writes this to each request, and closes the connection. */
    static RawServer closingAfter(String response) throws IOException {
        return new RawServer(response, true);
    }

    String url() {
        return "http://127.0.0.1:" + socket.getLocalPort() + "/push";
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket one : open) {
            one.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = socket.accept();
                open.add(connection);
                Thread.ofVirtual().start(() -> serve(connection));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
            int length = 0;
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                if (line.regionMatches(true, 0, "Content-Length:", 0, 15)) {
                    length = Integer.parseInt(line.substring(15).strip());
                }
            }
            for (int i = 0; i < length; i++) {
                in.read();
            }
            requests.incrementAndGet();
            OutputStream out = connection.getOutputStream();
            out.write(response);
            out.flush();
            if (!closes && in.read() < 0) {
                closedByClient.incrementAndGet();
            }
        } catch (IOException e) {
            closedByClient.incrementAndGet();
        }
    }
}
