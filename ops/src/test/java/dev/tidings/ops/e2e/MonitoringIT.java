package dev.tidings.ops.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.ops.RepositoryFiles;
import dev.tidings.ops.e2e.ChatClient.Subprotocol;
import dev.tidings.ops.promql.AlertRules;
import dev.tidings.ops.promql.ScrapedSystem;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessSend;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Content;
import dev.tidings.v1.ModerationAction;
import dev.tidings.v1.RecallMessage;
import dev.tidings.v1.RulesCommand;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.TextContent;
import dev.tidings.v1.WordRule;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The metrics and queries of alert rules, dashboards and monitoring.md exist in a running system. */
class MonitoringIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final int MAX_ALERTS = 20;

    /** The metrics of a gateway with TLS, which {@code TlsCertificatesTest} covers; this system has none. */
    private static final Set<String> WITH_TLS =
            Set.of("tidings_gateway_tls_certificate_expiry_seconds", "tidings_gateway_tls_reload_failures_total");

    private static final Path OPS = RepositoryFiles.ROOT.resolve("ops");
    private static final Pattern METRIC = Pattern.compile("\\b(?:tidings|process|jvm)_[a-z_]+\\b");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(tidings_[a-z_]+)`");
    private static final Pattern LAG = Pattern.compile("_lag_records\\{[^}]*topic=\"([^\"]+)\"");
    private static final Pattern HEADING = Pattern.compile("(?m)^## (.*)$");

    private static final int PROCESSORS_PORT = RoleProcess.freePort();
    private static final int CONNECTORS_PORT = RoleProcess.freePort();

    private static final SpanReceiver SPANS = new SpanReceiver();

    @RegisterExtension
    static final TidingsExtension tidings = TidingsExtension.allInOne()
            .with("processors.store", "rocksdb")
            .with("processors.health-port", Integer.toString(PROCESSORS_PORT))
            .with("connectors.health-port", Integer.toString(CONNECTORS_PORT))
            .with("tracing.otlp-endpoint", SPANS.endpoint())
            .with("tracing.sample-ratio", "1");

    /** Some metrics appear with their first event: a refusal, a notification. */
    @BeforeAll
    static void cause_events() {
        try (ChatClient phone = ChatClient.signedIn(tidings.url(), "bob", "phone", Subprotocol.PROTO)) {
            phone.registerPush("phone", "token-of-bob");
        }
        try (ChatClient alice = ChatClient.signedIn(tidings.url(), "alice", "phone", Subprotocol.PROTO)) {
            long seq = alice.request(ChatClient.text("p:alice:bob", "m1", "hello"), ServerFrame::hasSequenced)
                    .getSequenced()
                    .getSeq();
            alice.request(
                    ClientFrame.newBuilder()
                            .setRecall(RecallMessage.newBuilder()
                                    .setConversationId("p:alice:bob")
                                    .setSeq(seq)),
                    ServerFrame::hasSequenced);
            alice.request(
                    ChatClient.text("g:unknown", "m2", "rejected: there is no such group"), ServerFrame::hasRefused);
        }
    }

    @Test
    void every_metric_of_alert_rules_dashboards_runbooks_and_operations_is_exported() {
        Map<String, Set<String>> namesBySource = Map.of(
                "alerts.yaml", metricsIn(alertExpressions()),
                "dashboards", metricsIn(dashboardExpressions()),
                "runbooks.md", metricsIn(RepositoryFiles.read(OPS.resolve("docs/runbooks.md"))),
                "monitoring.md", documentedMetrics());
        namesBySource.forEach((source, names) -> assertTrue(names.size() > 5, () -> source + ": " + names));
        await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(500)).untilAsserted(() -> {
            Set<String> exported = exported();
            Map<String, Set<String>> missing = new TreeMap<>();
            namesBySource.forEach((source, names) -> {
                Set<String> absent = new TreeSet<>(names);
                absent.removeAll(exported);
                absent.removeAll(WITH_TLS);
                if (!absent.isEmpty()) {
                    missing.put(source, absent);
                }
            });
            assertEquals(Map.of(), missing);
        });
    }

    @Test
    void lag_is_counted_once_for_each_partition() {
        for (int port : List.of(PROCESSORS_PORT, CONNECTORS_PORT)) {
            await().atMost(TIMEOUT).untilAsserted(() -> {
                List<String> topics = LAG.matcher(get(port, "/metrics"))
                        .results()
                        .map(line -> line.group(1))
                        .toList();
                assertFalse(topics.isEmpty());
                assertTrue(topics.stream().allMatch(topic -> topic.startsWith("tidings.")), topics::toString);
            });
        }
    }

    @Test
    void every_query_of_the_dashboards_runs() throws Exception {
        int executed = 0;
        for (Map<?, ?> query : queries()) {
            if (query.get("rawSql") instanceof String sql) {
                executed++;
                String answer = tidings.sql(sql + " FORMAT JSONCompact");
                assertTrue(answer.contains("\"meta\""), () -> sql + ": " + answer);
            }
        }
        assertTrue(executed > 0);
    }

    @Test
    void every_panel_of_every_dashboard_has_data() throws Exception {
        flag("fiddlesticks");
        ScrapedSystem system = new ScrapedSystem(AlertRules.load())
                .with("tidings-gateway", "g1", tidings.url().resolve("/metrics"))
                .with("tidings-processors", "p1", metricsAt(PROCESSORS_PORT))
                .with("tidings-connectors", "c1", metricsAt(CONNECTORS_PORT));
        system.scrape();
        try (ChatClient alice = ChatClient.signedIn(tidings.url(), "alice", "laptop", Subprotocol.PROTO);
                ChatClient bob = ChatClient.signedIn(tidings.url(), "bob", "laptop", Subprotocol.PROTO)) {
            AtomicInteger message = new AtomicInteger();
            await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(500)).untilAsserted(() -> {
                exchange(alice, bob, "n" + message.incrementAndGet());
                system.scrape();
                assertEquals(Map.of(), panelsWithoutData(system));
            });
        }
    }

    /** A message that is acknowledged, and a broadcast, which the gateway delivers to all its sessions. */
    private static void exchange(ChatClient alice, ChatClient bob, String name) {
        alice.request(ChatClient.text("p:alice:bob", name, "fiddlesticks"), ServerFrame::hasSequenced);
        ServerFrame delivered = bob.awaitFrame(frame -> frame.getEvents().getEventsList().stream()
                .anyMatch(event -> event.getMessageSent().getClientMsgId().equals(name)));
        bob.ack(delivered.getEvents().getDeliverySeq());
        tidings.business()
                .ask(BusinessCommand.newBuilder()
                        .setRequestId(name)
                        .setAsSystem(true)
                        .setSendMessage(BusinessSend.newBuilder()
                                .setConversationId("b:news")
                                .setClientMsgId(name)
                                .setContent(Content.newBuilder()
                                        .setText(TextContent.newBuilder().setBody(name)))));
    }

    /** A message with this word becomes a case for moderators. */
    private static void flag(String word) {
        tidings.business()
                .ask(BusinessCommand.newBuilder()
                        .setRequestId("flag")
                        .setAsSystem(true)
                        .setRules(RulesCommand.newBuilder()
                                .addSetWords(WordRule.newBuilder().setWord(word).setAction(ModerationAction.FLAG))));
    }

    /** Returns the queries without a result by the title of their panel. */
    private static Map<String, Set<String>> panelsWithoutData(ScrapedSystem system) throws Exception {
        Map<String, Set<String>> empty = new TreeMap<>();
        for (Path file : RepositoryFiles.below(OPS.resolve("deploy/grafana/dashboards"), ".json")) {
            for (Object panel : list(yaml(file), "panels")) {
                String title = String.valueOf(((Map<?, ?>) panel).get("title"));
                for (Object target : list((Map<?, ?>) panel, "targets")) {
                    Map<?, ?> query = (Map<?, ?>) target;
                    boolean hasData = query.get("rawSql") instanceof String sql
                            ? title.contains("must be empty") != hasRows(sql)
                            : !system.query(String.valueOf(query.get("expr"))).isEmpty();
                    if (!hasData) {
                        empty.computeIfAbsent(title, added -> new TreeSet<>())
                                .add(String.valueOf(query.get(query.containsKey("expr") ? "expr" : "rawSql")));
                    }
                }
            }
        }
        return empty;
    }

    private static boolean hasRows(String sql) throws Exception {
        return !tidings.sql("SELECT count() FROM (" + sql + ")").strip().equals("0");
    }

    private static URI metricsAt(int port) {
        return URI.create("http://127.0.0.1:" + port + "/metrics");
    }

    @Test
    void every_alert_has_a_severity_a_summary_and_a_runbook() {
        Set<String> anchors = new HashSet<>();
        HEADING.matcher(RepositoryFiles.read(OPS.resolve("docs/runbooks.md")))
                .results()
                .forEach(heading -> anchors.add("ops/docs/runbooks.md#"
                        + heading.group(1).toLowerCase(Locale.ROOT).replace(' ', '-')));
        assertTrue(rules().size() <= MAX_ALERTS);
        for (Map<?, ?> rule : rules()) {
            Map<?, ?> annotations = map(rule, "annotations");
            assertTrue(
                    Set.of("critical", "warning")
                            .contains(String.valueOf(map(rule, "labels").get("severity"))),
                    rule::toString);
            assertTrue(annotations.get("summary") instanceof String summary && !summary.isBlank(), rule::toString);
            assertTrue(anchors.contains(String.valueOf(annotations.get("runbook_url"))), rule::toString);
        }
    }

    @Test
    void every_port_answers_that_its_role_is_ready() throws Exception {
        for (int port : List.of(PROCESSORS_PORT, CONNECTORS_PORT)) {
            await().atMost(TIMEOUT).untilAsserted(() -> assertEquals("ready\n", get(port, "/readyz")));
            assertEquals("ok\n", get(port, "/healthz"));
            assertTrue(get(port, "/metrics").contains("process_cpu_seconds_total"));
        }
    }

    /** One message, from the gateway through the topologies to the recipient's gateway and the sinks. */
    @Test
    void every_stage_of_a_message_exports_a_span_of_its_trace() {
        Set<String> stages = Set.of(
                "tidings-gateway send tidings.commands",
                "tidings-processors receive tidings.commands",
                "tidings-processors send tidings.conversation-events",
                "tidings-processors receive tidings.inbox",
                "tidings-processors send tidings.deliveries",
                "tidings-gateway receive tidings.deliveries",
                "tidings-connectors receive tidings.conversation-events");
        await().atMost(TIMEOUT).untilAsserted(() -> {
            Map<String, Set<String>> stagesByTrace = new HashMap<>();
            SPANS.received()
                    .forEach(span -> stagesByTrace
                            .computeIfAbsent(span.traceId(), trace -> new TreeSet<>())
                            .add(span.service() + ' ' + span.span().getName()));
            assertTrue(
                    stagesByTrace.values().stream().anyMatch(names -> names.containsAll(stages)),
                    stagesByTrace::toString);
        });
    }

    @Test
    void a_request_with_a_traceparent_is_in_its_trace() throws Exception {
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest send = HttpRequest.newBuilder(tidings.url().resolve("/v1/conversations/p:alice:bob/messages"))
                    .header("Authorization", "Bearer " + ChatClient.devToken(tidings.url(), "alice"))
                    .header("Content-Type", "application/json")
                    .header("traceparent", "00-" + trace + "-00f067aa0ba902b7-01")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"content\":{\"text\":{\"body\":\"traced\"}}}"))
                    .build();
            HttpResponse<String> answer = client.send(send, HttpResponse.BodyHandlers.ofString());
            assertEquals(2, answer.statusCode() / 100, answer::body);
        }
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertTrue(SPANS.received().stream()
                        .filter(span -> span.traceId().equals(trace))
                        .anyMatch(span -> span.span().getName().equals("receive tidings.deliveries"))));
    }

    private static String alertExpressions() {
        StringBuilder expressions = new StringBuilder();
        rules().forEach(rule -> expressions.append(rule.get("expr")).append('\n'));
        return expressions.toString();
    }

    private static String dashboardExpressions() {
        StringBuilder expressions = new StringBuilder();
        queries().forEach(query -> expressions.append(query.get("expr")).append('\n'));
        return expressions.toString();
    }

    /** Returns the first name of each row of the tables of metrics. */
    private static Set<String> documentedMetrics() {
        String section = RepositoryFiles.read(OPS.resolve("docs/monitoring.md"))
                .split("## Metrics\n")[1]
                .split("### MBeans\n")[0];
        Set<String> names = new TreeSet<>();
        ROW.matcher(section).results().forEach(row -> names.add(row.group(1)));
        names.removeIf(name -> name.contains("_tls_")); // exported by gateways with a certificate; this one has none
        return names;
    }

    private static Set<String> exported() throws Exception {
        Set<String> names = new HashSet<>();
        for (String text : List.of(
                tidings.get("/metrics").body(), get(PROCESSORS_PORT, "/metrics"), get(CONNECTORS_PORT, "/metrics"))) {
            text.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.replaceFirst("[{ ].*", ""))
                    .forEach(name -> {
                        names.add(name);
                        names.add(name.replaceFirst("_bucket$", ""));
                    });
        }
        return names;
    }

    private static Set<String> metricsIn(String text) {
        Set<String> names = new TreeSet<>();
        METRIC.matcher(text).results().forEach(name -> names.add(name.group()));
        return names;
    }

    private static List<Map<?, ?>> rules() {
        Map<?, ?> file = yaml(OPS.resolve("deploy/prometheus/alerts.yaml"));
        List<Map<?, ?>> rules = new ArrayList<>();
        for (Object group : list(file, "groups")) {
            list((Map<?, ?>) group, "rules").forEach(rule -> rules.add((Map<?, ?>) rule));
        }
        return rules;
    }

    /** Returns the targets of all panels: expressions for Prometheus, and SQL. */
    private static List<Map<?, ?>> queries() {
        List<Map<?, ?>> queries = new ArrayList<>();
        for (Path file : RepositoryFiles.below(OPS.resolve("deploy/grafana/dashboards"), ".json")) {
            for (Object panel : list(yaml(file), "panels")) { // JSON is YAML
                list((Map<?, ?>) panel, "targets").forEach(target -> queries.add((Map<?, ?>) target));
            }
        }
        return queries;
    }

    private static List<?> list(Map<?, ?> parent, String key) {
        return (List<?>) Objects.requireNonNull(parent.get(key), key);
    }

    private static Map<?, ?> map(Map<?, ?> parent, String key) {
        return (Map<?, ?>) Objects.requireNonNull(parent.get(key), key);
    }

    private static Map<?, ?> yaml(Path file) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return new Yaml(new SafeConstructor(options)).load(RepositoryFiles.read(file));
    }

    private static String get(int port, String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
