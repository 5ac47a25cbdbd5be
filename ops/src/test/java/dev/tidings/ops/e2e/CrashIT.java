package dev.tidings.ops.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.ops.bench.BenchCommand;
import dev.tidings.ops.embedded.EmbeddedClickHouse;
import dev.tidings.ops.embedded.EmbeddedKafka;
import dev.tidings.ops.embedded.EmbeddedRedis;
import dev.tidings.ops.run.TopicSetup;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.settings.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes are killed under load; the checker of the load generator accounts for every message. */
class CrashIT {

    /** Of the measured load; longer with {@code -Psoak}. */
    private static final int SECONDS = Integer.getInteger("tidings.crash.seconds", 20);

    private static final Pattern SENDING = Pattern.compile("warming up|measuring");

    private static final String SECRET = "a secret for this test alone, long enough";

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path directory;

    private final StringWriter progress = new StringWriter();

    @Test
    void no_message_is_lost_duplicated_or_reordered_when_processors_and_the_gateway_are_killed() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0);
                EmbeddedRedis redis = EmbeddedRedis.start(directory.resolve("redis"), 0);
                EmbeddedClickHouse clickHouse =
                        EmbeddedClickHouse.start(directory.resolve("clickhouse"), 0, progress -> {})) {
            Map<String, String> settings = new HashMap<>(Map.of(
                    "kafka.bootstrap-servers", kafka.bootstrapServers(),
                    "redis.url", redis.url(),
                    "clickhouse.url", clickHouse.url(),
                    "clickhouse.user", clickHouse.user(),
                    "clickhouse.password", clickHouse.password(),
                    "gateway.jwt.secret", SECRET,
                    "gateway.slot", "0",
                    "gateway.http-port", Integer.toString(RoleProcess.freePort()),
                    "processors.state-directory", directory.resolve("state").toString()));
            TopicSetup.ensure(kafka.bootstrapServers(), Map.of(), TopicLayout.from(Settings.of(settings)));
            URI url = URI.create("http://127.0.0.1:" + settings.get("gateway.http-port"));

            RoleProcess processors = RoleProcess.start("processors", settings, directory);
            RoleProcess gateway = RoleProcess.start("gateway", settings, directory);
            try (RoleProcess connectors = RoleProcess.start("connectors", settings, directory)) {
                gateway.awaitReady();
                Path report = directory.resolve("bench.json");
                CompletableFuture<Integer> bench = bench(url, report, SECONDS);
                awaitLoad(bench);
                afterSeconds(SECONDS / 3, bench);
                processors.kill();
                processors = RoleProcess.start("processors", settings, directory);
                afterSeconds(SECONDS / 3, bench);
                gateway.kill();
                gateway = RoleProcess.start("gateway", settings, directory);

                assertEquals(0, bench.join(), () -> read(report));
            } finally {
                processors.close();
                gateway.close();
            }
        }
    }

    @Test
    void no_message_is_lost_duplicated_or_reordered_when_the_all_in_one_is_killed() throws Exception {
        Map<String, String> settings = Map.of(
                "embedded.kafka-port", "0",
                "embedded.redis-port", "0",
                "embedded.clickhouse-port", "0",
                "gateway.jwt.secret", SECRET,
                "gateway.http-port", Integer.toString(RoleProcess.freePort()));
        URI url = URI.create("http://127.0.0.1:" + settings.get("gateway.http-port"));
        String data = directory.resolve("data").toString();
        Path report = directory.resolve("bench.json");
        RoleProcess tidings = RoleProcess.start("up", settings, directory, "--data", data);
        try {
            tidings.awaitReady();
            CompletableFuture<Integer> bench = bench(url, report, SECONDS);
            awaitLoad(bench);
            afterSeconds(SECONDS / 2, bench);
            tidings.kill();
            tidings = RoleProcess.start("up", settings, directory, "--data", data);

            assertEquals(0, bench.join(), () -> read(report));
        } finally {
            tidings.close();
        }
    }

    private CompletableFuture<Integer> bench(URI url, Path report, int seconds) {
        return CompletableFuture.supplyAsync(() -> BenchCommand.commandLine(Optional::empty)
                .setErr(new PrintWriter(progress))
                .execute(
                        "--url",
                        url.toString(),
                        "--jwt-secret",
                        SECRET,
                        "--rate",
                        "300",
                        "--seconds",
                        Integer.toString(seconds),
                        "--warmup",
                        "5",
                        "--drain",
                        "120",
                        "--users",
                        "40",
                        "--json",
                        report.toString()));
    }

    /** Waits until all users are connected and send. On a busy machine this takes longer than the load itself. */
    private void awaitLoad(CompletableFuture<Integer> bench) {
        await().atMost(Duration.ofMinutes(5))
                .until(() ->
                        bench.isDone() || SENDING.matcher(progress.toString()).find());
        assertTrue(!bench.isDone(), progress::toString);
    }

    /** Waits while the load runs, so that the kill happens in its middle. */
    private static void afterSeconds(int seconds, CompletableFuture<Integer> bench) {
        long since = System.nanoTime();
        await().atMost(Duration.ofSeconds(seconds + 30L))
                .until(() -> bench.isDone()
                        || System.nanoTime() - since
                                > Duration.ofSeconds(seconds).toNanos());
        assertTrue(!bench.isDone(), "the load ended before the kill");
    }

    private String read(Path report) {
        try {
            return Files.readString(report);
        } catch (IOException e) {
            return "no report: " + e.getMessage() + '\n' + progress;
        }
    }
}
