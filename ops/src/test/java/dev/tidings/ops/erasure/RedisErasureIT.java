package dev.tidings.ops.erasure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.connectors.redis.RedisConnection;
import dev.tidings.connectors.redis.RedisServers;
import dev.tidings.ops.embedded.RedisCluster;
import dev.tidings.schemas.readmodel.RedisKeys;
import io.lettuce.core.codec.StringCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Erasure from a real Redis Cluster of three servers. */
@Timeout(180)
class RedisErasureIT {

    private static final String WORD = "unspeakable";
    private static final List<String> IDS = List.of("g:one", "g:two", "g:three", "g:four", "g:five", "g:six");

    @TempDir
    private Path directory;

    @Test
    void erased_words_are_in_no_key_and_no_file_of_any_server() throws Exception {
        try (RedisCluster cluster = RedisCluster.start(directory);
                RedisServers servers = RedisServers.of(cluster.url(), Duration.ofSeconds(60));
                RedisConnection<String, String> connection = servers.connect(StringCodec.UTF8)) {
            for (String id : IDS) {
                connection.sync().zadd(RedisKeys.recentEvents(id), 1, WORD);
                connection.sync().zadd(RedisKeys.changes(id), 1, WORD);
                connection.sync().hset(RedisKeys.views("alice"), id, WORD);
                connection.sync().hset(RedisKeys.profile("user-" + id), RedisKeys.PROFILE, WORD);
            }
            connection.sync().hset(RedisKeys.views("bob"), "g:one", WORD);
            connection.sync().hset(RedisKeys.views("bob"), "g:two", "other");
            cluster.keys().forEach(keys -> assertTrue(keys > 0));
            assertTrue(filesHaveTheWord());

            try (RedisErasure erasure = new RedisErasure(cluster.url())) {
                IDS.forEach(erasure::eraseConversation);
                IDS.forEach(id -> erasure.eraseUser("user-" + id));
                erasure.eraseUser("alice");
                erasure.eraseView("bob", "g:one");

                assertTrue(erasure.rewriteFiles());
            }

            assertEquals(1, cluster.keys().stream().mapToLong(keys -> keys).sum());
            assertEquals("other", connection.sync().hget(RedisKeys.views("bob"), "g:two"));
            assertFalse(filesHaveTheWord());
        }
    }

    private boolean filesHaveTheWord() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().equals("redis-server"))
                    .toList()) {
                if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(WORD)) {
                    return true;
                }
            }
            return false;
        }
    }
}
