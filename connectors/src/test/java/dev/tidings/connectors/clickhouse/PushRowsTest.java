package dev.tidings.connectors.clickhouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.connectors.FakeSinkContext;
import dev.tidings.connectors.clickhouse.row.NotificationRow;
import dev.tidings.connectors.clickhouse.row.PushOutcomeRow;
import dev.tidings.connectors.clickhouse.row.Table;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.Notification;
import dev.tidings.v1.PushOutcome;
import dev.tidings.v1.PushTarget;
import java.util.List;
import java.util.Set;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PushRowsTest {

    private static final long AT_MILLIS = 1_774_000_000_123L;

    private static final Notification NOTIFICATION = Notification.newBuilder()
            .setNotificationId("n-1")
            .setUserId("alice")
            .setConversationId("g:x")
            .setSeq(9)
            .setMessageId("m-9")
            .setSender("bob")
            .setTitle("bob")
            .setBody("hello")
            .setBadge(4)
            .setUnread(2)
            .setMentioned(true)
            .setAt(Timestamps.fromMillis(AT_MILLIS))
            .setExpiresAt(Timestamps.fromMillis(AT_MILLIS + 1_000))
            .addTargets(PushTarget.newBuilder().setDeviceId("phone"))
            .addTargets(PushTarget.newBuilder().setDeviceId("tablet"))
            .build();

    private static final PushOutcome OUTCOME = PushOutcome.newBuilder()
            .setNotificationId("n-1")
            .setUserId("alice")
            .setDeviceId("phone")
            .setChannel("webhook")
            .setResult(PushOutcome.Result.FAILED)
            .setAttempts(6)
            .setReason("the webhook answered 500")
            .setAt(Timestamps.fromMillis(AT_MILLIS))
            .build();

    @Test
    void a_notification_is_a_row_without_what_it_says() {
        assertEquals(
                new NotificationRow(
                        "n-1", "alice", "g:x", 9, "m-9", "bob", AT_MILLIS, AT_MILLIS + 1_000, 4, 2, true, 2),
                PushRows.notification(NOTIFICATION.toByteArray()));
    }

    @Test
    void an_outcome_is_a_row() {
        assertEquals(
                new PushOutcomeRow(
                        "n-1", "phone", "alice", "webhook", "failed", 6, "the webhook answered 500", AT_MILLIS, false),
                PushRows.outcome(OUTCOME.toByteArray()));
    }

    @Test
    void what_is_neither_is_refused_with_the_reason() {
        assertRefused("no value", null, null);
        assertRefused("not a", new byte[] {(byte) 0xff, 1}, new byte[] {(byte) 0xff, 1});
        assertRefused("no id", new byte[0], new byte[0]);
        Timestamp beyond = Timestamp.newBuilder().setSeconds(20_000_000_000L).build();
        assertRefused(
                "time",
                NOTIFICATION.toBuilder().setAt(beyond).build().toByteArray(),
                OUTCOME.toBuilder().setAt(beyond).build().toByteArray());
    }

    @Test
    void a_batch_reads_each_topic_by_its_own_contract() {
        SinkRecord notification = FakeSinkContext.record(Topics.NOTIFICATIONS.name(), 1, NOTIFICATION.toByteArray());
        SinkRecord outcome = FakeSinkContext.record(Topics.PUSH_OUTCOMES.name(), 1, OUTCOME.toByteArray());
        SinkRecord garbage = FakeSinkContext.record(Topics.PUSH_OUTCOMES.name(), 2, new byte[] {(byte) 0xff});

        Batch batch = Batch.of(List.of(notification, outcome, garbage));

        assertEquals(
                Set.of(Table.NOTIFICATIONS, Table.PUSH_OUTCOMES), batch.rows().keySet());
        assertEquals(garbage, batch.poison().getFirst().record());
    }

    private static void assertRefused(String reason, byte @Nullable [] notification, byte @Nullable [] outcome) {
        for (IllegalArgumentException refusal : List.of(
                assertThrows(IllegalArgumentException.class, () -> PushRows.notification(notification)),
                assertThrows(IllegalArgumentException.class, () -> PushRows.outcome(outcome)))) {
            assertTrue(String.valueOf(refusal.getMessage()).contains(reason), refusal::toString);
        }
    }
}
