package dev.tidings.ops.run;

import dev.tidings.ops.embedded.EmbeddedClickHouse;
import dev.tidings.ops.embedded.EmbeddedKafka;
import dev.tidings.ops.embedded.EmbeddedRedis;
import dev.tidings.schemas.settings.Settings;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Starts Kafka, Redis and ClickHouse on this machine, unless the settings have their addresses ({@code kafka.bootstrap-servers},
 * {@code redis.url}, {@code clickhouse.url}).
 */
final class Backends {

    /** The well-known ports, tried first; another free port replaces one that is taken. */
    private record PreferredPorts(int kafka, int redis, int clickHouse) {
        static PreferredPorts from(Settings settings) {
            return new PreferredPorts(
                    settings.integer("embedded.kafka-port", 9092, 0, 65_535),
                    settings.integer("embedded.redis-port", 6379, 0, 65_535),
                    settings.integer("embedded.clickhouse-port", 8123, 0, 65_535));
        }
    }

    private Backends() {}

    /** Starts the backends in parallel. Returns the settings with their addresses. */
    static Settings start(Settings settings, Path data, StartedParts parts, Progress progress) {
        PreferredPorts ports = PreferredPorts.from(settings);
        Map<String, String> found = new TreeMap<>();
        try (ExecutorService parallel = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture<Void> kafka = CompletableFuture.runAsync(
                    () -> {
                        if (settings.find("kafka.bootstrap-servers") == null) {
                            EmbeddedKafka broker = parts.start(
                                    "Kafka", () -> EmbeddedKafka.start(data.resolve("kafka"), ports.kafka()));
                            put(found, "kafka.bootstrap-servers", broker.bootstrapServers());
                        }
                    },
                    parallel);
            CompletableFuture<Void> redis = CompletableFuture.runAsync(
                    () -> {
                        if (settings.find("redis.url") == null) {
                            EmbeddedRedis server = parts.start(
                                    "Redis", () -> EmbeddedRedis.start(data.resolve("redis"), ports.redis()));
                            put(found, "redis.url", server.url());
                        }
                    },
                    parallel);
            CompletableFuture<Void> clickHouse = CompletableFuture.runAsync(
                    () -> {
                        if (settings.find("clickhouse.url") == null) {
                            EmbeddedClickHouse server = parts.start(
                                    "ClickHouse",
                                    () -> EmbeddedClickHouse.start(
                                            data.resolve("clickhouse"), ports.clickHouse(), progress::note));
                            put(found, "clickhouse.url", server.url());
                            put(found, "clickhouse.user", server.user());
                            put(found, "clickhouse.password", server.password());
                            put(found, "clickhouse.analyst-user", server.analyst());
                            put(found, "clickhouse.analyst-password", server.analystPassword());
                        }
                    },
                    parallel);
            CompletableFuture.allOf(kafka, redis, clickHouse).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
        return settings.with(found);
    }

    private static void put(Map<String, String> found, String key, String value) {
        synchronized (found) {
            found.put(key, value);
        }
    }
}
