package dev.tidings.gateway.http;

import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import dev.tidings.gateway.api.Access;
import dev.tidings.gateway.api.ClientApi;
import dev.tidings.gateway.auth.BanList;
import dev.tidings.gateway.auth.ClientAddress;
import dev.tidings.gateway.follow.Following;
import dev.tidings.gateway.history.HistoryRange;
import dev.tidings.gateway.log.RecordedLog;
import dev.tidings.gateway.session.ClientSession;
import dev.tidings.gateway.session.Openings;
import dev.tidings.gateway.session.ReconnectPace;
import dev.tidings.gateway.session.SessionTerms;
import dev.tidings.gateway.session.Sessions;
import dev.tidings.gateway.session.Transport;
import dev.tidings.schemas.id.AddressBlock;
import dev.tidings.v1.HeartbeatReply;
import dev.tidings.v1.LoginPolicy;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.WatchPresence;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real sockets and real sessions; only the log is made up. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HttpListenerTest {

    private static final SessionTerms TERMS = new SessionTerms(
            3, 8, 65_536, 100, Duration.ofSeconds(10), LoginPolicy.ALL_DEVICES, WatchPresence.Visibility.FRIENDS);
    private static final ReconnectPace PACE = new ReconnectPace(1_000);
    private static final ServerFrame FRAME = ServerFrame.newBuilder()
            .setHeartbeat(HeartbeatReply.getDefaultInstance())
            .build();

    private final RecordedLog log = new RecordedLog();
    private final MetricRegistry metrics = new MetricRegistry();
    private final Following following = new Following(TERMS.slot(), TERMS.epoch(), log);
    private final Access access = new Access(log, Duration.ofMinutes(1));
    private final Sessions sessions = new Sessions(
            following, access, PACE, new BanList(System::currentTimeMillis), System::currentTimeMillis, metrics);
    private final Openings openings = new Openings(10, PACE, Runnable::run, metrics);
    private final ClientApi api = new ClientApi(
            log, access, (id, from, to, limit) -> new HistoryRange(List.of(), from, 0, true, 0), Runnable::run);

    private final BlockingQueue<Transport> transports = new LinkedBlockingQueue<>();
    private final BlockingQueue<ClientSession> begun = new LinkedBlockingQueue<>();
    private final BlockingQueue<Runnable> ends = new LinkedBlockingQueue<>();
    private final HttpListener listener = HttpListener.open(
            "127.0.0.1",
            0,
            65_536,
            new ClientAddress(List.of(requireNonNull(AddressBlock.parse("127.0.0.1")))),
            sessions,
            this::session,
            ends::add,
            null,
            List::of,
            metrics);

    @AfterEach
    void close() {
        listener.close();
    }

    /** As deliveries are: a session sends under its own lock, while the socket's thread finds that the client is gone. */
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
    void the_address_of_a_client_is_what_a_trusted_proxy_says() throws Exception {
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
    void everyone_who_is_asked_to_go_hears_it_before_the_sockets_close() throws Exception {
        List<BlockingQueue<String>> clients = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            clients.add(new LinkedBlockingQueue<>());
            connect(clients.getLast());
        }
        // a client may know that it is connected a moment before the gateway does
        await().until(() -> sessions.size() == clients.size());

        sessions.drain();
        while (sessions.size() > 0) {
            ends.take().run();
        }
        listener.close();

        for (BlockingQueue<String> heard : clients) {
            String frame = heard.poll(20, TimeUnit.SECONDS);
            assertTrue(frame != null && frame.contains("\"jitterMs\":100"), () -> "heard " + frame);
        }
    }

    @Test
    void who_comes_to_a_gateway_that_ends_hears_so() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        sessions.drain();

        connect(heard);

        String frame = heard.poll(20, TimeUnit.SECONDS);
        assertTrue(frame != null && frame.contains("DRAINING"), () -> "heard " + frame);
    }

    private ClientSession session(Transport transport) {
        ClientSession session = new ClientSession(transport, TERMS, sessions, following, api, token -> token, openings);
        transports.add(transport);
        begun.add(session);
        return session;
    }

    private WebSocket connect() {
        return connect(new LinkedBlockingQueue<>());
    }

    private WebSocket connect(BlockingQueue<String> heard) {
        return HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .subprotocols("tidings.v1.json")
                .buildAsync(URI.create("ws://127.0.0.1:" + listener.port() + "/v1/ws"), new WebSocket.Listener() {
                    @Override
                    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
                        heard.add(text.toString());
                        return WebSocket.Listener.super.onText(socket, text, last);
                    }
                })
                .join();
    }
}
