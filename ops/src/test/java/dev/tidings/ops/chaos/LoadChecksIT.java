package dev.tidings.ops.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.ops.bench.BenchProgress;
import dev.tidings.ops.bench.CheckedPlan;
import dev.tidings.ops.bench.LoadChecks;
import dev.tidings.ops.bench.LoadPlan;
import dev.tidings.ops.bench.LoadReport;
import dev.tidings.ops.bench.LoadRun;
import dev.tidings.ops.bench.RunPlan;
import dev.tidings.ops.bench.SignedTokenSource;
import dev.tidings.ops.bench.client.FrameFormat;
import dev.tidings.ops.run.AllInOne;
import dev.tidings.ops.run.Progress;
import dev.tidings.schemas.settings.Settings;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checks of {@code tidings chaos}, without faults: second devices, users who are no members, and absent members. */
class LoadChecksIT {

    private static final int USERS = 4;

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path directory;

    @Test
    void a_system_without_faults_violates_none_of_them() throws Exception {
        try (PushReceiver webhook = new PushReceiver();
                AllInOne system = AllInOne.start(settings(webhook), directory, Progress.silent());
                NotificationTopics notifications =
                        new NotificationTopics(system.settings().required("kafka.bootstrap-servers"), webhook)) {
            URI url = URI.create(system.settings().required("gateway.url"));
            List<CheckedPlan> plans = List.of(
                    new CheckedPlan(plan(url, "d", 0), new LoadChecks(2, true, true, null)),
                    new CheckedPlan(plan(url, "g", 1), new LoadChecks(1, true, true, notifications)));
            SignedTokenSource tokens =
                    new SignedTokenSource(system.settings().required("gateway.jwt.secret"), null, null);
            List<CompletableFuture<LoadReport>> reports = LoadRun.together(
                            plans, tokens, new BenchProgress(new PrintWriter(System.out, true), 5), List.of(url))
                    .stream()
                    .map(load -> CompletableFuture.supplyAsync(
                            load::run, task -> Thread.ofPlatform().daemon().start(task)))
                    .toList();
            for (CompletableFuture<LoadReport> report : reports) {
                LoadReport done = report.join();
                assertEquals(List.of(), done.flaws(), () -> String.join("\n", done.evidence()));
                assertTrue(done.result().rejectedNonMembers > 5, () -> "rejected " + done.result().rejectedNonMembers);
            }
        }
    }

    private static LoadPlan plan(URI url, String kind, int groups) {
        RunPlan run = new RunPlan("checks" + kind, url, FrameFormat.PROTO, 20, USERS, 100, 1, Duration.ofSeconds(60));
        return new LoadPlan(run, 4, 0, groups, groups == 0 ? 0 : USERS + 1, 0, 0);
    }

    private static Settings settings(PushReceiver webhook) {
        Map<String, String> settings = new HashMap<>(webhook.settings());
        for (String port : List.of(
                "embedded.kafka-port",
                "embedded.redis-port",
                "embedded.clickhouse-port",
                "gateway.http-port",
                "gateway.grpc-port")) {
            settings.put(port, "0");
        }
        return Settings.of(settings);
    }
}
