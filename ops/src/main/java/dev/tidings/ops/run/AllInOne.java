package dev.tidings.ops.run;

import dev.tidings.gateway.Gateway;
import dev.tidings.gateway.GatewayConfig;
import dev.tidings.gateway.auth.DevTokens;
import dev.tidings.gateway.auth.TokenSigner;
import dev.tidings.ops.erasure.LogErasure;
import dev.tidings.ops.monitoring.HealthPort;
import dev.tidings.ops.monitoring.RoleMetrics;
import dev.tidings.ops.rebuild.UnfinishedRebuild;
import dev.tidings.processors.ProcessorsConfig;
import dev.tidings.processors.StreamProcessors;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.settings.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The whole system on one machine, in one process: the backends (Redis and ClickHouse as child processes), the topics, and the three
 * roles. The only configuration in which the gateway issues tokens without a check.
 */
public final class AllInOne implements AutoCloseable {

    private final StartedParts parts;
    private final Settings settings;
    private final CompletableFuture<Void> failed;

    private AllInOne(StartedParts parts, Settings settings, CompletableFuture<Void> failed) {
        this.parts = parts;
        this.settings = settings;
        this.failed = failed;
    }

    /**
     * Starts everything. Returns once clients can connect; {@code /readyz} reports when the other parts are ready.
     *
     * @param data the directory of all data
     */
    public static AllInOne start(Settings given, Path data, Progress progress) {
        Settings local = given.withDefaults(onOneMachine(data));
        checkMachine(data);
        StartChecks.port(GatewayConfig.host(local), GatewayConfig.httpPort(local), "gateway.http-port");
        StartChecks.port(GatewayConfig.host(local), GatewayConfig.grpcPort(local), "gateway.grpc-port");
        StartChecks.port(
                local.text("gateway.health-host", "127.0.0.1"), GatewayConfig.healthPort(local), "gateway.health-port");
        HealthPort processorsPort = HealthPort.ofProcessors(local);
        HealthPort connectorsPort = HealthPort.ofConnectors(local);
        StartChecks.port(processorsPort.host(), processorsPort.port(), processorsPort.key());
        StartChecks.port(connectorsPort.host(), connectorsPort.port(), connectorsPort.key());
        StartedParts parts = new StartedParts(progress);
        try {
            Settings settings = backends(local, data, parts, progress);
            UnfinishedRebuild.requireNone(settings);
            ProcessorsConfig processorsConfig = ProcessorsConfig.from(settings);
            StreamProcessors processors =
                    parts.start("stream processors", () -> StreamProcessors.start(processorsConfig));
            VerifiedConnectors connectors = parts.start("connectors", () -> VerifiedConnectors.start(settings));
            if (processorsPort.isSet()) {
                parts.start(
                        "health port of processors",
                        () -> processorsPort.open(
                                processors::faults, RoleMetrics.processors(processorsConfig.stateDirectory())));
            }
            if (connectorsPort.isSet()) {
                parts.start(
                        "health port of connectors",
                        () -> connectorsPort.open(connectors::faults, connectors.metrics()));
            }
            GatewayConfig config = GatewayConfig.from(settings);
            TokenSigner signer = TokenSigner.from(settings);
            DevTokens devTokens = signer == null ? null : new DevTokens(signer, config.tokenPolicy());
            Gateway gateway = parts.start(
                    "gateway", () -> Gateway.start(config, devTokens, () -> missing(processors, connectors)));
            String url =
                    (config.tls() == null ? "http://" : "https://") + reachable(config.host()) + ':' + gateway.port();
            return new AllInOne(parts, settings.with(Map.of("gateway.url", url)), gateway.lost());
        } catch (RuntimeException e) {
            parts.close();
            throw e;
        }
    }

    /** Starts only the backends and creates the topics, for roles in processes of their own. */
    public static AllInOne startBackends(Settings given, Path data, Progress progress) {
        checkMachine(data);
        StartedParts parts = new StartedParts(progress);
        try {
            Settings local = given.withDefaults(onOneMachine(data));
            return new AllInOne(parts, backends(local, data, parts, progress), new CompletableFuture<>());
        } catch (RuntimeException e) {
            parts.close();
            throw e;
        }
    }

    private static void checkMachine(Path data) {
        StartChecks.temporaryDirectory();
        StartChecks.freeSpace(data);
    }

    private static Settings backends(Settings local, Path data, StartedParts parts, Progress progress) {
        if (local.find("kafka.bootstrap-servers") == null) {
            eraseLog(local, data, progress);
        }
        Settings settings = Backends.start(local, data, parts, progress);
        if (settings.find("gateway.jwt.secret") == null
                && settings.find("gateway.jwt.jwks-url") == null
                && settings.find("gateway.jwt.public-key-file") == null) {
            settings = settings.with(Map.of("gateway.jwt.secret", TokenSecret.in(data)));
        }
        if (local.find("kafka.bootstrap-servers") == null) {
            OngoingTransactions.abort(settings.required("kafka.bootstrap-servers"), settings.under("kafka.client."));
        }
        List<String> done = TopicSetup.ensure(
                settings.required("kafka.bootstrap-servers"),
                settings.under("kafka.client."),
                TopicLayout.from(settings));
        if (!done.isEmpty()) {
            progress.note("set up topics: " + done.size() + " changes");
        }
        return settings;
    }

    /** Removes erased words from the log before the broker starts. State on disk is built again from the changelogs. */
    private static void eraseLog(Settings local, Path data, Progress progress) {
        Map<String, Integer> changed =
                LogErasure.ofEmbedded(data.resolve("kafka"), Path.of(local.required("processors.state-directory")));
        if (!changed.isEmpty()) {
            progress.note("erased words in the log, records by topic: " + changed);
        }
    }

    /**
     * Defaults for one machine: few partitions, as each makes every commit slower; state in memory, which is fastest; no limits of
     * addresses, because all clients have the same one.
     */
    private static Map<String, String> onOneMachine(Path data) {
        return Map.ofEntries(
                Map.entry("gateway.host", "127.0.0.1"),
                Map.entry("gateway.grpc-port", "50051"),
                Map.entry("gateway.health-host", "127.0.0.1"),
                Map.entry("gateway.limit.address.frames", "off"),
                Map.entry("gateway.limit.address.bytes", "off"),
                Map.entry("gateway.limit.address.messages", "off"),
                Map.entry("gateway.limit.address.connects", "off"),
                Map.entry("gateway.limit.address.connections", "off"),
                Map.entry("gateway.limit.address.handshakes", "off"),
                Map.entry("processors.health-host", "127.0.0.1"),
                Map.entry("connectors.health-host", "127.0.0.1"),
                Map.entry("topics.conversation-partitions", "2"),
                Map.entry("topics.user-partitions", "2"),
                Map.entry("processors.store", "memory"),
                Map.entry("processors.state-directory", data.resolve("state").toString()));
    }

    private static List<String> missing(StreamProcessors processors, VerifiedConnectors connectors) {
        List<String> missing = new ArrayList<>();
        missing.addAll(processors.faults());
        missing.addAll(connectors.faults());
        return missing;
    }

    private static String reachable(String host) {
        return host.equals("0.0.0.0") ? "127.0.0.1" : host;
    }

    /** The given settings, with the addresses of all started parts; that of the gateway is {@code gateway.url}. */
    public Settings settings() {
        return settings;
    }

    /** Completes if the system has failed and must be stopped. */
    public CompletableFuture<Void> failed() {
        return failed;
    }

    @Override
    public void close() {
        parts.close();
    }
}
