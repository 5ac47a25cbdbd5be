package dev.tidings.ops.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.schemas.id.ConversationId;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Heartbeat;
import dev.tidings.v1.ServerFrame;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients attack the memory of a gateway with a heap of 512 MB while two users exchange messages on it. */
class SlowClientsIT {

    private static final int HALF_OPEN = 1_000;

    private static final int MESSAGE_BYTES = 60_000;

    /** 105 MB in all. */
    private static final int MESSAGES = 1_750;

    /** 15 MB: several times what a session may hold. */
    private static final int MESSAGES_PER_CONNECTION = 250;

    /** Bytes of the frame that are sent: less than a frame may have before {@code connected}. */
    private static final int SENT_BYTES = 15_000;

    private static final int FRAME_BYTES = 16_000;

    @RegisterExtension
    static final TidingsExtension tidings = TidingsExtension.allInOne();

    @SuppressWarnings("NullAway.Init") // by start()
    private static RoleProcess gateway;

    @SuppressWarnings("NullAway.Init") // by start()
    private static ChatClient alice;

    @SuppressWarnings("NullAway.Init") // by start()
    private static ChatClient bob;

    private static int messages;

    @BeforeAll
    static void start() throws IOException {
        gateway = tidings.startGatewayProcess(
                "gateway", Map.of("gateway.slot", "7", "gateway.max-session-buffered-kilobytes", "4096"));
        alice = tidings.connect(gateway.url(), "alice");
        bob = tidings.connect(gateway.url(), "bob");
    }

    @AfterAll
    static void stop() {
        alice.close();
        bob.close();
        gateway.close();
    }

    @Test
    void a_thousand_half_open_sockets_with_unfinished_frames_are_closed_and_disturb_no_one() throws IOException {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < HALF_OPEN; i++) {
                sockets.add(halfOpen());
            }
            exchangeMessages();
            for (Socket socket : sockets) {
                assertTrue(new String(socket.getInputStream().readAllBytes(), US_ASCII).contains("CONNECT_TIMEOUT"));
            }
            exchangeMessages();
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    /** The client connects again whenever it was disconnected. */
    @Test
    void a_client_that_never_reads_while_100_megabytes_wait_for_it_disturbs_no_one() {
        List<WebSocket> sockets = new ArrayList<>();
        String pair = ConversationId.between("alice", "silent").toString();
        String large = "x".repeat(MESSAGE_BYTES);
        for (int i = 0; i < MESSAGES; i++) {
            if (i % MESSAGES_PER_CONNECTION == 0) {
                alice.awaitOffline("silent");
                sockets.add(connectSilently());
            }
            alice.send(ChatClient.text(pair, "to-silent-" + i, large));
            if (i % 50 == 49) {
                exchangeMessages(); // both read now, or they would be too slow themselves
                alice.received().clear();
            }
        }
        alice.awaitOffline("silent");

        exchangeMessages();
        sockets.forEach(WebSocket::abort);
    }

    /** Connects a client that reads the answer to its first frame, and no other. */
    private static WebSocket connectSilently() {
        Silent silent = new Silent();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .subprotocols("tidings.v1.json")
                .buildAsync(URI.create(gateway.url().toString().replaceFirst("^http", "ws") + "/v1/ws"), silent)
                .join();
        socket.request(1);
        String connect = ProtoJson.print(ChatClient.connect(ChatClient.devToken(tidings.url(), "silent"), "phone")
                .build());
        socket.sendText(connect, true).join();
        assertTrue(silent.first.join().contains("connected"));
        return socket;
    }

    private static void exchangeMessages() {
        String id = "m" + messages++;
        String pair = ConversationId.between("alice", "bob").toString();
        alice.request(ChatClient.text(pair, id, id), ServerFrame::hasSequenced);
        bob.send(ClientFrame.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance()));
        bob.awaitFrame(frame -> frame.getEvents().getEventsList().stream()
                .anyMatch(event ->
                        event.getMessageSent().getContent().getText().getBody().equals(id)));
        assertFalse(alice.received().stream().anyMatch(ServerFrame::hasDisconnect));
        assertFalse(bob.received().stream().anyMatch(ServerFrame::hasDisconnect));
    }

    /** Opens a WebSocket and sends most of a frame. */
    private static Socket halfOpen() throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout((int) Duration.ofSeconds(60).toMillis());
        socket.connect(
                new InetSocketAddress(gateway.url().getHost(), gateway.url().getPort()));
        socket.getOutputStream()
                .write(("GET /v1/ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                + "Sec-WebSocket-Protocol: tidings.v1.json\r\n\r\n")
                        .getBytes(US_ASCII));
        StringBuilder answer = new StringBuilder();
        while (!answer.toString().endsWith("\r\n\r\n")) {
            answer.append((char) socket.getInputStream().read());
        }
        assertEquals("HTTP/1.1 101", answer.substring(0, 12));
        ByteBuffer frame = ByteBuffer.allocate(8 + SENT_BYTES);
        frame.put((byte) 0x81)
                .put((byte) (0x80 | 126))
                .putShort((short) FRAME_BYTES)
                .putInt(0); // text, a mask of zeros
        while (frame.hasRemaining()) {
            frame.put((byte) 'x');
        }
        socket.getOutputStream().write(frame.array());
        return socket;
    }

    /** Reads one frame and no other. */
    private static final class Silent implements WebSocket.Listener {

        private final CompletableFuture<String> first = new CompletableFuture<>();

        @Override
        public void onOpen(WebSocket socket) {
            // requests no frame
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            first.complete(text.toString());
            return null;
        }
    }
}
