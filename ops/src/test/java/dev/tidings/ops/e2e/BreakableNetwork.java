package dev.tidings.ops.e2e;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A TCP proxy to a server that can be cut: it closes its connections and drops new ones until it is mended. */
final class BreakableNetwork implements AutoCloseable {

    private final URI server;
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean broken;

    /** @param server host and port that it forwards to */
    BreakableNetwork(URI server) throws IOException {
        this.server = server;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** The URL of the server through this proxy. */
    URI url() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort() + server.getPath());
    }

    void cut() {
        broken = true;
        sockets.forEach(BreakableNetwork::closeQuietly);
    }

    void mend() {
        broken = false;
    }

    @Override
    public void close() {
        closeQuietly(listener);
        cut();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                connect(listener.accept());
            } catch (IOException e) {
                // this proxy is closed, or the server does not accept: the client is cut off
            }
        }
    }

    private void connect(Socket client) throws IOException {
        sockets.add(client);
        if (broken) {
            closeQuietly(client);
            return;
        }
        try {
            Socket upstream = new Socket(server.getHost(), server.getPort());
            sockets.add(upstream);
            if (broken) {
                closeQuietly(upstream);
            }
            Thread.ofVirtual().start(() -> pass(client, upstream));
            Thread.ofVirtual().start(() -> pass(upstream, client));
        } catch (IOException e) {
            closeQuietly(client);
            throw e;
        }
    }

    private void pass(Socket from, Socket to) {
        try (from;
                to) {
            from.setTcpNoDelay(true);
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
        } catch (IOException e) {
            // one end is closed, so both are
        } finally {
            sockets.remove(from);
        }
    }

    private static void closeQuietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
