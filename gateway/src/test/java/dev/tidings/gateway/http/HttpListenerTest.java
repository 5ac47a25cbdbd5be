package dev.tidings.gateway.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.gateway.auth.ClientAddress;
import dev.tidings.gateway.frame.LiveHead;
import dev.tidings.gateway.session.BufferBudget;
import dev.tidings.gateway.session.ClientSession;
import dev.tidings.gateway.session.Sessions;
import dev.tidings.gateway.session.TestGateway;
import dev.tidings.gateway.session.Transport;
import dev.tidings.gateway.tls.TestCertificate;
import dev.tidings.gateway.tls.TlsCertificates;
import dev.tidings.gateway.tls.TlsFiles;
import dev.tidings.schemas.Limits;
import dev.tidings.schemas.id.AddressBlock;
import dev.tidings.v1.Error;
import dev.tidings.v1.HeadNotice;
import dev.tidings.v1.HeartbeatReply;
import dev.tidings.v1.ServerFrame;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real sockets and real sessions; the log is in memory. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HttpListenerTest {

    private static final ServerFrame FRAME = ServerFrame.newBuilder()
            .setHeartbeat(HeartbeatReply.getDefaultInstance())
            .build();

    /** A few of them fill the buffers of a socket. */
    private static final ServerFrame LARGE = ServerFrame.newBuilder()
            .setError(Error.newBuilder().setMessage("x".repeat(100_000)))
            .build();

    private final TestGateway gateway =
            new TestGateway.Builder().budgetBytes(100_000_000).build();
    private final Sessions sessions = gateway.sessions;
    private final BufferBudget budget = gateway.budget;
    private final BlockingQueue<Transport> transports = new LinkedBlockingQueue<>();
    private final BlockingQueue<ClientSession> begun = new LinkedBlockingQueue<>();
    private final BlockingQueue<Runnable> ends = new LinkedBlockingQueue<>();
    private final ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor();
    private HttpListener listener = open(HttpPort.anyLocal());

    private HttpListener open(HttpPort port) {
        return HttpListener.open(
                port,
                new ClientAddress(List.of(requireNonNull(AddressBlock.parse("127.0.0.1")))),
                sessions,
                this::session,
                budget,
                ends::add,
                writers,
                exchange -> exchange.setStatusCode(404),
                null,
                List::of,
                gateway.metrics);
    }

    @AfterEach
    void close() {
        listener.close();
        writers.shutdownNow();
    }

    /** A session sends under its own lock while the socket's thread finds that the client is gone. */
    @Test
    void a_session_can_send_while_its_socket_breaks() throws Exception {
        WebSocket client = connect();
        ClientSession session = begun.take();
        Transport transport = transports.take();

        synchronized (session) {
            client.abort();
            while (ends.isEmpty()) {
                transport.send(FRAME);
            }
            transport.send(FRAME);
        }

        assertEquals(1, sessions.size());
        ends.take().run();
        assertEquals(0, sessions.size());
    }

    @Test
    void the_address_of_a_client_behind_a_trusted_proxy_is_the_forwarded_one() throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            http.newWebSocketBuilder()
                    .header("X-Forwarded-For", "198.51.100.1, 203.0.113.9")
                    .subprotocols("tidings.v1.json")
                    .buildAsync(URI.create("ws://127.0.0.1:" + listener.port() + "/v1/ws"), new WebSocket.Listener() {})
                    .join()
                    .abort();
        }

        assertEquals(AddressBlock.parseAddress("203.0.113.9"), transports.take().address());
    }

    @Test
    void all_clients_receive_the_disconnect_before_their_sockets_close() throws Exception {
        List<BlockingQueue<String>> clients = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            clients.add(new LinkedBlockingQueue<>());
            connect(clients.getLast());
        }
        // the handshake completes at the client a moment before the gateway adds the session
        await().atMost(Duration.ofMinutes(1)).until(() -> sessions.size() == clients.size());

        sessions.drain();
        while (sessions.size() > 0) {
            ends.take().run();
        }
        listener.close();

        for (BlockingQueue<String> received : clients) {
            String frame = received.poll(60, TimeUnit.SECONDS);
            assertTrue(frame != null && frame.contains("\"jitterMs\":100"), () -> "received " + frame);
        }
    }

    @Test
    void a_client_that_connects_to_a_draining_gateway_receives_a_disconnect() throws Exception {
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        sessions.drain();

        connect(received);

        String frame = received.poll(60, TimeUnit.SECONDS);
        assertTrue(frame != null && frame.contains("DRAINING"), () -> "received " + frame);
    }

    @Test
    void unread_frames_wait_as_messages_and_count_until_the_socket_is_closed() throws Exception {
        connect(new PausedClient());
        Transport transport = transports.take();
        for (int i = 0; i < 400; i++) {
            transport.send(LARGE);
        }

        assertTrue(transport.isBehind());
        assertTrue(transport.waitingBytes() > 10_000_000, () -> "waiting " + transport.waitingBytes());
        assertTrue(budget.heldBytes() > 10_000_000, () -> "held " + budget.heldBytes());
        transport.abort();

        assertEquals(0, transport.waitingBytes());
        await().atMost(Duration.ofMinutes(1))
                .until(() -> budget.heldBytes() == 0); // the writer may be encoding a frame
        ends.take().run();
        assertEquals(0, sessions.size());
    }

    @Test
    void frames_read_late_come_in_order_and_the_last_head_of_a_room_comes_last() throws Exception {
        PausedClient client = new PausedClient();
        WebSocket socket = connect(client);
        Transport transport = transports.take();
        CountDownLatch caughtUp = new CountDownLatch(1);
        transport.onCaughtUp(caughtUp::countDown);
        for (int i = 0; i < 400; i++) {
            transport.send(LARGE);
        }
        for (long seq = 1; seq <= 3; seq++) {
            transport.send(new LiveHead(HeadNotice.newBuilder()
                    .setConversationId("r:lobby")
                    .setLastSeq(seq)
                    .build()));
        }
        transport.send(FRAME);
        transport.close(Transport.CloseReason.GOING_AWAY);
        assertEquals(1, caughtUp.getCount());

        socket.request(Long.MAX_VALUE);

        assertEquals(1001, client.closed.get(60, TimeUnit.SECONDS));
        assertEquals(402, client.messages.size());
        assertTrue(client.messages.get(400).contains("heartbeat"));
        assertTrue(client.messages.getLast().contains("\"lastSeq\":\"3\""), client.messages::getLast);
        assertTrue(caughtUp.await(60, TimeUnit.SECONDS));
        await().atMost(Duration.ofMinutes(1)).until(() -> transport.waitingBytes() == 0);
    }

    @Test
    void a_socket_that_does_not_close_is_closed_by_force() throws Exception {
        connect(new PausedClient());
        begun.take();
        Transport transport = transports.take();
        for (int i = 0; i < 400; i++) {
            transport.send(LARGE);
        }
        long now = System.nanoTime();
        sessions.tick(now + TimeUnit.SECONDS.toNanos(6)); // no connect within 5 s
        assertTrue(ends.isEmpty());

        sessions.tick(now + TimeUnit.SECONDS.toNanos(12));

        ends.take().run();
        assertEquals(0, sessions.size());
        await().atMost(Duration.ofMinutes(1))
                .until(() -> budget.heldBytes() == 0); // the writer may be encoding a frame
    }

    @Test
    void a_frame_before_connected_has_at_most_16_kilobytes_and_the_disconnect_allows_to_reconnect() throws Exception {
        PausedClient client = new PausedClient();
        WebSocket socket = connect(client);
        socket.request(Long.MAX_VALUE);

        socket.sendText("x".repeat(Limits.FRAME_BEFORE_CONNECTED), true).join();
        await().atMost(Duration.ofMinutes(1)).until(() -> client.messages.size() == 1); // no frame, but not too large
        socket.sendText("x".repeat(Limits.FRAME_BEFORE_CONNECTED + 1), true);

        assertEquals(1009, client.closed.get(60, TimeUnit.SECONDS));
        String last = client.messages.getLast();
        assertTrue(last.contains("FRAME_TOO_LARGE") && last.contains("\"reconnect\":true"), last);
    }

    @Test
    void unfinished_frames_take_only_the_memory_of_what_has_arrived_and_time_out() throws Exception {
        int clients = 100;
        List<WebSocket> sockets = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            WebSocket socket = connect(new PausedClient());
            socket.sendText("x".repeat(Limits.FRAME_BEFORE_CONNECTED / 2), false)
                    .join();
            sockets.add(socket);
        }
        await().atMost(Duration.ofMinutes(1))
                .until(() -> budget.heldBytes() >= (long) clients * Limits.FRAME_BEFORE_CONNECTED / 2);
        for (WebSocket socket : sockets) {
            socket.sendText("x".repeat(Limits.FRAME_BEFORE_CONNECTED / 2), false)
                    .join();
        }
        await().atMost(Duration.ofMinutes(1))
                .until(() -> budget.heldBytes() >= (long) clients * Limits.FRAME_BEFORE_CONNECTED);
        assertTrue(budget.heldBytes() <= clients * (Limits.FRAME_BEFORE_CONNECTED + 1L));

        long now = System.nanoTime();
        sessions.tick(now + TimeUnit.SECONDS.toNanos(6));
        sessions.tick(now + TimeUnit.SECONDS.toNanos(12));

        for (int i = 0; i < clients; i++) {
            ends.take().run();
        }
        assertEquals(0, sessions.size());
        await().atMost(Duration.ofMinutes(1))
                .until(() -> budget.heldBytes() == 0); // the writer may be encoding a frame
    }

    @Test
    void a_request_that_does_not_end_is_closed() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", listener.port())) {
            socket.getOutputStream().write("GET /healthz HTTP/1.1\r\nHost: gateway\r\nX-".getBytes(US_ASCII));

            assertEquals(-1, socket.getInputStream().read());
        }
    }

    @Test
    void a_port_with_a_certificate_speaks_https_and_wss_only_and_a_separate_health_port_has_the_metrics(
            @TempDir Path directory) throws Exception {
        TestCertificate certificate = TestCertificate.make(directory, "EC", "listener");
        TlsFiles files = new TlsFiles(directory.resolve("cert.pem"), directory.resolve("key.pem"));
        certificate.writeTo(files);
        listener.close();
        listener = open(new HttpPort("127.0.0.1", 0, TlsCertificates.load(files, gateway.metrics), false, 0));
        String host = "127.0.0.1:" + listener.port();

        try (HttpClient http =
                HttpClient.newBuilder().sslContext(certificate.clientContext()).build()) {
            assertEquals(200, status(http, "https://" + host + "/readyz"));
            assertEquals(200, status(http, "https://" + host + "/healthz"));
            assertEquals(404, status(http, "https://" + host + "/metrics"));
            http.newWebSocketBuilder()
                    .subprotocols("tidings.v1.json")
                    .buildAsync(URI.create("wss://" + host + "/v1/ws"), new PausedClient())
                    .join()
                    .abort();
            assertThrows(IOException.class, () -> status(http, "http://" + host + "/readyz"));
        }
        transports.take();
    }

    private static int status(HttpClient http, String url) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "mqtt", "tidings.v2.json"})
    void a_handshake_without_a_known_subprotocol_is_refused(String subprotocol) {
        WebSocket.Builder builder = HttpClient.newHttpClient().newWebSocketBuilder();
        if (!subprotocol.isEmpty()) {
            builder.subprotocols(subprotocol);
        }

        CompletionException refused = assertThrows(
                CompletionException.class,
                () -> builder.buildAsync(address(), new PausedClient()).join());

        WebSocketHandshakeException cause = assertInstanceOf(WebSocketHandshakeException.class, refused.getCause());
        assertEquals(400, cause.getResponse().statusCode());
        assertEquals(0, sessions.size());
    }

    private ClientSession session(Transport transport) {
        ClientSession session = gateway.session(transport);
        transports.add(transport);
        begun.add(session);
        return session;
    }

    private WebSocket connect() {
        return connect(new LinkedBlockingQueue<>());
    }

    private WebSocket connect(BlockingQueue<String> received) {
        return connect(new WebSocket.Listener() {
            @Override
            public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
                received.add(text.toString());
                return WebSocket.Listener.super.onText(socket, text, last);
            }
        });
    }

    private WebSocket connect(WebSocket.Listener listener) {
        return HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .subprotocols("tidings.v1.json")
                .buildAsync(address(), listener)
                .join();
    }

    private URI address() {
        return URI.create("ws://127.0.0.1:" + listener.port() + "/v1/ws");
    }

    /** A client that reads nothing until the test requests it. */
    private static final class PausedClient implements WebSocket.Listener {

        private final List<String> messages = new CopyOnWriteArrayList<>();
        private final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private final StringBuilder message = new StringBuilder();

        @Override
        public void onOpen(WebSocket socket) {
            // requests nothing
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            message.append(text);
            if (last) {
                messages.add(message.toString());
                message.setLength(0);
            }
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete(code);
            return null;
        }
    }
}
