package dev.tidings.ops.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultyNetworkTest {

    private static final int TIMEOUT_MILLIS = 60_000;

    /** The names of clients by their ports. */
    private final Map<Integer, String> names = new ConcurrentHashMap<>();

    private final FaultyNetwork network = new FaultyNetwork((localPort, remotePort) -> names.get(localPort));
    private final ServerSocket server = listen();
    private final int proxy = addProxy();

    @BeforeEach
    void echo() {
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    Socket accepted = server.accept();
                    Thread.ofVirtual().start(() -> echo(accepted));
                } catch (IOException e) {
                    return;
                }
            }
        });
    }

    @AfterEach
    void close() throws IOException {
        network.close();
        server.close();
    }

    @Test
    void bytesPassInBothDirections() throws IOException {
        try (Socket client = connect("gateway-1")) {
            assertEquals("hello", exchange(client, "hello"));
        }
    }

    @Test
    void aProcessThatIsCutOffGetsItsBytesAfterwards() throws IOException {
        try (Socket cut = connect("gateway-1");
                Socket other = connect("gateway-2")) {
            assertEquals("before", exchange(cut, "before"));
            network.cutOff("gateway-1");
            send(cut, "during");

            assertEquals("others", exchange(other, "others"));
            assertEquals(0, cut.getInputStream().available());
            network.heal();

            assertEquals("during", receive(cut, "during".length()));
        }
    }

    @Test
    void aServerThatIsCutOffReachesItselfOnly() throws IOException {
        network.cutOff("broker-1");
        try (Socket own = connect("broker-1");
                Socket other = connect("gateway-1")) {
            send(other, "waits");

            assertEquals("own", exchange(own, "own"));
            assertEquals(0, other.getInputStream().available());
            network.heal();
            assertEquals("waits", receive(other, "waits".length()));
        }
    }

    @Test
    void aSlowNetworkPassesEverythingInOrder() throws IOException {
        network.slowDown("gateway-1", Duration.ofMillis(5));
        try (Socket client = connect("gateway-1")) {
            String text = "x".repeat(50_000) + "end";
            assertEquals(text, exchange(client, text));
        }
    }

    @Test
    void theOwnerOfAConnectionIsFoundByItsPorts() throws IOException {
        SocketOwners owners = new SocketOwners(Path.of("/proc"));
        long self = ProcessHandle.current().pid();
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort())) {
            assertEquals(
                    OptionalLong.of(self),
                    owners.find(client.getLocalPort(), server.getLocalPort(), List.of(1L << 40, self)));
            assertTrue(owners.find(client.getLocalPort(), server.getLocalPort(), List.of(1L << 40))
                    .isEmpty());
            assertTrue(owners.find(client.getLocalPort(), client.getLocalPort(), List.of(self))
                    .isEmpty());
        }
    }

    /** Binds the client before it connects, so that the proxy knows its name. */
    private Socket connect(String name) throws IOException {
        Socket client = new Socket();
        client.bind(null);
        names.put(client.getLocalPort(), name);
        client.setSoTimeout(TIMEOUT_MILLIS);
        client.connect(new InetSocketAddress("127.0.0.1", proxy));
        return client;
    }

    private static void echo(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException e) {
            // the test is over
        }
    }

    private static String exchange(Socket client, String text) throws IOException {
        send(client, text);
        return receive(client, text.length());
    }

    private static void send(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String receive(Socket client, int length) throws IOException {
        return new String(client.getInputStream().readNBytes(length), StandardCharsets.US_ASCII);
    }

    private static ServerSocket listen() {
        try {
            return new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private int addProxy() {
        try {
            return network.addProxy("broker-1", server.getLocalPort(), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
