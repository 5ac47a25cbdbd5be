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
 * Kafka, Redis and ClickHouse. What the settings do not say where to find ({@code kafka.bootstrap-servers}, {@code
 * redis.url}, {@code clickhouse.url}) is started here, on this machine.
 */
final class Backends {

    /** Ports tried first, because people know them; a taken one is no obstacle. */
    private record PreferredPorts(int kafka, int redis, int clickHouse) {
        static PreferredPorts from(Settings settings) {
            return new PreferredPorts(
                    settings.integer("embedded.kafka-port", 9092, 0, 65_535),
                    settings.integer("embedded.redis-port", 6379, 0, 65_535),
                    settings.integer("embedded.clickhouse-port", 8123, 0, 65_535));
        }
    }

    private Backends() {}

    /** @return the settings, with where to find what was started */
    static Settings start(Settings settings, Path data, Parts parts, Progress progress) {
        PreferredPorts ports = PreferredPorts.from(settings);
        Map<String, String> found = new TreeMap<>();
        try (ExecutorService sideBySide = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture<Void> kafka = CompletableFuture.runAsync(
                    () -> {
                        if (settings.find("kafka.bootstrap-servers") == null) {
                            EmbeddedKafka broker = parts.start(
                                    "Kafka", () -> EmbeddedKafka.start(data.resolve("kafka"), ports.kafka()));
                            put(found, "kafka.bootstrap-servers", broker.bootstrapServers());
                        }
                    },
                    sideBySide);
            CompletableFuture<Void> redis = CompletableFuture.runAsync(
                    () -> {
                        if (settings.find("redis.url") == null) {
                            EmbeddedRedis server = parts.start(
                                    "Redis", () -> EmbeddedRedis.start(data.resolve("redis"), ports.redis()));
                            put(found, "redis.url", server.url());
                        }
                    },
                    sideBySide);
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
                        }
                    },
                    sideBySide);
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
