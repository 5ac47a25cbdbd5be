package dev.tidings.processors.inbox;

import static dev.tidings.processors.TestRecords.EPOCH_MICROS;
import static dev.tidings.processors.TestRecords.EPOCH_MILLIS;
import static dev.tidings.processors.TestRecords.MICROS_PER_SECOND;
import static dev.tidings.processors.TestRecords.at;
import static dev.tidings.processors.TestRecords.close;
import static dev.tidings.processors.TestRecords.gone;
import static dev.tidings.processors.TestRecords.open;
import static dev.tidings.processors.TestRecords.read;
import static dev.tidings.processors.TestRecords.sent;
import static dev.tidings.processors.TestRecords.session;
import static dev.tidings.processors.TestRecords.undelivered;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.processors.DrivenTopology;
import dev.tidings.processors.store.StateStore;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.state.v1.DeviceRecord;
import dev.tidings.state.v1.DevicesRecord;
import dev.tidings.v1.ChangeProfile;
import dev.tidings.v1.ChangeSettings;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.Notification;
import dev.tidings.v1.NotificationSettings;
import dev.tidings.v1.Session;
import dev.tidings.v1.UserBadge;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.UserEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Notifications of users without a session. Bob has a phone with a push token, whether it is connected or not. */
class NotificationsTest {

    private static final TopicLayout LAYOUT = new TopicLayout(1, 1, 3, (short) 1);
    private static final String PAIR = "p:alice:bob";
    private static final String OTHERS = "p:bob:carol";
    private static final Session PHONE = session("bob-phone", "phone", 0, 5);
    private static final Session LAPTOP = session("bob-laptop", "laptop", 2, 1);

    private final EventSequence sequence = new EventSequence("g:climbers");
    private final DrivenTopology inbox = DrivenTopology.inbox(LAYOUT, StateStore.Kind.MEMORY);

    @BeforeEach
    void bobs_phone_has_a_push_token() {
        DevicesRecord devices = DevicesRecord.newBuilder()
                .addDevices(DeviceRecord.newBuilder()
                        .setDeviceId("phone")
                        .setPushChannel("log")
                        .setPushToken("t1"))
                .build();
        inbox.restore("devices", Map.of(Bytes.wrap("bob".getBytes(StandardCharsets.UTF_8)), devices.toByteArray()));
    }

    @AfterEach
    void close_driver() {
        inbox.close();
    }

    @Test
    void a_user_without_a_session_is_notified_under_their_own_key() {
        pipe(1, sent(PAIR, 1, "alice", "m1"));

        TestRecord<String, Notification> record =
                inbox.read(Topics.NOTIFICATIONS).getFirst();
        assertEquals("bob", record.key());
        assertEquals("send-alice-m1:bob", record.value().getNotificationId());
        assertEquals("says m1", record.value().getBody());
        assertEquals(1, record.value().getBadge());
    }

    @Test
    void a_user_with_a_session_is_not_notified() {
        pipe(1, open("bob", LAPTOP));

        pipe(2, sent(PAIR, 1, "alice", "m1"));

        assertEquals(List.of(), notified());
    }

    @Test
    void a_repeated_event_notifies_once() {
        pipe(1, sent(PAIR, 1, "alice", "m1"));
        inbox.readBytes();

        pipe(2, sent(PAIR, 1, "alice", "m1"));

        assertEquals(List.of(), notified());
    }

    @Test
    void recording_a_notification_does_not_change_the_version() {
        pipe(1, sent(PAIR, 1, "alice", "m1"));
        pipe(2, read(PAIR, "bob", 1, 1));

        assertEquals(
                EPOCH_MICROS + 2 * MICROS_PER_SECOND,
                inbox.readValues(Topics.USER_EVENTS).getFirst().getViewChanged().getVersion());
    }

    @Test
    void a_message_of_another_user_is_no_own_fact() {
        pipe(1, sent(PAIR, 1, "alice", "m1"));

        assertEquals(List.of(), inbox.readValues(Topics.USER_EVENTS));
    }

    @Test
    void a_read_after_a_notification_writes_the_badge_with_a_newer_version() {
        pipe(1, sent(PAIR, 1, "alice", "m1"));
        pipe(2, sent(OTHERS, 1, "carol", "m2"));
        Notification last = inbox.readValues(Topics.NOTIFICATIONS).getLast();
        assertEquals(2, last.getBadge());
        inbox.readBytes();

        pipe(3, read(PAIR, "bob", 1, 1));

        UserBadge badge = badges().getFirst();
        assertEquals(1, badge.getUnread());
        assertTrue(badge.getVersion() > last.getBadgeVersion());
    }

    @Test
    void a_recall_after_a_notification_writes_the_badge() {
        ConversationEvent message = sequence.sent("alice");
        pipe(1, message);
        inbox.readBytes();

        pipe(2, sequence.recalled(message));

        assertEquals(List.of(0L), badges().stream().map(UserBadge::getUnread).toList());
    }

    @Test
    void a_muted_conversation_leaves_the_badge() {
        pipe(1, sent(PAIR, 1, "alice", "m1"));
        inbox.readBytes();

        pipe(
                2,
                UserCommand.newBuilder()
                        .setUserId("bob")
                        .setChangeSettings(ChangeSettings.newBuilder()
                                .setConversationId(PAIR)
                                .setMuted(true))
                        .build());

        assertEquals(List.of(0L), badges().stream().map(UserBadge::getUnread).toList());
    }

    @Test
    void the_badge_is_not_written_when_no_notification_can_wait_any_more() {
        pipe(1, sent(PAIR, 1, "alice", "m1"));
        inbox.readBytes();

        pipe(1 + 75 * 60, read(PAIR, "bob", 1, 1));

        assertEquals(List.of(), badges());
    }

    @Test
    void a_message_that_is_not_notified_raises_the_badge_of_a_waiting_notification() {
        pipe(1, sent(PAIR, 1, "alice", "m1"));
        pipe(
                2,
                UserCommand.newBuilder()
                        .setUserId("bob")
                        .setChangeProfile(ChangeProfile.newBuilder()
                                .setNotifications(
                                        NotificationSettings.newBuilder().setAtMostEverySeconds(60)))
                        .build());
        inbox.readBytes();

        pipe(3, sent(PAIR, 2, "alice", "m2"));

        assertEquals(List.of(2L), badges().stream().map(UserBadge::getUnread).toList());
        assertEquals(List.of(), notified());
    }

    @Test
    void a_message_that_reaches_a_session_does_not_change_the_badge_of_a_waiting_notification() {
        pipe(1, sent(PAIR, 1, "alice", "m1"));
        pipe(2, open("bob", LAPTOP));
        inbox.readBytes();

        pipe(3, sent(PAIR, 2, "alice", "m2"));

        assertEquals(List.of(), badges());
    }

    private List<UserBadge> badges() {
        return inbox.readValues(Topics.USER_EVENTS).stream()
                .filter(UserEvent::hasBadgeChanged)
                .map(UserEvent::getBadgeChanged)
                .toList();
    }

    @Test
    void the_badge_counts_all_conversations() {
        pipe(1, sent(OTHERS, 1, "carol", "m1"));
        inbox.readBytes();

        pipe(2, sent(PAIR, 1, "alice", "m1"));

        assertEquals(2, inbox.readValues(Topics.NOTIFICATIONS).getFirst().getBadge());
    }

    @Test
    void a_read_does_not_notify() {
        pipe(1, read(PAIR, "alice", 1, 1));

        assertEquals(List.of(), notified());
    }

    @Test
    void messages_not_acknowledged_by_the_last_session_are_notified_of() {
        pipe(1, open("bob", PHONE));
        pipe(2, sent(PAIR, 1, "alice", "m1"));
        pipe(3, sent(OTHERS, 1, "carol", "m1"));

        pipe(4, undelivered("bob", "bob-phone", PAIR, 1));
        pipe(5, close("bob", "bob-phone"));

        assertEquals(List.of("send-alice-m1:bob"), notified());
    }

    @Test
    void a_message_between_what_is_undelivered_and_the_close_of_the_last_session_notifies_at_once() {
        pipe(1, open("bob", PHONE));
        pipe(3, undelivered("bob", "bob-phone", PAIR, 1));
        inbox.readBytes();

        pipe(2, sent(PAIR, 1, "alice", "m1"));
        assertEquals(List.of("send-alice-m1:bob"), notified());

        pipe(4, close("bob", "bob-phone"));
        assertEquals(List.of(), notified());
    }

    @Test
    void a_message_expired_meanwhile_is_dropped_and_counted() {
        ConversationEvent sent = sent(PAIR, 1, "alice", "m1");
        pipe(1, open("bob", PHONE));
        pipe(
                2,
                sent.toBuilder()
                        .setMessageSent(sent.getMessageSent().toBuilder().setExpiresAt(at(4)))
                        .build());
        assertEquals(0, inbox.counted("notification", "dropped", "EXPIRED"));

        pipe(4, undelivered("bob", "bob-phone", PAIR, 1));

        assertEquals(List.of(), notified());
        assertEquals(1, inbox.counted("notification", "dropped", "EXPIRED"));
    }

    @Test
    void messages_are_not_notified_of_if_another_session_is_open() {
        pipe(1, open("bob", PHONE));
        pipe(2, open("bob", LAPTOP));
        pipe(3, sent(PAIR, 1, "alice", "m1"));

        pipe(4, undelivered("bob", "bob-phone", PAIR, 1));

        assertEquals(List.of(), notified());
    }

    @Test
    void a_message_read_on_another_device_is_not_notified_of() {
        pipe(1, open("bob", PHONE));
        pipe(2, sent(PAIR, 1, "alice", "m1"));
        pipe(3, read(PAIR, "bob", 1, 1));

        pipe(4, undelivered("bob", "bob-phone", PAIR, 1));

        assertEquals(List.of(), notified());
    }

    @Test
    void an_acknowledged_message_is_not_notified_of_with_later_ones() {
        pipe(1, open("bob", PHONE));
        pipe(2, sent(PAIR, 1, "alice", "m1"));

        pipe(3, undelivered("bob", "bob-phone", PAIR, 2));

        assertEquals(List.of(), notified());
    }

    @Test
    void unknown_conversations_are_not_notified_of() {
        pipe(1, undelivered("bob", "bob-phone", "p:bob:nobody", 1, 2));

        assertEquals(List.of(), notified());
    }

    @Test
    void messages_of_the_last_40_s_before_a_lost_gateways_last_heartbeat_are_notified_of() {
        pipe(1, open("bob", PHONE));
        pipe(5, sent(PAIR, 5, "alice", "m5"));
        // a client may have been silent for 30 s before its gateway gave it up
        pipe(15, sent(OTHERS, 15, "carol", "m15"));

        pipe(60, gone(0, 5, 45));

        assertEquals(List.of("send-carol-m15:bob"), notified());
    }

    @Test
    void a_repeated_gateway_loss_does_not_notify() {
        pipe(1, open("bob", PHONE));
        pipe(5, sent(PAIR, 5, "alice", "m5"));
        pipe(8, gone(0, 5, 5));
        inbox.readBytes();

        pipe(9, gone(0, 5, 5));
        pipe(10, undelivered("bob", "bob-phone", PAIR, 5));

        assertEquals(List.of(), notified());
    }

    @Test
    void a_user_with_another_session_is_not_notified_when_a_gateway_is_lost() {
        pipe(1, open("bob", PHONE));
        pipe(2, open("bob", LAPTOP));
        pipe(5, sent(PAIR, 5, "alice", "m5"));

        pipe(8, gone(0, 5, 5));

        assertEquals(List.of(), notified());
    }

    @Test
    void a_user_of_a_lost_gateway_is_notified_of_later_messages() {
        pipe(1, open("bob", PHONE));
        pipe(2, gone(0, 5, 1));
        inbox.readBytes();

        pipe(3, sent(PAIR, 3, "alice", "m3"));

        assertEquals(List.of("send-alice-m3:bob"), notified());
    }

    @Test
    void a_mention_by_an_edit_notifies_although_the_group_is_muted() {
        muted();
        ConversationEvent first = sequence.sent("alice");
        pipe(2, first);
        pipe(3, sequence.sent("alice"));
        assertEquals(List.of(), notified());

        pipe(4, sequence.edited(first, "better", "bob"));

        Notification notification = inbox.readValues(Topics.NOTIFICATIONS).getFirst();
        assertEquals("m2:bob", notification.getNotificationId());
        assertEquals(2, notification.getSeq());
        assertTrue(notification.getMentioned());
    }

    @Test
    void a_repeated_edit_or_an_unchanged_mention_does_not_notify() {
        muted();
        ConversationEvent first = sequence.sent("alice");
        pipe(2, first);
        ConversationEvent edited = sequence.edited(first, "better", "bob");
        pipe(3, edited);
        inbox.readBytes();

        pipe(4, edited);
        pipe(5, sequence.edited(first, "best", "bob"));

        assertEquals(List.of(), notified());
    }

    @Test
    void an_edit_of_a_notified_message_does_not_notify_again() {
        ConversationEvent first = sequence.sent("alice");
        pipe(2, first);
        inbox.readBytes();

        pipe(3, sequence.edited(first, "better", "bob"));

        assertEquals(List.of(), notified());
    }

    @Test
    void a_mention_by_a_blocked_user_neither_notifies_nor_counts() {
        muted();
        EventSequence pair = new EventSequence(PAIR);
        pipe(2, pair.blocked("bob", true));
        ConversationEvent first = sequence.sent("alice", "bob");

        pipe(3, first);
        pipe(4, sequence.sentToAll("alice"));
        pipe(5, sequence.edited(first, "better", "bob"));
        assertEquals(List.of(), notified());
        pipe(5, settings(ChangeSettings.newBuilder().setPinned(true)));
        assertEquals(
                List.of(0L),
                inbox.readValues(Topics.USER_EVENTS).stream()
                        .map(event -> event.getViewChanged().getUnreadMentions())
                        .distinct()
                        .toList());

        pipe(6, pair.blocked("bob", false));
        pipe(7, sequence.sent("alice", "bob"));
        assertEquals(List.of("m5:bob"), notified());
    }

    private void muted() {
        pipe(0, sequence.created(GroupProfile.getDefaultInstance(), "alice", "alice", "bob"));
        pipe(1, settings(ChangeSettings.newBuilder().setMuted(true)));
        inbox.readBytes();
    }

    private static UserCommand settings(ChangeSettings.Builder change) {
        return UserCommand.newBuilder()
                .setUserId("bob")
                .setChangeSettings(change.setConversationId("g:climbers"))
                .build();
    }

    private List<String> notified() {
        return inbox.readValues(Topics.NOTIFICATIONS).stream()
                .map(Notification::getNotificationId)
                .toList();
    }

    private void pipe(long seconds, UserCommand command) {
        inbox.pipe(Topics.USER_COMMANDS, command.getUserId(), command, EPOCH_MILLIS + seconds * 1000);
    }

    private void pipe(long seconds, ConversationEvent event) {
        InboxRecord record =
                InboxRecord.newBuilder().setEvent(event).addRecipients("bob").build();
        inbox.pipe(Topics.INBOX, 0, record, EPOCH_MILLIS + seconds * 1000);
    }
}
