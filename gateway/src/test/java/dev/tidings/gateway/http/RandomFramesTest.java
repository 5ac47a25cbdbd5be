package dev.tidings.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.tidings.gateway.auth.ClientAddress;
import dev.tidings.gateway.session.ClientSession;
import dev.tidings.gateway.session.TestGateway;
import dev.tidings.gateway.session.Transport;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.SessionReady;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** Clients send 10,000 random frames over real sockets, while another client must be served. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RandomFramesTest {

    private static final int FRAMES = 10_000;
    private static final int FRAMES_PER_CONNECTION = 50;
    private static final int PING = 0x89;
    private static final int PONG = 0x8A;

    private static final List<String> VALID = List.of(
            "{\"id\":\"1\",\"heartbeat\":{}}",
            "{\"id\":\"2\",\"connect\":{\"token\":\"mallory\",\"deviceId\":\"phone\"}}",
            "{\"id\":\"3\",\"send\":{\"conversationId\":\"p:anna:mallory\",\"clientMsgId\":\"m\","
                    + "\"content\":{\"text\":{\"body\":\"hello\"}}}}",
            "{\"id\":\"4\",\"pullMany\":{\"pulls\":[{\"conversationId\":\"p:anna:mallory\",\"fromSeq\":\"1\"}]}}",
            "{\"id\":\"5\",\"ack\":{\"upTo\":\"9223372036854775807\"}}",
            "{\"id\":\"6\",\"sync\":{\"mode\":\"FULL\"}}",
            "{\"id\":\"7\",\"presence\":{\"userIds\":[\"anna\"],\"mode\":\"START\"}}",
            "{\"id\":\"8\",\"group\":{\"conversationId\":\"g:club\",\"create\":{\"members\":[\"anna\"]}}}");

    private final long seed = Long.getLong("tidings.seed", 42);
    private final Random random = new Random(seed);
    private final ZlibPool zlib = new ZlibPool();
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final TestGateway gateway =
            new TestGateway.Builder().budgetBytes(100_000_000).build();
    private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpListener listener = HttpListener.open(
            new HttpPort("127.0.0.1", 0, null, true, 1_000),
            new ClientAddress(List.of()),
            gateway.sessions,
            this::session,
            gateway.budget,
            blocking,
            blocking,
            exchange -> exchange.setStatusCode(404),
            null,
            List::of,
            gateway.metrics);

    @BeforeEach
    void watchLog() {
        logged.start();
        root.addAppender(logged);
    }

    @AfterEach
    void close() {
        root.detachAppender(logged);
        await().atMost(Duration.ofMinutes(1)).until(() -> gateway.sessions.size() == 0);
        listener.close();
        blocking.shutdownNow();
    }

    @Test
    void ten_thousand_random_frames_end_no_other_connection_and_leave_nothing_behind() throws Exception {
        try (RawWebSocket bystander = connect()) {
            bystander.send(
                    RawWebSocket.TEXT,
                    "{\"id\":\"c\",\"connect\":{\"token\":\"anna\",\"deviceId\":\"phone\"}}".getBytes(UTF_8));
            openSessionOf("anna");
            assertTrue(text(bystander.receive()).contains("connected"));

            int ended = 0;
            for (int sent = 0; sent < FRAMES; sent += FRAMES_PER_CONNECTION) {
                ended += attack() ? 1 : 0;
                bystander.send(RawWebSocket.TEXT, "{\"id\":\"h\",\"heartbeat\":{}}".getBytes(UTF_8));
                assertTrue(text(bystander.receive()).contains("heartbeat"), "seed " + seed);
            }

            assertTrue(ended > 10 && ended < FRAMES / FRAMES_PER_CONNECTION, ended + " have ended, seed " + seed);
            await().atMost(Duration.ofMinutes(1)).until(() -> gateway.sessions.size() == 1);
            await().atMost(Duration.ofMinutes(1)).until(() -> gateway.budget.heldBytes() == 0);
        }
        assertEquals(
                List.of(),
                logged.list.stream()
                        .filter(event -> event.getLevel().isGreaterOrEqual(Level.ERROR)
                                || (event.getLevel() == Level.WARN && event.getThrowableProxy() != null))
                        .map(event -> event.getFormattedMessage() + ' ' + event.getThrowableProxy())
                        .toList(),
                "seed " + seed);
    }

    /** Sends frames. Returns whether the gateway has ended the connection, and not answered the last one. */
    private boolean attack() throws IOException {
        try (RawWebSocket client = connect()) {
            if (random.nextBoolean()) {
                client.send(RawWebSocket.TEXT, VALID.get(1).getBytes(UTF_8));
                openSessionOf("mallory");
            }
            for (int frame = 0; frame < FRAMES_PER_CONNECTION; frame++) {
                sendRandomFrame(client);
            }
            client.send(PING, "end".getBytes(UTF_8));
            RawWebSocket.Frame answer = client.receive();
            while (answer.head() != PONG || !text(answer).equals("end")) {
                answer = client.receive();
            }
            return false;
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the connection is open and does not answer, seed " + seed, e);
        } catch (IOException e) {
            return true;
        }
    }

    private void sendRandomFrame(RawWebSocket client) throws IOException {
        byte[] valid = VALID.get(random.nextInt(VALID.size())).getBytes(UTF_8);
        switch (random.nextInt(12)) {
            case 0 -> client.send(RawWebSocket.TEXT, valid);
            case 1, 2, 3, 4 -> client.send(RawWebSocket.TEXT, mutated(valid));
            case 5 -> client.send(RawWebSocket.TEXT, Arrays.copyOf(valid, random.nextInt(valid.length)));
            case 6 -> client.send(RawWebSocket.COMPRESSED_TEXT, zlib.deflate(mutated(valid)));
            case 7 -> client.send(0x82, noise(200)); // binary: the wrong kind for this subprotocol
            case 8 -> client.send(PING, noise(125));
            case 9 -> client.send(RawWebSocket.TEXT, nested(random.nextInt(1_000)));
            case 10 -> client.send(RawWebSocket.TEXT, new byte[random.nextInt(20_000)]);
            case 11 -> {
                if (random.nextInt(10) == 0) {
                    client.send(random.nextInt(256), noise(300)); // any opcode and reserved bits
                }
            }
            default -> throw new IllegalStateException();
        }
    }

    private byte[] mutated(byte[] valid) {
        byte[] bytes = valid.clone();
        for (int change = random.nextInt(1, 5); change > 0; change--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(32, 127);
        }
        return bytes;
    }

    private byte[] noise(int maxBytes) {
        byte[] bytes = new byte[random.nextInt(maxBytes)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] nested(int depth) {
        return ("{\"send\":" + "[".repeat(depth)).getBytes(UTF_8);
    }

    private void openSessionOf(String userId) {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> gateway.log.userCommands().stream()
                        .anyMatch(command ->
                                command.hasOpenSession() && command.getUserId().equals(userId)));
        gateway.log.userCommands().stream()
                .filter(command ->
                        command.hasOpenSession() && command.getUserId().equals(userId))
                .map(command -> command.getOpenSession().getSession().getSessionId())
                .forEach(id -> gateway.deliver(Delivery.newBuilder()
                        .setSessionReady(SessionReady.newBuilder().setSessionId(id))));
    }

    private RawWebSocket connect() throws IOException {
        return new RawWebSocket(listener.port(), "permessage-deflate");
    }

    private ClientSession session(Transport transport) {
        return gateway.session(transport);
    }

    private static String text(RawWebSocket.Frame frame) {
        return new String(frame.payload(), UTF_8);
    }
}
