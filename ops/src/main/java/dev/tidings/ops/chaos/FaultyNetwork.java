package dev.tidings.ops.chaos;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TCP proxies between the processes of a cluster. One process at a time can be cut off from all others, or its network can be slow.
 * Bytes that are on their way while it is cut off arrive afterwards, as TCP repeats them. Thread-safe.
 */
final class FaultyNetwork implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FaultyNetwork.class);
    private static final int CHUNK_BYTES = 16 << 10;
    private static final int BACKLOG = 200;
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    /** Finds the process that has opened a connection. */
    interface Owners {
        /**
         * Returns the name of the process with a connection from this port of its own to that one; null if it is unknown.
         */
        @Nullable
        String ownerOf(int localPort, int remotePort) throws IOException;
    }

    /**
     * The network fault of the moment.
     *
     * @param process whose connections to others are concerned; null: no fault
     * @param delay of each chunk; null: nothing passes
     */
    private record Disturbance(
            @Nullable String process, @Nullable Duration delay) {

        private static final Disturbance NONE = new Disturbance(null, Duration.ZERO);

        boolean concerns(Link link) {
            return process != null && process.equals(link.client) != process.equals(link.server);
        }
    }

    /** @param client name of the process that has opened the connection; null: unknown, such as the load generator */
    private record Link(@Nullable String client, String server) {}

    private final Owners owners;
    private final Set<Closeable> open = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Disturbance disturbance = Disturbance.NONE;
    private boolean closed;

    FaultyNetwork(Owners owners) {
        this.owners = owners;
    }

    /**
     * Adds a proxy.
     *
     * @param server name of the process that it leads to
     * @param port on which that process listens, now or later
     * @param proxyPort of the proxy; 0: any free one
     * @return the port of the proxy
     */
    int addProxy(String server, int port, int proxyPort) throws IOException {
        ServerSocket listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(new InetSocketAddress(LOOPBACK, proxyPort), BACKLOG);
        open.add(listener);
        Thread.ofVirtual().name("proxy-" + server).start(() -> accept(listener, server, port));
        return listener.getLocalPort();
    }

    /** Blocks all bytes between this process and the others, until {@link #heal}. */
    void cutOff(String process) {
        change(new Disturbance(process, null));
    }

    /** Delays every chunk of up to 16 kB between this process and the others, until {@link #heal}. */
    void slowDown(String process, Duration delay) {
        change(new Disturbance(process, delay));
    }

    void heal() {
        change(Disturbance.NONE);
    }

    private void change(Disturbance next) {
        lock.lock();
        try {
            disturbance = next;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void accept(ServerSocket listener, String server, int port) {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> connect(client, server, port));
            } catch (IOException e) {
                LOG.debug("proxy accepts no connection server={}", server, e); // it is closed
            }
        }
    }

    private void connect(Socket client, String server, int port) {
        try {
            Socket upstream =
                    new Socket(LOOPBACK, port); // first: a server that does not run needs no search for the owner
            open.add(upstream);
            Link link = new Link(owners.ownerOf(client.getPort(), client.getLocalPort()), server);
            Thread.ofVirtual().start(() -> pass(client, upstream, link));
            Thread.ofVirtual().start(() -> pass(upstream, client, link));
        } catch (IOException e) {
            LOG.debug("connection refused server={}", server, e);
            close(client);
        }
    }

    private void pass(Socket from, Socket to, Link link) {
        byte[] chunk = new byte[CHUNK_BYTES];
        try {
            from.setTcpNoDelay(true);
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
                awaitPassage(link);
                out.write(chunk, 0, length);
            }
        } catch (IOException e) {
            LOG.debug("connection has ended link={}", link, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close(from);
            close(to);
        }
    }

    /** Returns when a chunk may pass. */
    private void awaitPassage(Link link) throws InterruptedException {
        lock.lock();
        Duration delay;
        try {
            while (!closed && disturbance.concerns(link) && disturbance.delay() == null) {
                changed.await();
            }
            delay = disturbance.concerns(link) ? disturbance.delay() : null;
        } finally {
            lock.unlock();
        }
        if (delay != null) {
            Thread.sleep(delay);
        }
    }

    private void close(Closeable socket) {
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("socket not closed", e);
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        open.forEach(this::close);
    }
}
