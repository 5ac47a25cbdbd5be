package dev.tidings.ops.connect;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.MessageLite;
import com.google.protobuf.util.Timestamps;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tidings.schemas.Topic;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.readmodel.RedisKeys;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.Notification;
import dev.tidings.v1.PushTarget;
import dev.tidings.v1.UserBadge;
import dev.tidings.v1.UserEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Notifications to a webhook and into a real ClickHouse, through the real Connect runtime. */
@Timeout(180)
class PushIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String SECRET = "shared with the webhook";
    private static final long AT_MILLIS = 1_774_000_000_000L;

    private record Request(String timestamp, String signature, String idempotencyKey, byte[] body) {}

    private final List<Request> requests = new CopyOnWriteArrayList<>();
    /** The number of requests that are answered with 503. */
    private final AtomicInteger refusals = new AtomicInteger();

    /** Whether a response stalls after its headers. */
    private final AtomicBoolean stalls = new AtomicBoolean();

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private Stores stores;
    private HttpServer webhook;
    private KafkaProducer<String, byte[]> producer;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        stores = Stores.start(directory);
        webhook = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        webhook.setExecutor(threads);
        webhook.createContext("/push", this::answer);
        webhook.start();
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", stores.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    @AfterEach
    void stop() {
        producer.close();
        stopped.countDown();
        webhook.stop(0);
        threads.shutdownNow();
        stores.close();
    }

    @Test
    void notifications_reach_the_webhook_signed_and_their_outcomes_become_rows() throws Exception {
        refusals.set(2);
        try (ConnectWorker worker = startWorker()) {
            produce(notification("alice", 1).addTargets(target("phone", "webhook")));
            produce(notification("bob", 1).addTargets(target("desk", "log")).addTargets(target("old", "pigeon")));
            produce(notification("carol", 1)
                    .addTargets(target("phone", "webhook"))
                    .setExpiresAt(Timestamps.fromMillis(AT_MILLIS)));
            producer.send(new ProducerRecord<>(Topics.NOTIFICATIONS.name(), "bad", new byte[] {(byte) 0xff}))
                    .get();

            awaitNumber(3, "SELECT count() FROM tidings.notifications FINAL");
            awaitNumber(4, "SELECT count() FROM tidings.push_outcomes FINAL");
            assertEquals(
                    List.of(
                            "('alice','phone','webhook','delivered',3,'')",
                            "('bob','desk','log','delivered',1,'')",
                            "('bob','old','pigeon','failed',1,'there is no such channel')",
                            "('carol','phone','webhook','expired',0,'')"),
                    stores
                            .query("SELECT toString((user_id, device_id, channel, result, attempts, reason))"
                                    + " FROM tidings.push_outcomes FINAL ORDER BY user_id, device_id")
                            .stream()
                            .map(row -> row.getString(1))
                            .toList());
            assertEquals(
                    1,
                    stores.number("SELECT count() FROM tidings.push_success_by_day"
                            + " WHERE channel = 'webhook' AND delivered = 1 AND expired = 1 AND success_rate = 1"));
            assertEquals(
                    "('n-alice-1','g:x',1,'2026-03-20 09:46:40.000',3,2,true,1)",
                    stores.query("SELECT toString((notification_id, conversation_id, seq, at, badge, unread, mentioned,"
                                    + " targets)) FROM tidings.notifications FINAL WHERE user_id = 'alice'")
                            .getFirst()
                            .getString(1));
            await().atMost(SOON).until(worker::isHealthy);
        }

        assertEquals(3, requests.size());
        for (Request request : requests) {
            assertEquals(signature(request), request.signature());
            assertEquals("n-alice-1/phone", request.idempotencyKey());
            Notification sent = ProtoJson.parse(
                            new String(request.body(), StandardCharsets.UTF_8), Notification.newBuilder())
                    .build();
            assertEquals("hello", sent.getBody());
            assertEquals("token of phone", sent.getTargets(0).getToken());
        }
    }

    @Test
    void a_record_that_was_read_twice_is_one_row_and_delivered_stays_delivered() throws Exception {
        try (ConnectWorker worker = startWorker()) {
            produce(notification("alice", 1).addTargets(target("phone", "webhook")));
            awaitNumber(1, "SELECT count() FROM tidings.push_outcomes FINAL WHERE result = 'delivered'");
            refusals.set(Integer.MAX_VALUE);
            // redelivers the notification, as after a crash, when it has expired
            produce(notification("alice", 1)
                    .addTargets(target("phone", "webhook"))
                    .setExpiresAt(Timestamps.fromMillis(AT_MILLIS)));
            awaitNumber(2, "SELECT count() FROM tidings.push_outcomes");
            assertTrue(worker.failures().isEmpty());
        }

        assertEquals(1, stores.number("SELECT count() FROM tidings.push_outcomes FINAL WHERE result = 'delivered'"));
        assertEquals(1, stores.number("SELECT count() FROM tidings.push_outcomes FINAL"));
        assertEquals(1, stores.number("SELECT count() FROM tidings.notifications FINAL"));
        assertFalse(requests.isEmpty());
    }

    @Test
    void a_recalled_or_read_message_is_not_retried_and_the_badge_is_that_of_the_attempt() throws Exception {
        refusals.set(Integer.MAX_VALUE);
        try (ConnectWorker worker = startWorker()) {
            for (String conversationId : new String[] {"g:recalled", "g:read", "g:news"}) {
                produce(notification("alice", 1)
                        .setNotificationId(conversationId)
                        .setConversationId(conversationId)
                        .setUnread(1)
                        .setCollapseKey(conversationId)
                        .addTargets(target("phone", "webhook")));
            }
            await().atMost(SOON).until(() -> requests.size() >= 3);

            send(Topics.CONVERSATION_EVENTS, "g:recalled", Events.message("g:recalled", 1));
            send(Topics.CONVERSATION_EVENTS, "g:recalled", Events.recall("g:recalled", 2, 1));
            produce("alice", view("g:read", 2).setReadSeq(1));
            send(
                    Topics.USER_EVENTS,
                    "alice",
                    UserEvent.newBuilder()
                            .setUserId("alice")
                            .setBadgeChanged(UserBadge.newBuilder().setUnread(2).setVersion(2))
                            .build());
            await().atMost(SOON)
                    .until(() ->
                            stores.sortedSet(RedisKeys.changes("g:recalled")).size() == 2);
            await().atMost(SOON)
                    .until(() -> "2"
                            .equals(new String(
                                    stores.hash(RedisKeys.badge("alice")).get(RedisKeys.BADGE_VERSION),
                                    StandardCharsets.UTF_8)));
            requests.clear();
            refusals.set(0);
            awaitNumber(3, "SELECT count() FROM tidings.push_outcomes FINAL");
            assertTrue(worker.failures().isEmpty());
        }

        assertEquals(
                List.of(
                        "('g:news','delivered','')",
                        "('g:read','obsolete','read')",
                        "('g:recalled','obsolete','recalled')"),
                stores
                        .query("SELECT toString((notification_id, result, reason)) FROM tidings.push_outcomes FINAL"
                                + " ORDER BY notification_id")
                        .stream()
                        .map(row -> row.getString(1))
                        .toList());
        Notification sent = ProtoJson.parse(
                        new String(requests.getLast().body(), StandardCharsets.UTF_8), Notification.newBuilder())
                .build();
        assertEquals("g:news", sent.getNotificationId());
        assertEquals(2, sent.getBadge());
    }

    @Test
    void a_webhook_that_stalls_after_its_headers_stops_nothing() throws Exception {
        stalls.set(true);
        try (ConnectWorker worker = startWorker()) {
            for (int i = 0; i < 8; i++) {
                produce(notification("user-" + i, 1).addTargets(target("phone", "webhook")));
            }
            produce(notification("bob", 1).addTargets(target("desk", "log")));
            awaitNumber(9, "SELECT count() FROM tidings.push_outcomes FINAL WHERE result = 'delivered'");
            assertTrue(worker.failures().isEmpty());
        }
        assertEquals(8, requests.size());
    }

    private static ConversationView.Builder view(String conversationId, long version) {
        return ConversationView.newBuilder()
                .setConversationId(conversationId)
                .setLastSeq(1)
                .setVersion(version);
    }

    private ConnectWorker startWorker() {
        Map<String, String> settings = new HashMap<>(stores.settings());
        settings.put(
                "connectors.push.webhook-url",
                "http://127.0.0.1:" + webhook.getAddress().getPort() + "/push");
        settings.put("connectors.push.webhook-secret", SECRET);
        return ConnectWorker.start(ConnectorsConfig.from(Settings.of(settings)));
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            requests.add(new Request(
                    header(exchange, "Tidings-Timestamp"),
                    header(exchange, "Tidings-Signature"),
                    header(exchange, "Idempotency-Key"),
                    exchange.getRequestBody().readAllBytes()));
            if (stalls.get()) {
                exchange.sendResponseHeaders(200, 10);
                exchange.getResponseBody().write("abc".getBytes(StandardCharsets.US_ASCII));
                exchange.getResponseBody().flush();
                stopped.await();
            }
            exchange.sendResponseHeaders(refusals.getAndDecrement() > 0 ? 503 : 204, -1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String header(HttpExchange exchange, String name) {
        return String.valueOf(exchange.getRequestHeaders().getFirst(name));
    }

    /** Returns the signature that the receiver computes. */
    private static String signature(Request request) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        mac.update((request.timestamp() + '.').getBytes(StandardCharsets.UTF_8));
        return "v1=" + HexFormat.of().formatHex(mac.doFinal(request.body()));
    }

    private static PushTarget target(String deviceId, String channel) {
        return PushTarget.newBuilder()
                .setDeviceId(deviceId)
                .setChannel(channel)
                .setToken("token of " + deviceId)
                .build();
    }

    private static Notification.Builder notification(String userId, long seq) {
        return Notification.newBuilder()
                .setNotificationId("n-" + userId + '-' + seq)
                .setUserId(userId)
                .setConversationId("g:x")
                .setSeq(seq)
                .setTitle("X")
                .setBody("hello")
                .setBadge(3)
                .setBadgeVersion(1)
                .setUnread(2)
                .setMentioned(true)
                .setCollapseKey(userId + "/g:x")
                .setAt(Timestamps.fromMillis(AT_MILLIS));
    }

    private void produce(Notification.Builder notification) throws Exception {
        producer.send(new ProducerRecord<>(
                        Topics.NOTIFICATIONS.name(),
                        notification.getUserId(),
                        notification.build().toByteArray()))
                .get();
    }

    private void produce(String userId, ConversationView.Builder view) throws Exception {
        send(
                Topics.USER_EVENTS,
                userId,
                UserEvent.newBuilder().setUserId(userId).setViewChanged(view).build());
    }

    private void send(Topic<?, ?> topic, String key, MessageLite value) throws Exception {
        producer.send(new ProducerRecord<>(topic.name(), key, value.toByteArray()))
                .get();
    }

    private void awaitNumber(long expected, String sql) {
        await().atMost(SOON).until(() -> stores.number(sql), number -> number == expected);
    }
}
