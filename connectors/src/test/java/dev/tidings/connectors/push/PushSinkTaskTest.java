package dev.tidings.connectors.push;

import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Timestamps;
import dev.tidings.connectors.FakeSinkContext;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.Notification;
import dev.tidings.v1.PushOutcome;
import dev.tidings.v1.PushRetry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs the task against a local webhook. Records that it writes to the topic of retries are delivered to it, as by Connect. */
@Timeout(180)
class PushSinkTaskTest {

    private static final TopicPartition NOTIFICATIONS = new TopicPartition(Topics.NOTIFICATIONS.name(), 0);
    private static final TopicPartition RETRIES = new TopicPartition(Topics.PUSH_RETRIES.name(), 0);

    private final FakeSinkContext context = new FakeSinkContext(true);
    /** Of the task that was started last. */
    private MockProducer<String, byte[]> producer = newProducer();

    private int retriesBrought;
    private WebhookServer server;
    private PushSinkTask task;

    @BeforeEach
    void start() throws Exception {
        server = new WebhookServer();
        task = started(Map.of("push.webhook.url", server.url(), "push.webhook.secret", "secret"));
    }

    @AfterEach
    void stop() {
        task.stop();
        server.close();
    }

    @Test
    void a_notification_is_posted_signed_for_one_device() throws Exception {
        Notification.Builder notification =
                Pushes.notification(7, Pushes.webhook("phone"), Pushes.target("tab/let é", "webhook"));
        task.put(List.of(Pushes.record(notification)));
        awaitOutcomes(2);

        assertEquals(2, server.requests.size());
        for (WebhookServer.Request request : server.requests) {
            Notification sent = ProtoJson.parse(
                            new String(request.body(), StandardCharsets.UTF_8), Notification.newBuilder())
                    .build();
            assertEquals(1, sent.getTargetsCount());
            assertEquals(
                    notification.clone().clearTargets().build(),
                    sent.toBuilder().clearTargets().build());
            assertEquals("application/json", request.header("Content-type"));
            long timestamp = Long.parseLong(request.header("Tidings-timestamp"));
            assertEquals(new Signature("secret").of(timestamp, request.body()), request.header("Tidings-signature"));
            String expected = sent.getTargets(0).getDeviceId().equals("phone") ? "n-7/phone" : "n-7/tab%2Flet+%C3%A9";
            assertEquals(expected, request.header("Idempotency-key"));
        }
        assertEquals(Set.of("n-7 phone DELIVERED 1 ", "n-7 tab/let é DELIVERED 1 "), Set.copyOf(outcomes()));
        assertEquals(List.of(), context.reported);
    }

    @Test
    void what_does_not_work_now_is_tried_again_and_what_has_worked_is_not() {
        server.answerNext(503);
        task.put(List.of(
                Pushes.record(Pushes.notification(1, Pushes.webhook("phone"))),
                Pushes.record(Pushes.notification(2, Pushes.webhook("tablet")))));
        awaitOutcomes(2);

        assertEquals(1, retries().size());
        assertEquals(3, server.requests.size());
        assertEquals(
                Set.of("n-1/phone", "n-2/tablet"),
                server.requests.stream()
                        .map(request -> request.header("Idempotency-key"))
                        .collect(Collectors.toSet()));
        awaitCommitted(NOTIFICATIONS, 3, 3);
        awaitCommitted(RETRIES, 1, 1);
    }

    @Test
    void after_the_last_attempt_it_has_failed_and_is_a_dead_letter() {
        server.answerNext(505);
        PushRetry retry =
                retry(1, "phone", 0).setAttempts(RetrySchedule.MAX_ATTEMPTS - 1).build();
        SinkRecord record = retryRecord(4, retry);
        task.put(List.of(record));
        awaitUntil(() -> assertEquals(List.of(record), context.reported));

        assertEquals(List.of("n-1 phone FAILED 16 the webhook answered 505"), outcomes());
        awaitCommitted(RETRIES, 5, 5);
    }

    @Test
    void a_server_that_asks_for_a_pause_has_it() {
        server.answerNext(429, "Retry-After", "40");
        long before = System.currentTimeMillis();
        task.put(List.of(Pushes.record(Pushes.notification(1, Pushes.webhook("phone")))));
        awaitUntil(() -> assertEquals(1, retries().size()));

        PushRetry retry = retries().getFirst();
        assertTrue(Timestamps.toMillis(retry.getNotBefore()) >= before + 40_000, retry::toString);
        assertEquals(1, retry.getAttempts());
        assertEquals("the webhook answered 429", retry.getReason());
        assertEquals("phone", retry.getNotification().getTargets(0).getDeviceId());
    }

    @Test
    void a_pause_that_is_nonsense_is_none() {
        server.answerNext(503, "Retry-After", "soon");
        server.answerNext(503, "Retry-After", "-5");
        task.put(List.of(Pushes.record(Pushes.notification(1, Pushes.webhook("phone")))));
        awaitOutcomes(1);

        assertEquals(List.of("n-1 phone DELIVERED 3 "), outcomes());
    }

    @Test
    void what_is_refused_is_not_tried_again() {
        for (int status : new int[] {400, 404, 410, 301}) {
            server.answerNext(status, "Location", server.url());
        }
        for (int seq = 1; seq <= 4; seq++) {
            task.put(List.of(Pushes.record(Pushes.notification(seq, Pushes.webhook("phone")))));
            awaitOutcomes(seq);
        }

        assertEquals(
                List.of(
                        "n-1 phone FAILED 1 the webhook answered 400",
                        "n-2 phone FAILED 1 the webhook answered 404",
                        "n-3 phone FAILED 1 the webhook answered 410",
                        "n-4 phone FAILED 1 the webhook answered 301"),
                outcomes());
        awaitUntil(() -> assertEquals(4, context.reported.size()));
    }

    @Test
    void while_a_webhook_is_down_notifications_wait_in_the_topic_of_retries_and_arrive_when_it_is_back()
            throws Exception {
        int port = server.port();
        server.close();
        List<SinkRecord> records = LongStream.rangeClosed(1, 50)
                .mapToObj(seq -> Pushes.record(Pushes.notification(seq, Pushes.webhook("phone-" + seq))))
                .toList();
        task.put(records);
        // all of them are durable elsewhere, so the topic of notifications moves on
        awaitCommitted(NOTIFICATIONS, 51, 51);
        assertEquals(List.of(), outcomes());

        server = new WebhookServer(port);
        awaitOutcomes(50);
        assertTrue(outcomes().stream().allMatch(outcome -> outcome.contains(" DELIVERED ")), outcomes()::toString);
        assertEquals(List.of(), context.reported);
    }

    @Test
    void a_device_that_stalls_delays_no_other_and_only_its_record_stays_open() {
        server.stalling = "/slow";
        List<SinkRecord> records = LongStream.rangeClosed(1, 300)
                .mapToObj(seq -> Pushes.record(Pushes.notification(seq, Pushes.webhook(seq == 1 ? "slow" : "d" + seq))))
                .toList();
        task.stop();
        task = started(Map.of(
                "push.webhook.url", server.url(),
                "push.webhook.secret", "secret",
                "push.webhook.timeout.ms", "30000"));
        task.put(records);
        task.put(List.of(Pushes.record(Pushes.notification(301, Pushes.target("desk", "log")))));
        awaitOutcomes(300);

        assertTrue(outcomes().stream().noneMatch(outcome -> outcome.contains(" slow ")));
        assertEquals(1, committed(NOTIFICATIONS, 302));
    }

    @Test
    void a_webhook_that_stalls_delays_no_other_channel() throws Exception {
        try (RawServer stalled = RawServer.stallingAfter("")) {
            task.stop();
            task = started(Map.of(
                    "push.webhook.url", stalled.url(),
                    "push.webhook.secret", "secret",
                    "push.webhook.timeout.ms", "30000"));
            task.put(LongStream.rangeClosed(1, 200)
                    .mapToObj(seq -> Pushes.record(Pushes.notification(seq, Pushes.webhook("d" + seq))))
                    .toList());
            task.put(List.of(Pushes.record(Pushes.notification(201, Pushes.target("desk", "log")))));
            awaitOutcomes(1);
            assertEquals(List.of("n-201 desk DELIVERED 1 "), outcomes());
        }
    }

    @Test
    void what_no_channel_carries_fails_at_that_device_alone() {
        SinkRecord record =
                Pushes.record(Pushes.notification(1, Pushes.target("old", "pigeon"), Pushes.target("desk", "log")));
        task.put(List.of(record));
        awaitUntil(() -> assertEquals(List.of(record), context.reported));

        assertEquals(
                Set.of("n-1 old FAILED 1 there is no such channel", "n-1 desk DELIVERED 1 "), Set.copyOf(outcomes()));
    }

    @Test
    void without_a_webhook_its_channel_fails_and_says_why() {
        PushSinkTask without = started(Map.of());
        without.put(List.of(Pushes.record(Pushes.notification(1, Pushes.webhook("phone")))));
        awaitOutcomes(1);

        assertEquals(List.of("n-1 phone FAILED 1 no webhook is configured"), outcomes());
        without.stop();
    }

    @Test
    void what_is_no_notification_is_reported_once_and_the_rest_goes_on() {
        SinkRecord bad = FakeSinkContext.record(Topics.NOTIFICATIONS.name(), 1, new byte[] {(byte) 0xff});
        SinkRecord badRetry = FakeSinkContext.record(Topics.PUSH_RETRIES.name(), 9, new byte[] {(byte) 0xff});
        SinkRecord none = FakeSinkContext.record(Topics.PUSH_RETRIES.name(), 10, new byte[0]);
        task.put(List.of(bad, badRetry, none, Pushes.record(Pushes.notification(2, Pushes.webhook("phone")))));
        awaitOutcomes(1);

        assertEquals(List.of(bad, badRetry, none), context.reported);
        assertEquals(List.of("n-2 phone DELIVERED 1 "), outcomes());
        awaitCommitted(NOTIFICATIONS, 3, 3);
    }

    @Test
    void of_several_for_one_device_the_newest_is_sent() {
        task.put(List.of(
                Pushes.record(Pushes.notification(1, Pushes.webhook("phone"), Pushes.webhook("tablet"))),
                Pushes.record(Pushes.notification(3, Pushes.webhook("phone"))),
                Pushes.record(Pushes.notification(2, Pushes.webhook("phone"))),
                Pushes.record(Pushes.notification(4, Pushes.webhook("phone")).setCollapseKey("alice/g:other"))));
        awaitOutcomes(5);
        assertEquals(
                Set.of(
                        "n-1 phone COLLAPSED 0 ",
                        "n-2 phone COLLAPSED 0 ",
                        "n-1 tablet DELIVERED 1 ",
                        "n-3 phone DELIVERED 1 ",
                        "n-4 phone DELIVERED 1 "),
                Set.copyOf(outcomes()));
    }

    @Test
    void nothing_is_sent_after_something_newer() {
        task.put(List.of(Pushes.record(Pushes.notification(2, Pushes.webhook("phone")))));
        awaitOutcomes(1);
        task.put(List.of(retryRecord(0, retry(1, "phone", 0).build())));
        awaitOutcomes(2);

        assertEquals(List.of("n-2 phone DELIVERED 1 ", "n-1 phone COLLAPSED 1 "), outcomes());
    }

    @Test
    void what_expires_while_it_waits_is_not_sent() {
        long expiresAtMillis = System.currentTimeMillis() + 200;
        PushRetry.Builder retry = retry(1, "phone", expiresAtMillis);
        retry.getNotificationBuilder().setExpiresAt(Timestamps.fromMillis(expiresAtMillis));
        task.put(List.of(
                retryRecord(0, retry.build()),
                Pushes.record(Pushes.notification(2, Pushes.webhook("desk")).setExpiresAt(Timestamps.fromMillis(1)))));
        awaitOutcomes(2);

        assertEquals(Set.of("n-2 desk EXPIRED 0 ", "n-1 phone EXPIRED 1 "), Set.copyOf(outcomes()));
        assertEquals(List.of(), server.requests);
    }

    @Test
    void what_waits_is_bounded_and_no_more_is_read_of_its_topic_alone() {
        long later = System.currentTimeMillis() + 3_600_000;
        task.open(List.of(NOTIFICATIONS, RETRIES));
        List<SinkRecord> waiting = new ArrayList<>();
        for (int i = 0; i < PushDispatcher.MAX_OPEN; i++) {
            waiting.add(retryRecord(i, retry(1, "device-" + i, later).build()));
        }
        task.put(waiting);
        assertEquals(Set.of(RETRIES), context.paused);
        assertEquals(0, committed(RETRIES, PushDispatcher.MAX_OPEN));

        task.put(List.of(Pushes.record(Pushes.notification(1, Pushes.webhook("phone")))));
        awaitOutcomes(1);

        task.close(List.of(RETRIES));
        task.open(List.of(RETRIES));
        task.put(List.of());
        assertFalse(context.paused.contains(NOTIFICATIONS));
    }

    @Test
    void outcomes_that_Kafka_did_not_take_are_written_again_and_nothing_is_sent_twice() {
        producer.sendException = new TimeoutException("away");
        task.put(List.of(Pushes.record(Pushes.notification(1, Pushes.webhook("phone")))));
        awaitUntil(() -> assertEquals(1, server.requests.size()));
        assertEquals(1, committed(NOTIFICATIONS, 2));
        producer.sendException = null;
        awaitOutcomes(1);

        assertEquals(1, server.requests.size());
        assertEquals(List.of("n-1 phone DELIVERED 1 "), outcomes());
        awaitCommitted(NOTIFICATIONS, 2, 2);
    }

    @Test
    void outcomes_that_Kafka_refuses_need_an_operator() {
        producer.sendException = new AuthorizationException("no");
        task.put(List.of(Pushes.record(Pushes.notification(1, Pushes.webhook("phone")))));
        awaitUntil(() -> assertThrows(ConnectException.class, () -> task.put(List.of())));
        assertEquals(1, committed(NOTIFICATIONS, 2));
    }

    @Test
    void other_topics_are_refused() {
        assertThrows(ConnectException.class, () -> task.open(List.of(new TopicPartition("tidings.inbox", 0))));
    }

    private PushSinkTask started(Map<String, String> properties) {
        MockProducer<String, byte[]> created = newProducer();
        producer = created;
        PushSinkTask starting = new PushSinkTask(
                InstantSource.system(),
                new RetrySchedule(new Random(1), Duration.ofMillis(20)),
                config -> new PushProducer(created));
        starting.initialize(context);
        Map<String, String> all = new HashMap<>(properties);
        all.put("push.outcomes.producer.bootstrap.servers", "localhost:9092");
        starting.start(all);
        return starting;
    }

    private static MockProducer<String, byte[]> newProducer() {
        return new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
    }

    private static PushRetry.Builder retry(long seq, String deviceId, long notBeforeMillis) {
        return PushRetry.newBuilder()
                .setNotification(Pushes.notification(seq, Pushes.webhook(deviceId)))
                .setAttempts(1)
                .setNotBefore(Timestamps.fromMillis(notBeforeMillis))
                .setFirstAt(Timestamps.fromMillis(System.currentTimeMillis()));
    }

    private static SinkRecord retryRecord(long offset, PushRetry retry) {
        return FakeSinkContext.record(Topics.PUSH_RETRIES.name(), offset, retry.toByteArray());
    }

    private void awaitOutcomes(int count) {
        awaitUntil(() -> assertEquals(count, outcomes().size(), () -> outcomes().toString()));
    }

    private void awaitCommitted(TopicPartition partition, long read, long expected) {
        awaitUntil(() -> assertEquals(expected, committed(partition, read)));
    }

    private long committed(TopicPartition partition, long read) {
        OffsetAndMetadata offset =
                task.preCommit(Map.of(partition, new OffsetAndMetadata(read))).get(partition);
        return requireNonNull(offset).offset();
    }

    /** Calls put repeatedly with the records of the topics, as Connect does. */
    private void awaitUntil(ThrowingRunnable expectation) {
        await().pollInterval(Duration.ofMillis(10))
                .atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> {
                    List<PushRetry> written = retries();
                    List<SinkRecord> more = new ArrayList<>();
                    while (retriesBrought < written.size()) {
                        more.add(retryRecord(retriesBrought, written.get(retriesBrought)));
                        retriesBrought++;
                    }
                    try {
                        task.put(more);
                    } catch (ConnectException e) {
                        // one of the tests waits for the task's failure
                        assertNotNull(e.getMessage());
                    }
                    expectation.run();
                });
    }

    private List<PushRetry> retries() {
        return producer.history().stream()
                .filter(record -> record.topic().equals(Topics.PUSH_RETRIES.name()))
                .map(record -> {
                    assertEquals("alice", record.key());
                    return parsed(record, PushRetry.parser());
                })
                .toList();
    }

    private List<String> outcomes() {
        return producer.history().stream()
                .filter(record -> record.topic().equals(Topics.PUSH_OUTCOMES.name()))
                .map(record -> {
                    PushOutcome outcome = parsed(record, PushOutcome.parser());
                    assertEquals(outcome.getNotificationId(), record.key());
                    assertEquals("alice", outcome.getUserId());
                    return outcome.getNotificationId()
                            + ' '
                            + outcome.getDeviceId()
                            + ' '
                            + outcome.getResult()
                            + ' '
                            + outcome.getAttempts()
                            + ' '
                            + outcome.getReason();
                })
                .toList();
    }

    private static <M> M parsed(ProducerRecord<String, byte[]> record, com.google.protobuf.Parser<M> parser) {
        try {
            return parser.parseFrom(record.value());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }
}
