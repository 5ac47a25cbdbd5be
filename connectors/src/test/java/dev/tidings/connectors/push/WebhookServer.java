package dev.tidings.connectors.push;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A local webhook: records requests, and answers as configured, by default with 204. */
final class WebhookServer implements AutoCloseable {

    record Request(Map<String, List<String>> headers, byte[] body) {

        /** The only value of a header; names as the server writes them. */
        String header(String name) {
            return headers.getOrDefault(name, List.of("")).getFirst();
        }
    }

    /** @param headers names and values in turn */
    private record Reply(int status, List<String> headers) {}

    final List<Request> requests = new CopyOnWriteArrayList<>();
    /** Requests whose idempotency key contains this are not answered before {@link #close}. */
    volatile @Nullable String stalling;

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    WebhookServer() throws IOException {
        this(0);
    }

    /** @param port 0: any */
    WebhookServer(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext("/push", this::answer);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/push";
    }

    /** The next request that has no answer yet is answered so. */
    void answerNext(int status, String... headers) {
        replies.add(new Reply(status, List.of(headers)));
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Request request = new Request(
                    Map.copyOf(exchange.getRequestHeaders()),
                    exchange.getRequestBody().readAllBytes());
            requests.add(request);
            String stalled = stalling;
            if (stalled != null && request.header("Idempotency-key").contains(stalled)) {
                closed.await();
            }
            Reply next = replies.poll();
            Reply reply = next == null ? new Reply(204, List.of()) : next;
            for (int i = 0; i < reply.headers().size(); i += 2) {
                exchange.getResponseHeaders()
                        .add(reply.headers().get(i), reply.headers().get(i + 1));
            }
            exchange.sendResponseHeaders(reply.status(), -1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
