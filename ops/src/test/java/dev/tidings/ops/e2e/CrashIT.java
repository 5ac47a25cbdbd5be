package dev.tidings.ops.e2e;

import dev.tidings.ops.embedded.EmbeddedClickHouse;
import dev.tidings.ops.embedded.EmbeddedKafka;
import dev.tidings.ops.embedded.EmbeddedRedis;
import dev.tidings.ops.run.TopicSetup;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.settings.Settings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes are killed under load; the checker of the load generator accounts for every message. */
class CrashIT {

    /** Of the measured load; longer with {@code -Psoak}. */
    private static final int SECONDS = Integer.getInteger("tidings.crash.seconds", 20);

    private static final String SECRET = "a secret for this test alone, long enough";

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path directory;

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
                BackgroundLoad load = load(url);
                load.runFor(Duration.ofSeconds(SECONDS / 3));
                processors.kill();
                processors = RoleProcess.start("processors", settings, directory);
                load.runFor(Duration.ofSeconds(SECONDS / 3));
                gateway.kill();
                gateway = RoleProcess.start("gateway", settings, directory);

                load.assertClean();
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
                "gateway.http-port", Integer.toString(RoleProcess.freePort()),
                "gateway.grpc-port", "0");
        URI url = URI.create("http://127.0.0.1:" + settings.get("gateway.http-port"));
        String data = directory.resolve("data").toString();
        RoleProcess tidings = RoleProcess.start("up", settings, directory, "--data", data);
        try {
            tidings.awaitReady();
            BackgroundLoad load = load(url);
            load.runFor(Duration.ofSeconds(SECONDS / 2));
            tidings.kill();
            tidings = RoleProcess.start("up", settings, directory, "--data", data);

            load.assertClean();
        } finally {
            tidings.close();
        }
    }

    private static BackgroundLoad load(URI url) {
        return BackgroundLoad.start(url, SECRET, "--rate=300", "--seconds=" + SECONDS, "--warmup=5", "--users=40");
    }
}
