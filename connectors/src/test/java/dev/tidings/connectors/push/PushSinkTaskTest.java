package dev.tidings.connectors.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.util.Timestamps;
import dev.tidings.connectors.FakeSinkContext;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.Notification;
import dev.tidings.v1.PushOutcome;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The task against a webhook on this machine; time passes as the task asks for it. */
@Timeout(60)
class PushSinkTaskTest {

    private final FakeSinkContext context = new FakeSinkContext(true);
    private final MockProducer<String, PushOutcome> producer = new MockProducer<>(
            true,
            null,
            Topics.PUSH_OUTCOMES.key().serializer(),
            Topics.PUSH_OUTCOMES.value().serializer());
    private long nowMillis = Pushes.AT_MILLIS;
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
            assertEquals("1774000000", request.header("Tidings-timestamp"));
            assertEquals(
                    new Signature("secret").of(1_774_000_000, request.body()), request.header("Tidings-signature"));
            String expected = sent.getTargets(0).getDeviceId().equals("phone") ? "n-7/phone" : "n-7/tab%2Flet+%C3%A9";
            assertEquals(expected, request.header("Idempotency-key"));
        }
        assertEquals(List.of("n-7 phone DELIVERED 1 ", "n-7 tab/let é DELIVERED 1 "), outcomes());
        assertEquals(List.of(), context.reported);
    }

    @Test
    void what_does_not_work_now_is_tried_again_and_what_has_worked_is_not() {
        server.answerNext(503);
        putUntilDone(List.of(
                Pushes.record(Pushes.notification(1, Pushes.webhook("phone"))),
                Pushes.record(Pushes.notification(2, Pushes.webhook("tablet")))));

        assertEquals(1, context.timeoutsMillis.size());
        // which of the two met the 503 is up to them
        assertEquals(List.of(1, 2), attempts());
        assertEquals(3, server.requests.size());
        assertEquals(
                Set.of("n-1/phone", "n-2/tablet"),
                server.requests.stream()
                        .map(request -> request.header("Idempotency-key"))
                        .collect(Collectors.toSet()));
    }

    @Test
    void after_six_attempts_it_has_failed_and_is_a_dead_letter() {
        for (int i = 0; i < 6; i++) {
            server.answerNext(500 + i);
        }
        SinkRecord record = Pushes.record(Pushes.notification(1, Pushes.webhook("phone")));
        putUntilDone(List.of(record));

        assertEquals(6, server.requests.size());
        assertEquals(List.of("n-1 phone FAILED 6 the webhook answered 505"), outcomes());
        assertEquals(List.of(record), context.reported);
        assertTrue(nowMillis - Pushes.AT_MILLIS <= 60_000);
    }

    @Test
    void a_server_that_asks_for_a_pause_has_it() {
        server.answerNext(429, "Retry-After", "40");
        server.answerNext(503, "Retry-After", "Fri, 20 Mar 2026 09:47:37 GMT");
        putUntilDone(List.of(Pushes.record(Pushes.notification(1, Pushes.webhook("phone")))));

        assertEquals(List.of(40_000L, 17_000L), context.timeoutsMillis);
        assertEquals(List.of("n-1 phone DELIVERED 3 "), outcomes());
    }

    @Test
    void a_pause_that_is_nonsense_is_none() {
        server.answerNext(503, "Retry-After", "soon");
        server.answerNext(503, "Retry-After", "-5");
        putUntilDone(List.of(Pushes.record(Pushes.notification(1, Pushes.webhook("phone")))));

        assertTrue(context.timeoutsMillis.stream().allMatch(millis -> millis >= 750 && millis <= 3_000));
        assertEquals(List.of("n-1 phone DELIVERED 3 "), outcomes());
    }

    @Test
    void what_is_refused_is_not_tried_again() {
        for (int status : new int[] {400, 404, 410, 301}) {
            server.answerNext(status, "Location", server.url());
        }
        for (int seq = 1; seq <= 4; seq++) {
            task.put(List.of(Pushes.record(Pushes.notification(seq, Pushes.webhook("phone")))));
        }

        assertEquals(
                List.of(
                        "n-1 phone FAILED 1 the webhook answered 400",
                        "n-2 phone FAILED 1 the webhook answered 404",
                        "n-3 phone FAILED 1 the webhook answered 410",
                        "n-4 phone FAILED 1 the webhook answered 301"),
                outcomes());
        assertEquals(4, context.reported.size());
    }

    @Test
    void a_webhook_that_is_not_there_may_come_back() {
        server.close();
        SinkRecord record = Pushes.record(Pushes.notification(1, Pushes.webhook("phone")));
        putUntilDone(List.of(record));

        assertEquals(List.of("n-1 phone FAILED 6 the webhook could not be reached: ConnectException"), outcomes());
        assertEquals(List.of(record), context.reported);
    }

    @Test
    void what_no_channel_carries_fails_at_that_device_alone() {
        SinkRecord record =
                Pushes.record(Pushes.notification(1, Pushes.target("old", "pigeon"), Pushes.target("desk", "log")));
        task.put(List.of(record));

        assertEquals(List.of("n-1 old FAILED 1 there is no such channel", "n-1 desk DELIVERED 1 "), outcomes());
        assertEquals(List.of(record), context.reported);
    }

    @Test
    void without_a_webhook_its_channel_fails_and_says_why() {
        PushSinkTask without = started(Map.of());
        without.put(List.of(Pushes.record(Pushes.notification(1, Pushes.webhook("phone")))));

        assertEquals(List.of("n-1 phone FAILED 1 no webhook is configured"), outcomes());
        without.stop();
    }

    @Test
    void what_is_no_notification_is_reported_once_and_the_rest_goes_on() {
        SinkRecord bad = FakeSinkContext.record(Topics.NOTIFICATIONS.name(), 1, new byte[] {(byte) 0xff});
        server.answerNext(500);
        putUntilDone(List.of(bad, Pushes.record(Pushes.notification(2, Pushes.webhook("phone")))));

        assertEquals(List.of(bad), context.reported);
        assertEquals(List.of("n-2 phone DELIVERED 2 "), outcomes());
    }

    @Test
    void outcomes_that_Kafka_did_not_take_are_told_again_and_nothing_is_sent_twice() {
        List<SinkRecord> records = List.of(Pushes.record(Pushes.notification(1, Pushes.webhook("phone"))));
        producer.sendException = new TimeoutException("away");
        assertThrows(RetriableException.class, () -> task.put(records));
        producer.sendException = null;
        task.put(records);

        assertEquals(1, server.requests.size());
        assertEquals(List.of("n-1 phone DELIVERED 1 "), outcomes());
    }

    @Test
    void outcomes_that_Kafka_refuses_need_somebody_to_look() {
        producer.sendException = new AuthorizationException("no");
        ConnectException refused = assertThrows(
                ConnectException.class,
                () -> task.put(List.of(Pushes.record(Pushes.notification(1, Pushes.webhook("phone"))))));
        assertFalse(refused instanceof RetriableException);
    }

    @Test
    void many_are_sent_at_once() {
        List<SinkRecord> records = LongStream.rangeClosed(1, 300)
                .mapToObj(seq -> Pushes.record(
                        Pushes.notification(seq, Pushes.webhook("phone")).setCollapseKey("")))
                .toList();
        task.put(records);

        assertEquals(300, server.requests.size());
        assertEquals(300, outcomes().size());
    }

    @Test
    void other_topics_are_refused() {
        assertThrows(ConnectException.class, () -> task.open(List.of(new TopicPartition("tidings.inbox", 0))));
    }

    private PushSinkTask started(Map<String, String> properties) {
        InstantSource clock = () -> Instant.ofEpochMilli(nowMillis);
        PushSinkTask starting = new PushSinkTask(clock, new Random(1), config -> new Outcomes(producer));
        starting.initialize(context);
        Map<String, String> all = new HashMap<>(properties);
        all.put("push.outcomes.producer.bootstrap.servers", "localhost:9092");
        starting.start(all);
        return starting;
    }

    /** As Connect does: the same records again, after the pause that the task asked for. */
    private void putUntilDone(List<SinkRecord> records) {
        while (true) {
            try {
                task.put(new ArrayList<>(records));
                return;
            } catch (RetriableException e) {
                nowMillis += context.timeoutsMillis.getLast();
            }
        }
    }

    private List<Integer> attempts() {
        return producer.history().stream()
                .map(record -> record.value().getAttempts())
                .toList();
    }

    private List<String> outcomes() {
        return producer.history().stream()
                .map(record -> {
                    PushOutcome outcome = record.value();
                    assertEquals(outcome.getNotificationId(), record.key());
                    assertEquals("alice", outcome.getUserId());
                    assertTrue(Timestamps.toMillis(outcome.getAt()) >= Pushes.AT_MILLIS);
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
}
