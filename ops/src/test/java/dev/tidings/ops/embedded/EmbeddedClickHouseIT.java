package dev.tidings.ops.embedded;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.clickhouse.client.api.Client;
import com.clickhouse.data.ClickHouseFormat;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedClickHouseIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);

    @TempDir
    Path dir;

    @Test
    void dataAndPasswordOutliveAStopAndAStart() throws Exception {
        String password;
        try (EmbeddedClickHouse clickHouse = start(0)) {
            password = clickHouse.password();
            try (Client client = client(clickHouse.url(), password)) {
                createTable(client);
                insertTwo(client);
                assertEquals(2, count(client));
            }
        }

        try (EmbeddedClickHouse clickHouse = start(0);
                Client client = client(clickHouse.url(), clickHouse.password())) {
            assertEquals(password, clickHouse.password());
            assertEquals(2, count(client));
        }
    }

    @Test
    void onlyTheOwnerOfTheFilesCanReadThePassword() throws Exception {
        try (EmbeddedClickHouse clickHouse = start(0)) {
            Path file = dir.resolve("password");
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            assertEquals(clickHouse.password(), Files.readString(file).strip());
            try (Client wrong = client(clickHouse.url(), "guessed")) {
                assertThrows(Exception.class, () -> wrong.queryAll("SELECT 1"));
            }
        }
    }

    @Test
    void theUserMayNotReadFilesOrManageUsers() throws Exception {
        try (EmbeddedClickHouse clickHouse = start(0);
                Client client = client(clickHouse.url(), clickHouse.password())) {
            for (String forbidden : List.of(
                    "SELECT * FROM file('/etc/hostname', 'LineAsString')", "CREATE USER other", "SYSTEM SHUTDOWN")) {
                assertThrows(Exception.class, () -> client.queryAll(forbidden), forbidden);
            }
        }
    }

    @Test
    void garbageOnThePortDoesNotEndIt() throws Exception {
        try (EmbeddedClickHouse clickHouse = start(0);
                Client client = client(clickHouse.url(), clickHouse.password())) {
            long pid = clickHouse.pid();
            for (String garbage : List.of(
                    "\0\1\2\3\4\5",
                    "GARBAGE\r\n\r\n",
                    "\u0016\u0003\u0001\u0002\0\u0001\0\u0001",
                    "POST / HTTP/1.1\r\nContent-Length: 99999\r\n\r\nSELECT",
                    "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                    "GET /" + "x".repeat(200_000))) {
                sendAndHangUp(clickHouse.url(), garbage);
            }
            createTable(client);
            assertEquals(0, count(client));
            assertEquals(pid, clickHouse.pid());
        }
    }

    @Test
    void anEngineThatCrashedIsStartedAgainOnTheSamePortWithTheData() throws Exception {
        try (EmbeddedClickHouse clickHouse = start(0);
                Client client = client(clickHouse.url(), clickHouse.password())) {
            createTable(client);
            insertTwo(client);
            String url = clickHouse.url();
            long pid = clickHouse.pid();

            ProcessHandle.of(pid).orElseThrow().destroyForcibly();

            // a killed engine may answer once more, and a new one answers before its process id is known
            await().atMost(TIMEOUT).ignoreExceptions().untilAsserted(() -> {
                assertNotEquals(pid, clickHouse.pid());
                assertEquals(2, count(client));
            });
            assertEquals(url, clickHouse.url());
        }
    }

    @Test
    void theEngineEndsWhenItsOwnerIsKilledAndTheNextOwnerFindsTheData(@TempDir Path scratch) throws Exception {
        try (OwnerProcess owner = OwnerProcess.start("clickhouse", dir, scratch)) {
            try (Client client = client(
                    owner.url(), Files.readString(dir.resolve("password")).strip())) {
                createTable(client);
                insertTwo(client);
            }
            List<ChildProcess> children = owner.children();
            assertEquals(1, children.size());
            assertNotEquals(ChildProcess.ownSession(), children.getFirst().session());

            owner.killAndWait();

            try (EmbeddedClickHouse clickHouse = start(0);
                    Client client = client(clickHouse.url(), clickHouse.password())) {
                assertEquals(2, count(client));
            }
            await().atMost(TIMEOUT).until(() -> children.stream().noneMatch(ChildProcess::runs));
        }
    }

    @Test
    void aTakenPortIsReplacedByAFreeOne() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, LocalPort.LOOPBACK);
                EmbeddedClickHouse clickHouse = start(taken.getLocalPort());
                Client client = client(clickHouse.url(), clickHouse.password())) {
            assertNotEquals("http://127.0.0.1:" + taken.getLocalPort(), clickHouse.url());
            createTable(client);
        }
    }

    @Test
    void aDirectoryHasOneOwnerAtATime() {
        try (EmbeddedClickHouse _ = start(0)) {
            assertThrows(StartFailedException.class, () -> start(0));
        }
    }

    private EmbeddedClickHouse start(int preferredPort) {
        return EmbeddedClickHouse.start(dir, preferredPort, line -> {});
    }

    private static Client client(String url, String password) {
        return new Client.Builder()
                .addEndpoint(url)
                .setUsername("app")
                .setPassword(password)
                .build();
    }

    private static void createTable(Client client) throws Exception {
        client.execute("CREATE DATABASE d").get().close();
        client.execute("CREATE TABLE d.t (n UInt64, text String) ENGINE = MergeTree ORDER BY n")
                .get()
                .close();
    }

    private static void insertTwo(Client client) throws Exception {
        byte[] rows = "{\"n\":1,\"text\":\"one\"}\n{\"n\":2,\"text\":\"two\"}\n".getBytes(StandardCharsets.UTF_8);
        client.insert("d.t", new ByteArrayInputStream(rows), ClickHouseFormat.JSONEachRow)
                .get()
                .close();
    }

    private static long count(Client client) {
        return client.queryAll("SELECT count() AS n FROM d.t").getFirst().getLong("n");
    }

    private static void sendAndHangUp(String url, String garbage) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(LocalPort.LOOPBACK, URI.create(url).getPort()));
            socket.getOutputStream().write(garbage.getBytes(StandardCharsets.ISO_8859_1));
        } catch (SocketException e) {
            // it closed the connection, which is allowed too
        }
    }
}
