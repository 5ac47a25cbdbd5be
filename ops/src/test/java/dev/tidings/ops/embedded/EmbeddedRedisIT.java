package dev.tidings.ops.embedded;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedRedisIT {

    @TempDir
    Path dir;

    @Test
    void dataOutlivesAStopAndAStart() {
        try (EmbeddedRedis redis = EmbeddedRedis.start(dir, 0)) {
            assertEquals("OK", on(redis.url(), commands -> commands.set("k", "v")));
        }

        try (EmbeddedRedis redis = EmbeddedRedis.start(dir, 0)) {
            assertEquals("v", on(redis.url(), commands -> commands.get("k")));
        }
    }

    @Test
    void theServerEndsWhenItsOwnerIsKilledAndTheNextOwnerFindsTheData(@TempDir Path scratch) throws Exception {
        try (OwnerProcess owner = OwnerProcess.start("redis", dir, scratch)) {
            on(owner.url(), commands -> commands.set("k", "v"));
            List<ChildProcess> children = owner.children();
            assertFalse(children.isEmpty());

            owner.killAndWait();

            try (EmbeddedRedis redis = EmbeddedRedis.start(dir, 0)) {
                assertEquals("v", on(redis.url(), commands -> commands.get("k")));
            }
            await().atMost(Duration.ofSeconds(90)).until(() -> children.stream().noneMatch(ChildProcess::runs));
        }
    }

    @Test
    void ctrlCInTheTerminalDoesNotStopTheServer(@TempDir Path scratch) throws Exception {
        try (OwnerProcess owner = OwnerProcess.start("redis", dir, scratch)) {
            owner.children().forEach(child -> assertNotEquals(ChildProcess.ownSession(), child.session()));
            assertEquals(
                    ChildProcess.ownSession(), new ChildProcess(owner.process().pid()).session());
        }
    }

    @Test
    void aTakenPortIsReplacedByAFreeOne() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, LocalPort.LOOPBACK);
                EmbeddedRedis redis = EmbeddedRedis.start(dir, taken.getLocalPort())) {
            assertNotEquals("redis://127.0.0.1:" + taken.getLocalPort(), redis.url());
            assertEquals("PONG", on(redis.url(), RedisCommands::ping));
        }
    }

    @Test
    void aFreePreferredPortIsTaken() {
        int preferred = LocalPort.choose(0, "test");
        try (EmbeddedRedis redis = EmbeddedRedis.start(dir, preferred)) {
            assertEquals("redis://127.0.0.1:" + preferred, redis.url());
        }
    }

    @Test
    void aDirectoryHasOneOwnerAtATime() {
        try (EmbeddedRedis _ = EmbeddedRedis.start(dir, 0)) {
            assertThrows(StartFailedException.class, () -> EmbeddedRedis.start(dir, 0));
        }
    }

    @Test
    void theBundledServerIsUsedWhereNoneIsInstalled() {
        SearchPath empty = new SearchPath("");
        try (EmbeddedRedis redis = EmbeddedRedis.start(dir, 0, empty)) {
            on(redis.url(), commands -> commands.set("k", "v"));
            assertTrue(on(redis.url(), commands -> commands.info("server"))
                    .contains(dir.resolve("bin").toString()));
        }

        try (EmbeddedRedis redis = EmbeddedRedis.start(dir, 0, empty)) {
            assertEquals("v", on(redis.url(), commands -> commands.get("k")));
        }
    }

    private static String on(String url, Function<RedisCommands<String, String>, String> use) {
        RedisClient client = RedisClient.create(url);
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            return use.apply(connection.sync());
        } finally {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        }
    }
}
