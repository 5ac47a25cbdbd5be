package dev.tidings.ops.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import dev.tidings.gateway.Gateway;
import dev.tidings.gateway.auth.Scope;
import dev.tidings.gateway.monitoring.HealthListener;
import dev.tidings.ops.bench.websocket.WebSocketClient;
import dev.tidings.ops.bench.websocket.WebSocketEventLoop;
import dev.tidings.ops.connect.ConnectorsConfig;
import dev.tidings.ops.e2e.ChatClient.Subprotocol;
import dev.tidings.ops.promql.AlertRules;
import dev.tidings.ops.promql.ScrapedSystem;
import dev.tidings.ops.verify.ScheduledVerification;
import dev.tidings.schemas.Topic;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessSend;
import dev.tidings.v1.Command;
import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.TextContent;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Causes the incidents behind the alerts in a running system, and evaluates the rules on its metrics. Before an incident a rule has no
 * result. The clock of the rules is compressed, see {@link ScrapedSystem}. With {@code -Psoak}, because it takes two minutes.
 */
@EnabledIfSystemProperty(named = "tidings.alert.incidents", matches = "true")
class AlertIncidentsIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);

    /** More than 10 a second in the five minutes of the rule. */
    private static final int FORGED_REQUESTS = 3_600;

    private static final int SMALL_BYTES = 500;

    private static final int FLOOD_OF_COMMANDS = 60_000;
    private static final int FLOOD_OF_EVENTS = 150_000;

    /** Clients that connect at the same time, and how often so many do: more than 10 rejected ones a second in five minutes. */
    private static final int CLIENTS_AT_ONCE = 300;

    private static final int STORMS = 13;

    /** Longer than any rule waits. */
    private static final int MINUTES = 65;

    /** Alerts whose incident is not caused here; {@code AlertRulesTest} makes them fire on numbers. */
    private static final Map<String, String> NOT_CAUSED = Map.of(
            "TidingsArchiveFails", "the archive runs once an hour",
            "TidingsStateDiskFull", "needs a file system of its own that can be filled");

    private static final AlertRules RULES = AlertRules.load();
    private static final int PROCESSORS_PORT = RoleProcess.freePort();
    private static final int CONNECTORS_PORT = RoleProcess.freePort();

    @RegisterExtension
    static final TidingsExtension tidings = TidingsExtension.allInOne()
            .with("processors.health-port", Integer.toString(PROCESSORS_PORT))
            .with("connectors.health-port", Integer.toString(CONNECTORS_PORT));

    private static final BusinessSystem business = tidings.business();

    private interface Action {
        void run() throws Exception;
    }

    private final Set<String> fired = new HashSet<>();

    /** One test, because the last incident is the end of the system. */
    @Test
    void every_alert_fires_after_its_incident() throws Exception {
        incident(system(), Set.of("TidingsDeliveriesSkipped"), this::a_delivery_is_unreadable);
        incident(
                system(),
                Set.of("TidingsThreadDies", "TidingsTopologyFault", "TidingsDeadLetters"),
                this::the_broker_rejects_outcomes);
        incident(system(), Set.of("TidingsSinkFails"), this::redis_does_not_answer);
        incident(system(), Set.of("TidingsCommandsRejected"), this::kafka_rejects_commands);
        kafka_confirms_slowly();
        repeated(system(), Set.of("TidingsTokensRejected"), this::clients_send_forged_tokens);
        a_client_reads_nothing();
        a_certificate_expires_and_its_successor_is_broken();
        a_copy_loses_rows();
        a_gateway_runs_out_of_files_and_is_killed();
        more_clients_connect_than_a_gateway_admits();
        incident(system(), Set.of("TidingsSinkLag"), this::a_sink_has_much_to_catch_up_with);
        incident(system(), Set.of("TidingsProcessorLag"), this::commands_come_faster_than_they_are_decided);
        incident(system(), Set.of("TidingsProcessorsAbsent"), tidings::shutDown);

        Set<String> all = new HashSet<>(fired);
        all.addAll(NOT_CAUSED.keySet());
        assertEquals(RULES.names(), Set.copyOf(all), "every alert has an incident here, or a reason why it has none");
        assertTrue(fired.stream().noneMatch(NOT_CAUSED::containsKey));
    }

    private void a_delivery_is_unreadable() throws Exception {
        for (int slot = 0; slot < slots(); slot++) {
            produce(new ProducerRecord<>(Topics.DELIVERIES.name(), slot, null, new byte[] {1, 2, 3}), 1);
        }
        awaitMetric(tidings.url().resolve("/metrics"), "tidings_gateway_deliveries_skipped_total", "", 0);
    }

    private void the_broker_rejects_outcomes() throws Exception {
        tidings.setTopicConfig(Topics.CONVERSATION_EVENTS, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "3000");
        try {
            for (int i = 0; i < 3; i++) {
                business.send(
                        0,
                        BusinessCommand.newBuilder()
                                .setRequestId("large-" + i)
                                .setActor("shop")
                                .setSendMessage(BusinessSend.newBuilder()
                                        .setConversationId("p:customer:shop")
                                        .setClientMsgId("large-" + i)
                                        .setContent(text("x".repeat(4_000))))
                                .build()
                                .toByteArray(),
                        "application/x-protobuf");
            }
            awaitMetric(processors(), "tidings_processors_skipped_records_total", "conversation", 2);
        } finally {
            tidings.setTopicConfig(Topics.CONVERSATION_EVENTS, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "1048588");
        }
    }

    private void redis_does_not_answer() throws Exception {
        whileRedisIsSuspended("while-redis-sleeps", () -> {});
    }

    /** Suspends Redis, waits until its sink has failed to write, and runs the action. */
    private static void whileRedisIsSuspended(String clientMsgId, Action action) throws Exception {
        String redis = Long.toString(ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().command().orElse("").contains("redis"))
                .findFirst()
                .orElseThrow()
                .pid());
        run("kill", "-STOP", redis);
        try {
            send(clientMsgId);
            awaitMetric(connectors(), "tidings_connectors_write_failures_in_a_row", "redis", 0);
            action.run();
        } finally {
            run("kill", "-CONT", redis);
        }
    }

    private void kafka_rejects_commands() throws Exception {
        try (ChatClient alice = ChatClient.signedIn(tidings.url(), "alice", "phone", Subprotocol.PROTO)) {
            tidings.setTopicConfig(Topics.COMMANDS, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "100");
            try {
                alice.request(ChatClient.text("p:alice:bob", "too-large", "hello"), ServerFrame::hasError);
            } finally {
                tidings.setTopicConfig(Topics.COMMANDS, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "1048588");
            }
        }
    }

    /** The broker throttles the gateway's producer: a confirmation takes as long as with a slow disk. */
    private void kafka_confirms_slowly() throws Exception {
        try (ChatClient alice = ChatClient.signedIn(tidings.url(), "alice", "phone", Subprotocol.PROTO)) {
            repeated(system(), Set.of("TidingsLogSlow"), () -> {
                throttle(150.0);
                await().atMost(TIMEOUT).until(() -> sendSeconds(alice) > 1);
                throttle(null);
                await().atMost(TIMEOUT).until(() -> sendSeconds(alice) < 1);
            });
        }
    }

    /** Returns how long a message of 2 kB takes. */
    private static double sendSeconds(ChatClient alice) {
        long since = System.nanoTime();
        alice.request(ChatClient.text("p:alice:bob", "slow-" + since, "x".repeat(2_000)), ServerFrame::hasSequenced);
        return (System.nanoTime() - since) / 1e9;
    }

    /** @param bytesPerSecond null: no limit */
    private static void throttle(@Nullable Double bytesPerSecond) throws Exception {
        ClientQuotaEntity producer =
                new ClientQuotaEntity(Map.of(ClientQuotaEntity.CLIENT_ID, "tidings-gateway-commands"));
        ClientQuotaAlteration.Op rate = new ClientQuotaAlteration.Op("producer_byte_rate", bytesPerSecond);
        try (Admin admin =
                Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, tidings.bootstrapServers()))) {
            admin.alterClientQuotas(List.of(new ClientQuotaAlteration(producer, List.of(rate))))
                    .all()
                    .get(60, TimeUnit.SECONDS);
        }
    }

    private void clients_send_forged_tokens() throws Exception {
        HttpRequest forged = HttpRequest.newBuilder(tidings.url().resolve("/v1/conversations"))
                .header("Authorization", "Bearer forged")
                .build();
        try (HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
                ExecutorService threads = Executors.newFixedThreadPool(16)) {
            List<Callable<Integer>> requests = new ArrayList<>();
            for (int i = 0; i < FORGED_REQUESTS; i++) {
                requests.add(() -> client.send(forged, HttpResponse.BodyHandlers.discarding())
                        .statusCode());
            }
            for (Future<Integer> status : threads.invokeAll(requests)) {
                assertEquals(401, status.get());
            }
        }
    }

    /** Copies of a command: the topology answers each of them. */
    private void commands_come_faster_than_they_are_decided() throws Exception {
        flood(Topics.COMMANDS, command -> command.getBodyCase() == Command.BodyCase.SEND_MESSAGE, FLOOD_OF_COMMANDS);
    }

    /** Copies of an event come while a sink waits for its store; it stores each of them as the same row. */
    private void a_sink_has_much_to_catch_up_with() throws Exception {
        whileRedisIsSuspended(
                "before-the-flood",
                () -> flood(Topics.CONVERSATION_EVENTS, ConversationEvent::hasMessageSent, FLOOD_OF_EVENTS));
    }

    /** Appends copies of the first small record that fits. */
    private static <V> void flood(Topic<String, V> topic, Predicate<V> fits, int times) throws Exception {
        ConsumerRecord<String, V> record = business.committed(topic).stream()
                .filter(each -> each.serializedValueSize() < SMALL_BYTES && fits.test(each.value()))
                .findFirst()
                .orElseThrow();
        produce(
                new ProducerRecord<>(
                        topic.name(),
                        topic.key().serializer().serialize(topic.name(), record.key()),
                        topic.value().serializer().serialize(topic.name(), record.value())),
                times);
    }

    private void more_clients_connect_than_a_gateway_admits() throws Exception {
        Map<String, String> one = Map.of(
                "gateway.max-openings", "1",
                "gateway.reconnects-per-second", "1",
                "gateway.limit.address.connects", "off",
                "gateway.limit.address.handshakes", "off",
                "gateway.limit.address.connections", "off",
                "gateway.limit.user.connections", "off");
        try (Gateway narrow = tidings.startGateway(one)) {
            URI url = TidingsExtension.urlOf(narrow);
            repeated(
                    new ScrapedSystem(RULES).with("tidings-gateway", "narrow", url.resolve("/metrics")),
                    Set.of("TidingsClientsRejected"),
                    () -> {
                        for (int i = 0; i < STORMS; i++) {
                            connectAtOnce(url);
                        }
                    });
        }
    }

    /** Returns when each client has got an answer or has lost its connection. */
    private static void connectAtOnce(URI gateway) throws Exception {
        CountDownLatch unanswered = new CountDownLatch(CLIENTS_AT_ONCE);
        List<WebSocketClient> clients = new ArrayList<>();
        String token = tidings.token("crowd", Scope.USER);
        try (WebSocketEventLoop loop = new WebSocketEventLoop()) {
            for (int i = 0; i < CLIENTS_AT_ONCE; i++) {
                byte[] connect =
                        ChatClient.connect(token, "device-" + i).build().toByteArray();
                clients.add(loop.connect(gateway, "tidings.v1.proto", true, new WebSocketClient.Listener() {
                    private boolean isAnswered;

                    @Override
                    public void opened(WebSocketClient client) {
                        client.send(connect);
                    }

                    @Override
                    public void received(ByteBuffer payload) {
                        answered();
                    }

                    @Override
                    public void closed(String reason) {
                        answered();
                    }

                    private void answered() {
                        if (!isAnswered) {
                            isAnswered = true;
                            unanswered.countDown();
                        }
                    }
                }));
            }
            assertTrue(unanswered.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS), "each client is answered");
            clients.forEach(WebSocketClient::close);
        }
    }

    private void a_client_reads_nothing() throws Exception {
        try (Gateway small = tidings.startGateway(Map.of("gateway.max-buffered-megabytes", "1"));
                ChatClient alice = ChatClient.signedIn(tidings.url(), "alice", "laptop", Subprotocol.PROTO);
                ChatClient slow = tidings.connect(TidingsExtension.urlOf(small), "slow")) {
            URI metrics = TidingsExtension.urlOf(small).resolve("/metrics");
            incident(
                    new ScrapedSystem(RULES).with("tidings-gateway", "small", metrics),
                    Set.of("TidingsSessionsShed"),
                    () -> {
                        for (int i = 0; i < 20; i++) {
                            alice.send(ChatClient.text("p:alice:slow", "large-" + i, "x".repeat(60_000)));
                        }
                        awaitMetric(metrics, "tidings_gateway_sessions_shed_total", "", 0);
                    });
            assertFalse(slow.received().isEmpty());
        }
    }

    private void a_certificate_expires_and_its_successor_is_broken() throws Exception {
        Path directory = Files.createDirectories(tidings.directory().resolve("tls"));
        int port = RoleProcess.freePort();
        Map<String, String> settings =
                new HashMap<>(SelfSignedCertificate.in(directory, 10).settings());
        settings.put("gateway.health-port", Integer.toString(port));
        URI metrics = URI.create("http://127.0.0.1:" + port + "/metrics");
        try (Gateway gateway = tidings.startGateway(settings)) {
            assertTrue(gateway.port() > 0);
            ScrapedSystem expiring = new ScrapedSystem(RULES, System.currentTimeMillis() / 1_000)
                    .with("tidings-gateway", "tls", metrics);
            expiring.scrape();
            assertFires(expiring, "TidingsCertificateExpires");

            incident(
                    new ScrapedSystem(RULES).with("tidings-gateway", "tls", metrics),
                    Set.of("TidingsCertificateNotReloaded"),
                    () -> {
                        Files.writeString(directory.resolve("cert.pem"), "no certificate");
                        awaitMetric(metrics, "tidings_gateway_tls_reload_failures_total", "", 0);
                    });
        }
    }

    private void a_copy_loses_rows() throws Exception {
        try (ScheduledVerification verification = ScheduledVerification.start(
                        tidings.settings().with(Map.of("connectors.verify.interval-minutes", "0")),
                        ConnectorsConfig.from(tidings.settings()));
                HealthListener port = HealthListener.open(
                        "the port of the test",
                        "127.0.0.1",
                        0,
                        List::of,
                        new MetricRegistry(),
                        List.of(verification.metrics()))) {
            URI metrics = URI.create("http://127.0.0.1:" + port.port() + "/metrics");
            incident(
                    new ScrapedSystem(RULES).with("tidings-connectors", "verification", metrics),
                    Set.of("TidingsCopyDiffers"),
                    () -> {
                        tidings.sql("TRUNCATE TABLE tidings.messages");
                        verification.run();
                    });
        }
    }

    private void a_gateway_runs_out_of_files_and_is_killed() throws Exception {
        try (RoleProcess gateway = tidings.startGatewayProcess("few-files", Map.of())) {
            URI metrics = gateway.url().resolve("/metrics");
            ScrapedSystem system = new ScrapedSystem(RULES).with("tidings-gateway", "few-files", metrics);
            incident(system, Set.of("TidingsFileDescriptors"), () -> {
                long open = (long) metric(metrics, "process_open_fds", "");
                run("prlimit", "--pid", Long.toString(gateway.pid()), "--nofile=" + (open + open / 10) + ":");
            });
            incident(
                    new ScrapedSystem(RULES).with("tidings-gateway", "few-files", metrics),
                    Set.of("TidingsProcessDown"),
                    gateway::kill);
        }
    }

    /** Checks that the rules have no result before the incident, and fire after it. What was found then counts as unchanged. */
    private void incident(ScrapedSystem system, Set<String> alerts, Action cause) throws Exception {
        begin(system, alerts, cause);
        alerts.forEach(alert -> assertFires(system, alert));
    }

    /** As {@link #incident}; the incident comes again after three minutes. */
    private void repeated(ScrapedSystem system, Set<String> alerts, Action cause) throws Exception {
        begin(system, alerts, cause);
        system.passMinute();
        system.passMinute();
        cause.run();
        system.scrape();
        alerts.forEach(alert -> assertFires(system, alert));
    }

    private static void begin(ScrapedSystem system, Set<String> alerts, Action cause) throws Exception {
        system.scrape();
        alerts.forEach(alert -> assertEquals(List.of(), system.condition(alert), () -> alert + " before its incident"));
        cause.run();
        await().pollInterval(Duration.ofMillis(20)).atMost(TIMEOUT).until(() -> {
            system.scrape();
            return alerts.stream().noneMatch(alert -> system.condition(alert).isEmpty());
        });
    }

    private void assertFires(ScrapedSystem system, String alert) {
        for (int i = 0;
                i < MINUTES && !system.fires(alert) && !system.condition(alert).isEmpty();
                i++) {
            system.passMinute();
        }
        assertTrue(system.fires(alert), () -> alert + " does not fire; its expression has " + system.condition(alert));
        fired.add(alert);
    }

    private static ScrapedSystem system() {
        return new ScrapedSystem(RULES)
                .with("tidings-gateway", "g1", tidings.url().resolve("/metrics"))
                .with("tidings-processors", "p1", processors())
                .with("tidings-connectors", "c1", connectors());
    }

    private static URI processors() {
        return URI.create("http://127.0.0.1:" + PROCESSORS_PORT + "/metrics");
    }

    private static URI connectors() {
        return URI.create("http://127.0.0.1:" + CONNECTORS_PORT + "/metrics");
    }

    private static void awaitMetric(URI url, String name, String label, double moreThan) {
        await().atMost(TIMEOUT).until(() -> metric(url, name, label) > moreThan);
    }

    /** Returns the sum of all samples with this name and label; 0 if there is none. */
    private static double metric(URI url, String name, String label) {
        return ScrapedSystem.get(url)
                .orElse("")
                .lines()
                .filter(line -> line.startsWith(name) && line.contains(label))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static void send(String clientMsgId) {
        try (ChatClient alice = ChatClient.signedIn(tidings.url(), "alice", "phone", Subprotocol.PROTO)) {
            alice.request(ChatClient.text("p:alice:bob", clientMsgId, "hello"), ServerFrame::hasSequenced);
        }
    }

    private static Content text(String body) {
        return Content.newBuilder()
                .setText(TextContent.newBuilder().setBody(body))
                .build();
    }

    private static int slots() {
        return TopicLayout.from(tidings.settings()).gatewaySlots();
    }

    private static void produce(ProducerRecord<byte[], byte[]> record, int times) throws Exception {
        Map<String, Object> settings = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                tidings.bootstrapServers(),
                ProducerConfig.LINGER_MS_CONFIG,
                5);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            Future<?> last = producer.send(record);
            for (int i = 1; i < times; i++) {
                last = producer.send(record);
            }
            last.get();
        }
    }

    private static void run(String... command) throws Exception {
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor(), () -> String.join(" ", command));
    }
}
