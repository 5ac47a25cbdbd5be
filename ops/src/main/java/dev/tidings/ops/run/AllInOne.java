package dev.tidings.ops.run;

import dev.tidings.gateway.Gateway;
import dev.tidings.gateway.GatewayConfig;
import dev.tidings.gateway.auth.DevTokens;
import dev.tidings.gateway.auth.TokenKeys;
import dev.tidings.ops.connect.ConnectWorker;
import dev.tidings.ops.connect.ConnectorsConfig;
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
 * Everything on one machine, in one process (but for Redis and ClickHouse, which are its children): the backends, the
 * topics, and the three roles. The one place where tokens are given away to whoever asks.
 */
public final class AllInOne implements AutoCloseable {

    private final Parts parts;
    private final Settings settings;
    private final CompletableFuture<Void> failed;

    private AllInOne(Parts parts, Settings settings, CompletableFuture<Void> failed) {
        this.parts = parts;
        this.settings = settings;
        this.failed = failed;
    }

    /**
     * Returns once clients can connect; {@code /readyz} says when everything else is there.
     *
     * @param data where everything is kept
     */
    public static AllInOne start(Settings given, Path data, Progress progress) {
        Settings local = given.withDefaults(onOneMachine(data));
        checkMachine(data);
        StartChecks.port(GatewayConfig.host(local), GatewayConfig.httpPort(local), "gateway.http-port");
        Parts parts = new Parts(progress);
        try {
            Settings settings = backends(local, data, parts, progress);
            StreamProcessors processors =
                    parts.start("stream processors", () -> StreamProcessors.start(ProcessorsConfig.from(settings)));
            ConnectWorker connectors =
                    parts.start("connectors", () -> ConnectWorker.start(ConnectorsConfig.from(settings)));
            GatewayConfig config = GatewayConfig.from(settings);
            DevTokens devTokens = config.tokenKeys() instanceof TokenKeys.Secret secret
                    ? new DevTokens(secret, config.tokenPolicy())
                    : null;
            Gateway gateway = parts.start(
                    "gateway", () -> Gateway.start(config, devTokens, () -> missing(processors, connectors)));
            String url = "http://" + reachable(config.host()) + ':' + gateway.port();
            return new AllInOne(parts, settings.with(Map.of("gateway.url", url)), gateway.lost());
        } catch (RuntimeException e) {
            parts.close();
            throw e;
        }
    }

    /** Only the backends and the topics: for roles that run as processes of their own. */
    public static AllInOne startBackends(Settings given, Path data, Progress progress) {
        checkMachine(data);
        Parts parts = new Parts(progress);
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

    private static Settings backends(Settings local, Path data, Parts parts, Progress progress) {
        Settings settings = Backends.start(local, data, parts, progress);
        if (settings.find("gateway.jwt.secret") == null && settings.find("gateway.jwt.jwks-url") == null) {
            settings = settings.with(Map.of("gateway.jwt.secret", TokenSecret.in(data)));
        }
        if (local.find("kafka.bootstrap-servers") == null) {
            DeadTransactions.abort(settings.required("kafka.bootstrap-servers"), settings.under("kafka.client."));
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

    /** Each partition costs every commit something, and a state that was small enough to be restored is fastest in memory. */
    private static Map<String, String> onOneMachine(Path data) {
        return Map.of(
                "gateway.host", "127.0.0.1",
                "topics.conversation-partitions", "2",
                "topics.user-partitions", "2",
                "processors.store", "memory",
                "processors.state-directory", data.resolve("state").toString());
    }

    private static List<String> missing(StreamProcessors processors, ConnectWorker connectors) {
        List<String> missing = new ArrayList<>();
        missing.addAll(processors.faults());
        if (!connectors.isHealthy()) {
            missing.add("connectors: " + connectors.failures());
        }
        return missing;
    }

    private static String reachable(String host) {
        return host.equals("0.0.0.0") ? "127.0.0.1" : host;
    }

    /** What was given, and where everything is that was started; the gateway under {@code gateway.url}. */
    public Settings settings() {
        return settings;
    }

    /** Completes if it cannot go on and should be stopped. */
    public CompletableFuture<Void> failed() {
        return failed;
    }

    @Override
    public void close() {
        parts.close();
    }
}
