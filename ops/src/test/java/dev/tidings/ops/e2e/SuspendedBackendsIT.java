package dev.tidings.ops.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import dev.tidings.gateway.limit.ConnectionQuota;
import dev.tidings.gateway.limit.LimitedWork;
import dev.tidings.gateway.limit.RateLimits;
import dev.tidings.gateway.limit.RequestLimits;
import dev.tidings.gateway.limit.SharedMessageLimit;
import dev.tidings.gateway.readmodel.RedisReader;
import dev.tidings.ops.embedded.EmbeddedClickHouse;
import dev.tidings.ops.embedded.EmbeddedKafka;
import dev.tidings.ops.embedded.EmbeddedRedis;
import dev.tidings.ops.run.TopicSetup;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.v1.Error;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kafka, Redis and ClickHouse are suspended under load and continue: connections stay open and nothing answers, which is harsher than a
 * server that has ended. The checker of the load generator accounts for every message, and {@code verify} compares the stores
 * with the log. With {@code -Psoak} each is suspended alone, for 30 s; otherwise all together for a moment.
 */
@Timeout(900)
class SuspendedBackendsIT {

    private static final int SUSPENDED_SECONDS = Integer.getInteger("tidings.outage.seconds", 6);
    private static final boolean ONE_BY_ONE = SUSPENDED_SECONDS >= 30;

    private static final String SECRET = "a secret for this test alone, long enough";

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path directory;

    @Test
    void no_message_is_lost_duplicated_or_reordered_and_the_stores_catch_up() throws Exception {
        try (Broker kafka = Broker.start(directory.resolve("kafka"));
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
            List<ProcessHandle> stores = List.of(redisProcess(), javaProcessBeside(kafka.handle()));

            try (RoleProcess processors = RoleProcess.start("processors", settings, directory);
                    RoleProcess connectors = RoleProcess.start("connectors", settings, directory);
                    RoleProcess gateway = RoleProcess.start("gateway", settings, directory)) {
                gateway.awaitReady();
                if (ONE_BY_ONE) {
                    loadWhile("Kafka", List.of(kafka.handle()), url);
                    loadWhile("Redis", stores.subList(0, 1), url);
                    loadWhile("ClickHouse", stores.subList(1, 2), url);
                }
                loadWhile(
                        "all",
                        Stream.concat(Stream.of(kafka.handle()), stores.stream())
                                .toList(),
                        url);
                await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> assertVerified(settings));
                assertTrue(!gateway.log().contains(" ERROR "), gateway::log);
            }
        }
    }

    /** The limits of two gateways. The setting is 10 messages a minute. */
    @Test
    void messages_are_limited_at_all_gateways_together_and_by_each_gateway_while_redis_is_suspended() throws Exception {
        try (EmbeddedRedis redis = EmbeddedRedis.start(directory.resolve("redis-limits"), 0);
                RedisReader reader = new RedisReader(redis.url());
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            RequestLimits first = limits(reader, executor);
            RequestLimits second = limits(reader, executor);
            assertNull(send(first, "anna", 5));
            assertNull(send(second, "anna", 5));
            awaitLimited("anna", first, second);
            assertNull(send(second, "bert", 1));

            ProcessHandle process = redisProcess();
            signal("STOP", process);
            try {
                for (int call = 0; call < 3; call++) {
                    assertNull(send(first, "carl", 10));
                    first.tick();
                }
            } finally {
                signal("CONT", process);
            }

            awaitLimited("carl", first);
        }
    }

    private static RequestLimits limits(RedisReader redis, Executor executor) {
        return new RequestLimits(
                RateLimits.NONE,
                ConnectionQuota.NONE,
                SharedMessageLimit.in(redis, 10, executor),
                System::nanoTime,
                new MetricRegistry());
    }

    private static @Nullable Error send(RequestLimits gateway, String user, int messages) {
        return gateway.check(user, null, LimitedWork.MESSAGES, messages);
    }

    /** Sends until each gateway rejects the user. */
    private static void awaitLimited(String user, RequestLimits... gateways) {
        await().atMost(Duration.ofMinutes(2)).until(() -> {
            boolean all = true;
            for (RequestLimits gateway : gateways) {
                gateway.tick();
                Error error = send(gateway, user, 1);
                all &= error != null && error.getCode() == Error.Code.RATE_LIMITED && error.getRetryAfterMs() <= 60_001;
            }
            return all;
        });
    }

    /** Suspends the processes in the middle of a load. Prints how long the gateway takes to be ready again. */
    private void loadWhile(String name, List<ProcessHandle> suspended, URI url) throws Exception {
        BackgroundLoad load = BackgroundLoad.start(
                url, SECRET, "--rate=200", "--seconds=" + (SUSPENDED_SECONDS + 15), "--warmup=3", "--users=20");
        load.runFor(Duration.ofSeconds(3));
        suspended.forEach(process -> signal("STOP", process));
        boolean wasNotReady;
        try {
            wasNotReady = isNotReadyWithin(SUSPENDED_SECONDS, url);
        } finally {
            suspended.forEach(process -> signal("CONT", process));
        }
        long resumedNanos = System.nanoTime();
        await().atMost(Duration.ofMinutes(2)).until(() -> status(url) == 200);
        System.out.printf(
                "%s suspended for %d s: not ready meanwhile: %s, ready again after %d ms%n",
                name, SUSPENDED_SECONDS, wasNotReady, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - resumedNanos));

        load.assertClean();
    }

    /** Returns after this time whether {@code /readyz} has failed meanwhile. */
    private static boolean isNotReadyWithin(int seconds, URI url) {
        long since = System.nanoTime();
        boolean[] failed = {false};
        await().atMost(Duration.ofSeconds(seconds + 60L)).until(() -> {
            failed[0] |= status(url) != 200;
            return System.nanoTime() - since > TimeUnit.SECONDS.toNanos(seconds);
        });
        return failed[0];
    }

    private static int status(URI url) throws InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(url.resolve("/readyz"))
                    .timeout(Duration.ofSeconds(60))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    private void assertVerified(Map<String, String> settings) throws IOException {
        CommandLineRun verify = CommandLineRun.of(directory, settings, List.of("verify"));
        assertEquals(0, verify.exitCode(), () -> verify.out() + verify.err());
    }

    private static ProcessHandle redisProcess() {
        return descendant(process -> command(process).contains("redis"));
    }

    /** ClickHouse runs in a JVM of its own. */
    private static ProcessHandle javaProcessBeside(ProcessHandle kafka) {
        return descendant(process -> command(process).endsWith("java") && process.pid() != kafka.pid());
    }

    private static ProcessHandle descendant(Predicate<ProcessHandle> predicate) {
        return ProcessHandle.current()
                .descendants()
                .filter(predicate)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no such process was started"));
    }

    private static String command(ProcessHandle process) {
        return process.info().command().orElse("");
    }

    private static void signal(String name, ProcessHandle process) {
        try {
            int exitCode = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            assertEquals(0, exitCode, "the process has ended");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** A broker in a process of its own. It ends with this process. */
    record Broker(Process process, String bootstrapServers) implements AutoCloseable {

        static Broker start(Path data) throws IOException {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx512m",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Broker.class.getName(),
                            data.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith("bootstrap=")) {
                    Thread.ofVirtual().start(() -> out.lines().forEach(ignored -> {}));
                    return new Broker(process, line.substring("bootstrap=".length()));
                }
            }
            throw new IOException("the broker did not start");
        }

        /** Runs the broker until standard input ends. */
        public static void main(String[] arguments) throws IOException {
            try (EmbeddedKafka kafka = EmbeddedKafka.start(Path.of(arguments[0]), 0)) {
                System.out.println("bootstrap=" + kafka.bootstrapServers());
                while (System.in.read() >= 0) {
                    // waits
                }
            }
        }

        ProcessHandle handle() {
            return process.toHandle();
        }

        @Override
        public void close() throws IOException {
            process.getOutputStream().close();
            try {
                if (!process.waitFor(60, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                process.destroyForcibly();
            }
        }
    }
}
