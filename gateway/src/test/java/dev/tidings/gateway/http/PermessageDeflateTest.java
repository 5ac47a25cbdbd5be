package dev.tidings.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.gateway.auth.ClientAddress;
import dev.tidings.gateway.session.ClientSession;
import dev.tidings.gateway.session.TestGateway;
import dev.tidings.gateway.session.Transport;
import dev.tidings.schemas.Limits;
import dev.tidings.v1.Error;
import dev.tidings.v1.ServerFrame;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.zip.DataFormatException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real sockets; the client's frames are compressed by hand. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PermessageDeflateTest {

    private static final String OFFER = "permessage-deflate";
    private static final String HEARTBEAT = "{\"id\":\"h\",\"heartbeat\":{}}";

    private final TestGateway gateway =
            new TestGateway.Builder().budgetBytes(100_000_000).build();
    private final BlockingQueue<Transport> transports = new LinkedBlockingQueue<>();
    private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
    private final ZlibPool zlib = new ZlibPool();
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

    @AfterEach
    void close() {
        await().atMost(Duration.ofMinutes(1)).until(() -> gateway.sessions.size() == 0);
        listener.close();
        blocking.shutdownNow();
    }

    @Test
    void only_large_frames_to_the_client_are_compressed() throws Exception {
        try (RawWebSocket client = connect(OFFER)) {
            assertEquals(
                    "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
                    client.header("sec-websocket-extensions"));
            Transport transport = transports.take();
            for (int repetition = 0; repetition < 2; repetition++) {
                transport.send(error("x".repeat(100)));
                transport.send(error("word ".repeat(1_000)));

                RawWebSocket.Frame small = client.receive();
                RawWebSocket.Frame large = client.receive();

                assertEquals(RawWebSocket.TEXT, small.head());
                assertEquals(RawWebSocket.COMPRESSED_TEXT, large.head());
                assertTrue(large.payload().length < 200, () -> large.payload().length + " bytes");
                assertTrue(inflated(large).contains("word ".repeat(1_000)));
            }
        }
    }

    @Test
    void a_client_that_does_not_offer_compression_gets_none() throws Exception {
        try (RawWebSocket client = connect("")) {
            assertEquals("", client.header("sec-websocket-extensions"));
            transports.take().send(error("word ".repeat(1_000)));

            assertEquals(RawWebSocket.TEXT, client.receive().head());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "permessage-deflate; client_max_window_bits | true",
                "permessage-deflate; server_max_window_bits=15; client_no_context_takeover | true",
                "permessage-deflate; server_max_window_bits=10, permessage-deflate | true",
                "permessage-deflate; server_max_window_bits=10 | false",
                "permessage-deflate; server_no_context_takeover; server_no_context_takeover | false",
                "permessage-deflate; level=9 | false",
                "permessage-bzip2 | false"
            })
    void an_offer_is_accepted_if_all_its_parameters_are_supported(String offer, boolean isAccepted) throws Exception {
        try (RawWebSocket client = connect(offer)) {
            assertEquals(isAccepted, client.header("sec-websocket-extensions").startsWith(OFFER));
            client.send(RawWebSocket.TEXT, HEARTBEAT.getBytes(UTF_8));
            assertTrue(text(client.receive()).contains("heartbeat"));
        }
    }

    @Test
    void compressed_frames_of_the_client_are_read_whole_or_in_fragments() throws Exception {
        try (RawWebSocket client = connect(OFFER)) {
            byte[] compressed = zlib.deflate(HEARTBEAT.getBytes(UTF_8));
            for (int repetition = 0; repetition < 3; repetition++) {
                client.send(RawWebSocket.COMPRESSED_TEXT, compressed);
                assertTrue(text(client.receive()).contains("heartbeat"));
            }
            client.send(0x41, Arrays.copyOf(compressed, 5)); // compressed text, not the last fragment
            client.send(0x00, Arrays.copyOfRange(compressed, 5, 10));
            client.send(0x80, Arrays.copyOfRange(compressed, 10, compressed.length));
            assertTrue(text(client.receive()).contains("heartbeat"));
            client.send(0x41, compressed);
            client.send(0x80, new byte[0]); // an empty last fragment is not supported
            assertTrue(text(client.receive()).contains("INVALID_FRAME"));
            client.send(RawWebSocket.TEXT, HEARTBEAT.getBytes(UTF_8));
            assertTrue(text(client.receive()).contains("heartbeat"));
        }
        awaitNothingHeld();
    }

    /** 16 kilobytes may be sent before connect; the compressed frame has far fewer. */
    @ParameterizedTest
    @ValueSource(ints = {20_000, 2_000_000})
    void a_frame_counts_with_its_decompressed_size(int bytes) throws Exception {
        try (RawWebSocket client = connect(OFFER)) {
            byte[] bomb = zlib.deflate("x".repeat(bytes).getBytes(UTF_8));
            assertTrue(bomb.length < Limits.FRAME_BEFORE_CONNECTED);

            client.send(RawWebSocket.COMPRESSED_TEXT, bomb);

            assertTrue(text(client.receive()).contains("INVALID_FRAME"));
            assertTrue(text(client.receive()).contains("FRAME_TOO_LARGE"));
            RawWebSocket.Frame close = client.receive();
            assertEquals(RawWebSocket.CLOSE, close.head());
            assertEquals(1009, (close.payload()[0] & 0xFF) << 8 | close.payload()[1] & 0xFF);
        }
        awaitNothingHeld();
    }

    @Test
    void a_frame_that_does_not_decompress_ends_its_connection_alone() throws Exception {
        try (RawWebSocket other = connect(OFFER);
                RawWebSocket client = connect(OFFER)) {
            client.send(RawWebSocket.COMPRESSED_TEXT, new byte[] {-1, -1, -1, -1, -1, -1});

            assertThrows(IOException.class, () -> {
                while (true) {
                    client.receive();
                }
            });
            other.send(RawWebSocket.COMPRESSED_TEXT, zlib.deflate(HEARTBEAT.getBytes(UTF_8)));
            assertTrue(text(other.receive()).contains("heartbeat"));
        }
        awaitNothingHeld();
    }

    @Test
    void a_message_survives_compression_whatever_it_contains() throws Exception {
        Random random = new Random(42);
        for (int length : new int[] {0, 1, 63, 64, 65, 1_000, 16_384, 100_000, Limits.FRAME}) {
            byte[] noise = new byte[length];
            random.nextBytes(noise);
            byte[] zeros = new byte[length];

            for (byte[] message : List.of(noise, zeros)) {
                byte[] compressed = zlib.deflate(message);
                assertTrue(Arrays.equals(message, zlib.inflate(compressed, compressed.length, Limits.FRAME + 1)));
            }
        }
    }

    private void awaitNothingHeld() {
        await().atMost(Duration.ofMinutes(1)).until(() -> gateway.budget.heldBytes() == 0);
    }

    private RawWebSocket connect(String extensions) throws IOException {
        return new RawWebSocket(listener.port(), extensions);
    }

    private String inflated(RawWebSocket.Frame frame) throws DataFormatException {
        return new String(zlib.inflate(frame.payload(), frame.payload().length, 1_000_000), UTF_8);
    }

    private static String text(RawWebSocket.Frame frame) {
        return new String(frame.payload(), UTF_8);
    }

    private static ServerFrame error(String message) {
        return ServerFrame.newBuilder()
                .setError(Error.newBuilder().setMessage(message))
                .build();
    }

    private ClientSession session(Transport transport) {
        transports.add(transport);
        return gateway.session(transport);
    }
}
