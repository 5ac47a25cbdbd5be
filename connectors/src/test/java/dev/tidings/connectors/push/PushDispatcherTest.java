package dev.tidings.connectors.push;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tidings.connectors.FakeSinkContext;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.MessageRecalled;
import dev.tidings.v1.Notification;
import dev.tidings.v1.PushOutcome;
import dev.tidings.v1.UserBadge;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Changes in the read model between attempts, and their outcomes. */
@Timeout(180)
class PushDispatcherTest {

    private final MockProducer<String, byte[]> producer =
            new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
    private final List<Notification> sent = new CopyOnWriteArrayList<>();
    /** Answers of the channel in turn, and then deliveries. */
    private final Queue<AttemptResult> answers = new ConcurrentLinkedQueue<>();

    private volatile SendTimeState state = SendTimeState.UNKNOWN;
    private final AtomicInteger retriesBrought = new AtomicInteger();
    private final PushProducer log = new PushProducer(producer);
    private final PushDispatcher dispatcher = PushDispatcher.start(
            new Channels(Map.of(Channels.WEBHOOK, this::send)),
            notification -> state,
            log,
            new RetrySchedule(new Random(1), Duration.ofMillis(20)),
            InstantSource.system());

    @AfterEach
    void stop() {
        dispatcher.close();
        log.close();
    }

    @Test
    void what_is_recalled_between_attempts_is_not_sent_again() throws Exception {
        answers.add(retryLater());
        answers.add(retryLater());
        dispatcher.accept(List.of(Pushes.record(Pushes.notification(7, Pushes.webhook("phone")))));
        await().atMost(Duration.ofMinutes(1)).until(() -> retries() == 1);
        bringRetry();
        await().atMost(Duration.ofMinutes(1)).until(() -> retries() == 2);
        ConversationEvent recall = ConversationEvent.newBuilder()
                .setMessageRecalled(MessageRecalled.newBuilder().setSeq(7))
                .build();
        state = new SendTimeState(null, List.of(recall), null);
        bringRetry();
        await().atMost(Duration.ofMinutes(1)).until(() -> outcomes().size() == 1);

        assertEquals(2, sent.size());
        assertEquals(PushOutcome.Result.OBSOLETE, outcomes().getFirst().getResult());
        assertEquals("recalled", outcomes().getFirst().getReason());
    }

    @Test
    void the_badge_is_that_of_the_moment_of_sending() throws Exception {
        answers.add(retryLater());
        state = known(7, 1);
        dispatcher.accept(List.of(
                Pushes.record(Pushes.notification(7, Pushes.webhook("phone")).setBadgeVersion(2))));
        await().atMost(Duration.ofMinutes(1)).until(() -> retries() == 1);
        // two messages of other conversations were read meanwhile
        state = known(1, 3);
        bringRetry();
        await().atMost(Duration.ofMinutes(1)).until(() -> outcomes().size() == 1);

        assertEquals(List.of(3L, 1L), sent.stream().map(Notification::getBadge).toList());
    }

    @Test
    void a_channel_that_throws_is_tried_again() throws Exception {
        answers.add(new AttemptResult.RetryLater("throw", Duration.ZERO));
        dispatcher.accept(List.of(Pushes.record(Pushes.notification(7, Pushes.webhook("phone")))));
        await().atMost(Duration.ofMinutes(1)).until(() -> retries() == 1);
        bringRetry();
        await().atMost(Duration.ofMinutes(1)).until(() -> outcomes().size() == 1);

        assertEquals(PushOutcome.Result.DELIVERED, outcomes().getFirst().getResult());
        assertEquals(2, outcomes().getFirst().getAttempts());
    }

    private AttemptResult send(Notification notification, dev.tidings.v1.PushTarget target) {
        sent.add(notification);
        AttemptResult answer = answers.poll();
        if (answer instanceof AttemptResult.RetryLater(String reason, Duration notBefore) && reason.equals("throw")) {
            throw new IllegalStateException("surprise");
        }
        return answer == null ? new AttemptResult.Delivered() : answer;
    }

    private static AttemptResult retryLater() {
        return new AttemptResult.RetryLater("busy", Duration.ZERO);
    }

    private static SendTimeState known(long badge, long version) {
        return new SendTimeState(
                null,
                List.of(),
                UserBadge.newBuilder().setUnread(badge).setVersion(version).build());
    }

    private void bringRetry() {
        int offset = retriesBrought.getAndIncrement();
        byte[] value = written(Topics.PUSH_RETRIES.name()).get(offset).value();
        dispatcher.accept(List.of(FakeSinkContext.record(Topics.PUSH_RETRIES.name(), offset, value)));
    }

    private int retries() {
        return written(Topics.PUSH_RETRIES.name()).size();
    }

    private List<PushOutcome> outcomes() throws Exception {
        List<PushOutcome> outcomes = new CopyOnWriteArrayList<>();
        for (ProducerRecord<String, byte[]> record : written(Topics.PUSH_OUTCOMES.name())) {
            outcomes.add(PushOutcome.parseFrom(record.value()));
        }
        return outcomes;
    }

    private List<ProducerRecord<String, byte[]>> written(String topic) {
        return producer.history().stream()
                .filter(record -> record.topic().equals(topic))
                .toList();
    }
}
