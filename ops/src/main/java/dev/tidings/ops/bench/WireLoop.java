package dev.tidings.ops.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Many WebSockets on one thread.
 *
 * <p>A client of its own, because the generator shares its processors with the system it measures: for 10,000 messages
 * per second over 200 connections (30,000 frames back) this way took half the processor time of Undertow's client or
 * the JDK's.
 */
final class WireLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WireLoop.class);

    private final Selector selector;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile boolean closed;

    WireLoop() throws IOException {
        selector = Selector.open();
        thread = Thread.ofPlatform().name("bench-wires").daemon().start(this::run);
    }

    /** Starts to connect; the listener learns what comes of it. Nothing is to be sent before {@link Wire.Listener#opened}. */
    Wire connect(URI url, FrameFormat format, Wire.Listener listener) {
        NioWire wire = new NioWire(this, url.getAuthority(), format, listener);
        InetSocketAddress address = new InetSocketAddress(url.getHost(), BenchPlan.port(url));
        execute(() -> wire.connect(selector, address));
        return wire;
    }

    void execute(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    /** Ends every connection without telling its listener. */
    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (selector) {
            while (!closed) {
                selector.select(WireLoop::serve);
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
            }
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
        } catch (IOException e) {
            LOG.error("wires.failed", e);
            throw new UncheckedIOException(e);
        }
    }

    private static void serve(SelectionKey key) {
        ((NioWire) key.attachment()).serve();
    }
}
