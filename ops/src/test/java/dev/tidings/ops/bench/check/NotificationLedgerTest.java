package dev.tidings.ops.bench.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.v1.Content;
import dev.tidings.v1.Notification;
import dev.tidings.v1.PushOutcome;
import dev.tidings.v1.PushOutcome.Result;
import dev.tidings.v1.Sequenced;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Forged histories of notifications. Two messages were sent to a group of which cat is never connected. */
class NotificationLedgerTest {

    private final Ledger ledger = new Ledger(List.of("ann", "bob"), Content.getDefaultInstance());
    private final NotificationLedger notifications = new NotificationLedger();

    @BeforeEach
    void two_messages_are_sent() {
        notifications.expect("g:team", "cat", ledger);
        for (int seq = 1; seq <= 2; seq++) {
            ledger.sequenced(
                    ledger.intend(0, seq), Sequenced.newBuilder().setSeq(seq).build(), 1, seq);
        }
    }

    @Test
    void a_notification_of_each_message_of_which_the_newest_was_sent_is_no_violation() {
        notified(1, Result.COLLAPSED);
        notified(2, Result.DELIVERED);
        requested(2, "key-2");

        assertEquals(List.of(), audit().flaws());
        assertTrue(notifications.isSettled());
    }

    @Test
    void a_message_without_a_notification_is_lost() {
        notified(2, Result.DELIVERED);
        requested(2, "key-2");

        CheckResult result = audit();

        assertEquals(List.of("1 notifications lost"), result.flaws());
        assertEquals(List.of("notification lost: seq 1 of g:team for cat has no notification"), result.evidence());
        assertFalse(notifications.isSettled());
    }

    @Test
    void a_notification_without_an_outcome_is_lost() {
        notifications.notified(notification(1, "id-1"));
        notified(2, Result.DELIVERED);
        requested(2, "key-2");

        assertEquals(List.of("1 notifications lost"), audit().flaws());
    }

    @ParameterizedTest
    @EnumSource(names = {"FAILED", "EXPIRED", "OBSOLETE"})
    void a_notification_that_was_dropped_is_lost(Result result) {
        notified(1, result);
        notified(2, Result.DELIVERED);
        requested(2, "key-2");

        assertEquals(List.of("1 notifications lost"), audit().flaws());
    }

    @Test
    void the_newest_notification_is_lost_if_it_was_replaced() {
        notified(1, Result.DELIVERED);
        requested(1, "key-1");
        notified(2, Result.COLLAPSED);

        assertEquals(List.of("1 notifications lost"), audit().flaws());
    }

    @Test
    void a_delivered_notification_that_no_webhook_has_received_is_lost() {
        notified(1, Result.COLLAPSED);
        notified(2, Result.DELIVERED);

        assertEquals(List.of("1 notifications lost"), audit().flaws());
    }

    @Test
    void two_notifications_of_a_message_are_doubled() {
        notified(1, Result.COLLAPSED);
        notified(2, Result.DELIVERED);
        notifications.notified(notification(2, "another"));
        requested(2, "key-2");

        assertEquals(List.of("1 notifications doubled"), audit().flaws());
    }

    @Test
    void two_idempotency_keys_of_a_message_are_doubled() {
        notified(1, Result.COLLAPSED);
        notified(2, Result.DELIVERED);
        requested(2, "key-2");
        requested(2, "another");

        assertEquals(List.of("1 notifications doubled"), audit().flaws());
    }

    @Test
    void a_request_that_repeats_its_key_is_counted_and_allowed() {
        notified(1, Result.DELIVERED);
        notified(1, Result.COLLAPSED);
        requested(1, "key-1");
        requested(1, "key-1");

        assertEquals(1, audit().repeatedNotifications);
        assertEquals(1, audit().doubledNotifications, "the topic has two records");
    }

    private void notified(long seq, Result result) {
        notifications.notified(notification(seq, "id-" + seq));
        notifications.outcome(PushOutcome.newBuilder()
                .setNotificationId("id-" + seq)
                .setResult(result)
                .build());
    }

    private void requested(long seq, String key) {
        notifications.requested(key, notification(seq, "id-" + seq));
    }

    private static Notification notification(long seq, String id) {
        return Notification.newBuilder()
                .setNotificationId(id)
                .setUserId("cat")
                .setConversationId("g:team")
                .setSeq(seq)
                .build();
    }

    private CheckResult audit() {
        CheckResult result = new CheckResult(0, Long.MAX_VALUE);
        notifications.audit(result);
        return result;
    }
}
