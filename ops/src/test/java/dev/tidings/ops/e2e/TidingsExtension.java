package dev.tidings.ops.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tidings.gateway.Gateway;
import dev.tidings.gateway.GatewayConfig;
import dev.tidings.gateway.auth.DevTokens;
import dev.tidings.gateway.auth.Scope;
import dev.tidings.gateway.auth.TokenIssuer;
import dev.tidings.gateway.auth.TokenKeys;
import dev.tidings.gateway.auth.TokenPolicy;
import dev.tidings.gateway.auth.TokenSigner;
import dev.tidings.ops.backup.BackupDirectory;
import dev.tidings.ops.e2e.ChatClient.Subprotocol;
import dev.tidings.ops.run.AllInOne;
import dev.tidings.ops.run.Progress;
import dev.tidings.schemas.Topic;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.v1.ServerFrame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.utils.Utils;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Starts an all-in-one on free ports before the first test of a class and stops it after the last. Its data lie in a
 * temporary directory of its own. The tests of the class share it, so each uses names of its own.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final TidingsExtension tidings = TidingsExtension.allInOne();
 * }</pre>
 *
 * Classes with {@link #shared()} share one all-in-one: it starts before the first of them and stops after all tests.
 */
final class TidingsExtension implements BeforeAllCallback, AfterAllCallback {

    private static final Duration READY_WITHIN = Duration.ofMinutes(2);

    /** Any free ports. Presence is visible to everyone, so that a test can await that a user is offline. */
    private static final Map<String, String> FOR_TESTS = Map.of(
            "gateway.presence-visibility", "everyone",
            "embedded.kafka-port", "0",
            "embedded.redis-port", "0",
            "embedded.clickhouse-port", "0",
            "gateway.http-port", "0",
            "gateway.grpc-port", "0");

    static {
        // a thread that dies may belong to the system of another class: two classes run at a time
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
    }

    /** The all-in-one of {@link #shared()}, in the store of the whole run, which closes it. */
    private record Shared(TidingsExtension extension) implements AutoCloseable {

        @Override
        public void close() throws IOException {
            extension.close();
        }
    }

    private final Map<String, String> given = new HashMap<>(FOR_TESTS);
    private final boolean isShared;
    private boolean hasWebhook;
    private @Nullable Path directory;
    private String data = "data";
    private @Nullable SignedWebhook webhook;
    private final BusinessSystem business = new BusinessSystem(this::bootstrapServers);
    private @Nullable AllInOne running;

    private TidingsExtension(boolean isShared) {
        this.isShared = isShared;
    }

    static TidingsExtension allInOne() {
        return new TidingsExtension(false);
    }

    /**
     * For classes that change no settings and no rules, restart nothing, and name their users and conversations like no other
     * class.
     */
    static TidingsExtension shared() {
        return new TidingsExtension(true);
    }

    TidingsExtension with(String key, String value) {
        given.put(key, value);
        return this;
    }

    /** Sends notifications to a {@link SignedWebhook}. The class fails if one of its requests is not signed. */
    TidingsExtension withWebhook() {
        hasWebhook = true;
        return this;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        if (isShared) {
            TidingsExtension started = context.getRoot()
                    .getStore(ExtensionContext.Namespace.create(TidingsExtension.class))
                    .computeIfAbsent(Shared.class, key -> new Shared(startedAllInOne()), Shared.class)
                    .extension();
            directory = started.directory;
            running = started.running;
        } else {
            open();
        }
    }

    private static TidingsExtension startedAllInOne() {
        TidingsExtension extension = allInOne();
        try {
            extension.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return extension;
    }

    private void open() throws IOException {
        directory = Files.createTempDirectory("tidings-e2e-");
        if (hasWebhook) {
            SignedWebhook opened = new SignedWebhook();
            webhook = opened;
            given.putAll(opened.settings());
        }
        start();
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        if (isShared) {
            business.close();
        } else {
            close();
        }
    }

    private void close() throws IOException {
        try {
            stop();
            if (webhook != null) {
                webhook.close();
                assertEquals(0, webhook.forged(), "every request to the webhook is signed");
            }
        } finally {
            Utils.delete(directory().toFile());
        }
    }

    /** Stops it and starts it again on the same data. Its ports change. */
    void restart() {
        requireOwn();
        stop();
        start();
    }

    /** Stops it, backs up its data, and starts it again on a copy that is restored from the backup. Its ports change. */
    void restartFromBackup() throws IOException {
        requireOwn();
        stop();
        BackupDirectory backups = new BackupDirectory(directory().resolve("backups"));
        backups.backUp(directory().resolve(data), Instant.now(), line -> {});
        data = "restored";
        backups.restore(null, directory().resolve(data), line -> {});
        start();
    }

    /** Stops it for the rest of the class. */
    void shutDown() {
        requireOwn();
        stop();
    }

    private void requireOwn() {
        if (isShared) {
            throw new IllegalStateException("other classes use it, too");
        }
    }

    private void start() {
        running = AllInOne.start(Settings.of(given), directory().resolve(data), Progress.silent());
        await().atMost(READY_WITHIN)
                .ignoreExceptions()
                .until(() -> get("/readyz").statusCode() == 200);
    }

    private void stop() {
        business.close();
        if (running != null) {
            running.close();
            running = null;
        }
    }

    /** Where the tests of the class may put files; deleted after the last of them. */
    Path directory() {
        return Objects.requireNonNull(directory, "no test runs");
    }

    Settings settings() {
        return Objects.requireNonNull(running, "no test runs").settings();
    }

    URI url() {
        return URI.create(settings().required("gateway.url"));
    }

    /** A token of a user or an operator with one scope. */
    String token(String userId, Scope scope) {
        return new TokenIssuer(
                        new TokenKeys.Secret(settings().required("gateway.jwt.secret")),
                        TokenPolicy.from(settings()),
                        System::currentTimeMillis)
                .issue(userId, EnumSet.of(scope), "", Duration.ofMinutes(10));
    }

    String bootstrapServers() {
        return settings().required("kafka.bootstrap-servers");
    }

    int conversationPartitions() {
        return TopicLayout.from(settings()).partitionsOf(Topics.COMMANDS);
    }

    SignedWebhook webhook() {
        return Objects.requireNonNull(webhook, "withWebhook() is missing");
    }

    /** A business system that connects when it is first used. It is closed with the all-in-one. */
    BusinessSystem business() {
        return business;
    }

    /** Starts another gateway of the same system in this process, on a slot and a port of its own. It gives out tokens. */
    Gateway startGateway(Map<String, String> settings) {
        Settings all = settings().with(FOR_TESTS).with(settings);
        GatewayConfig config = GatewayConfig.from(all);
        TokenSigner signer = TokenSigner.from(all);
        DevTokens devTokens = signer == null ? null : new DevTokens(signer, config.tokenPolicy());
        return Gateway.start(config, devTokens, List::of);
    }

    static URI urlOf(Gateway gateway) {
        return URI.create("http://127.0.0.1:" + gateway.port());
    }

    /**
     * Starts another gateway of the same system as a process of its own, and returns once it is ready.
     *
     * @param name of the directory with its files
     * @param jvmOptions more for its JVM
     */
    RoleProcess startGatewayProcess(String name, Map<String, String> settings, String... jvmOptions)
            throws IOException {
        Map<String, String> all = new HashMap<>(settings().under(""));
        all.put("gateway.http-port", Integer.toString(RoleProcess.freePort()));
        all.putAll(settings);
        RoleProcess process = RoleProcess.start(
                "gateway", all, Files.createDirectories(directory().resolve(name)), List.of(jvmOptions));
        try {
            process.awaitReady();
        } catch (RuntimeException e) {
            process.kill();
            throw e;
        }
        return process;
    }

    /** Connects a phone to a gateway that gives out no tokens itself. */
    ChatClient connect(URI gateway, String userId) {
        ChatClient client = new ChatClient(gateway, Subprotocol.PROTO);
        client.request(ChatClient.connect(ChatClient.devToken(url(), userId), "phone"), ServerFrame::hasConnected);
        return client;
    }

    HttpResponse<String> get(String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(url().resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    /** Sets a setting of a topic and returns once the broker reports it. */
    void setTopicConfig(Topic<?, ?> topic, String name, String value) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
        AlterConfigOp set = new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers()))) {
            admin.incrementalAlterConfigs(Map.of(resource, List.of(set))).all().get(60, TimeUnit.SECONDS);
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> Objects.requireNonNull(admin.describeConfigs(List.of(resource))
                                    .all()
                                    .get(60, TimeUnit.SECONDS)
                                    .get(resource))
                            .get(name)
                            .value()
                            .equals(value));
        }
    }

    /** Returns the rows that ClickHouse answers, separated by tabs and line feeds. */
    String sql(String statement) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(settings().required("clickhouse.url") + "/?database=tidings"))
                .header("X-ClickHouse-User", settings().required("clickhouse.user"))
                .header("X-ClickHouse-Key", settings().required("clickhouse.password"))
                .POST(HttpRequest.BodyPublishers.ofString(statement))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }
}
