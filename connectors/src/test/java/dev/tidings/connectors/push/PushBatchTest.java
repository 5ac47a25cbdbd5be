package dev.tidings.connectors.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.connectors.FakeSinkContext;
import dev.tidings.connectors.PoisonRecord;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.Notification;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PushBatchTest {

    private static final long NOW = Pushes.AT_MILLIS + 5_000;

    @Test
    void of_several_for_one_device_the_newest_is_sent() {
        PushBatch batch = batch(
                Pushes.notification(1, Pushes.webhook("phone"), Pushes.webhook("tablet")),
                Pushes.notification(3, Pushes.webhook("phone")),
                Pushes.notification(2, Pushes.webhook("phone")));

        assertEquals(List.of("n-1 tablet", "n-3 phone"), due(batch));
        assertEquals(List.of("n-1 phone COLLAPSED", "n-2 phone COLLAPSED"), outcomes(batch));
    }

    @Test
    void nothing_takes_the_place_of_what_is_about_something_else() {
        PushBatch batch = batch(
                Pushes.notification(1, Pushes.webhook("phone")),
                Pushes.notification(2, Pushes.webhook("phone")).setCollapseKey("alice/g:other"),
                Pushes.notification(3, Pushes.webhook("phone")).setCollapseKey(""),
                Pushes.notification(4, Pushes.webhook("phone")).setCollapseKey(""));

        assertEquals(List.of("n-1 phone", "n-2 phone", "n-3 phone", "n-4 phone"), due(batch));
    }

    @Test
    void what_has_expired_is_not_sent_and_takes_nobodys_place() {
        PushBatch batch = batch(
                Pushes.notification(1, Pushes.webhook("phone")),
                Pushes.notification(2, Pushes.webhook("phone")).setExpiresAt(Timestamps.fromMillis(NOW)));

        assertEquals(List.of("n-1 phone"), due(batch));
        assertEquals(List.of("n-2 phone EXPIRED"), outcomes(batch));
    }

    @Test
    void what_expires_while_it_waits_is_not_sent() {
        PushBatch batch =
                batch(Pushes.notification(1, Pushes.webhook("phone")).setExpiresAt(Timestamps.fromMillis(NOW + 1)));
        assertEquals(List.of("n-1 phone"), due(batch));

        List<PushDelivery> later = batch.due(NOW + 1);

        assertEquals(List.of(), later);
        assertEquals(List.of("n-1 phone EXPIRED"), outcomes(batch));
        assertTrue(batch.isSettled());
    }

    @Test
    void what_has_gone_to_another_task_is_left_to_it() {
        SinkRecord kept = Pushes.record(Pushes.notification(1, Pushes.webhook("phone")));
        SinkRecord gone = Pushes.record(Pushes.notification(2, Pushes.webhook("tablet")));
        PushBatch batch = PushBatch.of(List.of(kept, gone, raw(null)), NOW);

        assertTrue(batch.goesOnWith(List.of(kept)));

        assertEquals(List.of("n-1 phone"), due(batch));
        assertEquals(List.of(), batch.poison());
        assertFalse(batch.goesOnWith(List.of(kept, gone)));
    }

    @Test
    void what_is_no_notification_is_poison_and_the_rest_goes_on() {
        SinkRecord good = Pushes.record(Pushes.notification(1, Pushes.webhook("phone")));
        List<SinkRecord> bad = List.of(
                raw(null),
                raw(new byte[] {(byte) 0xff, 1}),
                raw(Pushes.notification(2).clearNotificationId().build().toByteArray()),
                raw(Pushes.notification(2).clearUserId().build().toByteArray()),
                raw(Pushes.notification(2)
                        .setExpiresAt(Timestamp.newBuilder().setNanos(-1))
                        .build()
                        .toByteArray()));

        PushBatch batch =
                PushBatch.of(Stream.concat(bad.stream(), Stream.of(good)).toList(), NOW);

        assertEquals(bad, batch.poison().stream().map(PoisonRecord::record).toList());
        assertEquals(List.of("n-1 phone"), due(batch));
    }

    private static SinkRecord raw(byte @Nullable [] value) {
        return FakeSinkContext.record(Topics.NOTIFICATIONS.name(), 0, value);
    }

    private static PushBatch batch(Notification.Builder... notifications) {
        return PushBatch.of(Stream.of(notifications).map(Pushes::record).toList(), NOW);
    }

    private static List<String> due(PushBatch batch) {
        return batch.due(NOW).stream()
                .map(delivery -> delivery.notification().getNotificationId()
                        + ' '
                        + delivery.target().getDeviceId())
                .toList();
    }

    private static List<String> outcomes(PushBatch batch) {
        return batch.untold().stream()
                .map(outcome -> outcome.getNotificationId() + ' ' + outcome.getDeviceId() + ' ' + outcome.getResult())
                .toList();
    }
}
