package dev.tidings.ops.bench.websocket;

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
 * Runs the WebSocket connections of a load generator on one thread.
 *
 * <p>The generator shares its processors with the system it measures. For 10,000 messages per second over 200 connections
 * (30,000 frames back) this client takes half the processor time of Undertow's or the JDK's (decision record 12).
 */
public final class WebSocketEventLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WebSocketEventLoop.class);

    private static final int DEFAULT_PORT = 80;

    private final Selector selector;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private final int firstBufferBytes;
    private volatile boolean closed;

    public WebSocketEventLoop() throws IOException {
        this(NioWebSocketClient.FIRST_BUFFER_BYTES);
    }

    /** @param firstBufferBytes of each connection; a larger frame makes it grow */
    public WebSocketEventLoop(int firstBufferBytes) throws IOException {
        this.firstBufferBytes = firstBufferBytes;
        selector = Selector.open();
        thread = Thread.ofPlatform().name("bench-websockets").daemon().start(this::run);
    }

    /**
     * Starts to connect to {@code /v1/ws} at this address. The caller sends nothing before {@link WebSocketClient.Listener#opened}.
     *
     * @param url {@code http://host:port}
     * @param subprotocol the only one offered in the handshake
     * @param binary whether messages are sent as binary frames; false: as text frames
     */
    public WebSocketClient connect(URI url, String subprotocol, boolean binary, WebSocketClient.Listener listener) {
        NioWebSocketClient client =
                new NioWebSocketClient(this, url.getAuthority(), subprotocol, binary, firstBufferBytes, listener);
        InetSocketAddress address =
                new InetSocketAddress(url.getHost(), url.getPort() < 0 ? DEFAULT_PORT : url.getPort());
        execute(() -> client.connect(selector, address));
        return client;
    }

    /** Runs a task on the loop's thread. */
    void execute(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    /** Closes every connection; listeners are not called. */
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
                selector.select(WebSocketEventLoop::serve);
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
            }
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
        } catch (IOException e) {
            LOG.error("websocket_loop.failed", e);
            throw new UncheckedIOException(e);
        }
    }

    private static void serve(SelectionKey key) {
        ((NioWebSocketClient) key.attachment()).serve();
    }
}
