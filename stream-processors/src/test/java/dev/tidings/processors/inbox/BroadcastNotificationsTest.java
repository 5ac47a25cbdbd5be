package dev.tidings.processors.inbox;

import static dev.tidings.processors.TestRecords.EPOCH_MILLIS;
import static dev.tidings.processors.TestRecords.close;
import static dev.tidings.processors.TestRecords.open;
import static dev.tidings.processors.TestRecords.origin;
import static dev.tidings.processors.TestRecords.read;
import static dev.tidings.processors.TestRecords.registerPush;
import static dev.tidings.processors.TestRecords.sent;
import static dev.tidings.processors.TestRecords.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.processors.DrivenTopology;
import dev.tidings.processors.inbox.notification.BroadcastNotifications;
import dev.tidings.processors.store.StateStore;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.ChangeSettings;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.MessageRecalled;
import dev.tidings.v1.Notification;
import dev.tidings.v1.NotifyOfBroadcast;
import dev.tidings.v1.SendFlags;
import dev.tidings.v1.UserCommand;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Broadcasts of the operator to two users without a session, bob and carol, whose phones have push tokens. */
class BroadcastNotificationsTest {

    private static final TopicLayout LAYOUT = new TopicLayout(1, 1, 3, (short) 1);
    private static final String NEWS = "b:news";

    private final DrivenTopology inbox = DrivenTopology.inbox(LAYOUT, StateStore.Kind.MEMORY);

    @BeforeEach
    void bob_and_carol_have_registered_phones() {
        visit("bob");
        visit("carol");
    }

    @AfterEach
    void close_driver() {
        inbox.close();
    }

    @Test
    void users_without_a_session_are_notified() {
        everyone(sent(NEWS, 1, "", "m1"));

        List<Notification> notified = inbox.readValues(Topics.NOTIFICATIONS);
        assertEquals(
                List.of("bob", "carol"),
                notified.stream().map(Notification::getUserId).toList());
        assertEquals("says m1", notified.getFirst().getBody());
        assertEquals(1, notified.getFirst().getUnread());
        assertEquals(1, notified.getFirst().getBadge());
    }

    @Test
    void a_user_with_a_session_gets_the_broadcast_from_the_gateway() {
        pipe(open("bob", session("bob-phone", "phone", 0, 1)));

        everyone(sent(NEWS, 1, "", "m1"));

        assertEquals(List.of("carol"), notified());
    }

    @Test
    void a_user_who_muted_the_broadcast_is_not_notified() {
        everyone(sent(NEWS, 1, "", "m1"));
        inbox.readBytes();
        pipe(UserCommand.newBuilder()
                .setUserId("bob")
                .setChangeSettings(
                        ChangeSettings.newBuilder().setConversationId(NEWS).setMuted(true))
                .build());

        everyone(sent(NEWS, 2, "", "m2"));

        assertEquals(List.of("carol"), notified());
    }

    @Test
    void a_repeated_broadcast_or_notification_command_notifies_once() {
        everyone(sent(NEWS, 1, "", "m1"));
        inbox.readBytes();

        everyone(sent(NEWS, 1, "", "m1"));
        pipe(notifyOf(1));

        assertEquals(List.of(), notified());
    }

    @Test
    void a_broadcast_followed_by_a_newer_one_does_not_notify() {
        everyone(sent(NEWS, 1, "", "m1"));
        everyone(sent(NEWS, 2, "", "m2"));
        inbox.readBytes();

        pipe(notifyOf(1));

        assertEquals(List.of(), notified());
    }

    @Test
    void the_operator_may_send_without_notifying() {
        ConversationEvent quiet = sent(NEWS, 1, "", "m1");
        everyone(quiet.toBuilder()
                .setMessageSent(quiet.getMessageSent().toBuilder()
                        .setFlags(SendFlags.newBuilder().setNoPush(true)))
                .build());

        assertEquals(List.of(), notified());
    }

    @Test
    void recalled_and_read_broadcasts_do_not_count() {
        everyone(sent(NEWS, 1, "", "m1"));
        everyone(sent(NEWS, 2, "", "m2"));
        everyone(ConversationEvent.newBuilder()
                .setConversationId(NEWS)
                .setSeq(3)
                .setMessageIndex(2)
                .setMessageRecalled(MessageRecalled.newBuilder()
                        .setSeq(2)
                        .setMessageIndex(2)
                        .setCountable(true))
                .build());
        inbox.pipe(
                Topics.INBOX,
                0,
                InboxRecord.newBuilder()
                        .setEvent(read(NEWS, "bob", 1, 1))
                        .addRecipients("bob")
                        .build(),
                EPOCH_MILLIS);
        inbox.readBytes();

        everyone(sent(NEWS, 4, "", "m4").toBuilder().setMessageIndex(3).build());

        assertEquals(
                List.of("bob 1", "carol 2"),
                inbox.readValues(Topics.NOTIFICATIONS).stream()
                        .map(one -> one.getUserId() + ' ' + one.getUnread())
                        .toList());
    }

    @Test
    void all_users_are_notified_in_steps_of_200_per_record() {
        int many = 2 * BroadcastNotifications.MAX_USERS_AT_ONCE + 10;
        List<String> names = IntStream.range(0, many).mapToObj(i -> "user" + i).toList();
        names.forEach(this::visit);
        inbox.readBytes();

        everyone(sent(NEWS, 1, "", "m1"));

        List<String> notified = notified();
        assertEquals(many + 2, notified.size());
        assertTrue(notified.containsAll(names));
        assertEquals(
                3,
                inbox.readValues(Topics.USER_COMMANDS).size(),
                "the first record, and one for each time that there were more");
    }

    private void visit(String userId) {
        pipe(open(userId, session(userId + "-phone", "phone", 0, 1)));
        pipe(registerPush(userId, origin(0, userId + "-phone", "f1"), "phone", "token"));
        pipe(close(userId, userId + "-phone"));
    }

    private static UserCommand notifyOf(long seq) {
        return UserCommand.newBuilder()
                .setNotifyOfBroadcast(
                        NotifyOfBroadcast.newBuilder().setConversationId(NEWS).setSeq(seq))
                .build();
    }

    private List<String> notified() {
        return inbox.readValues(Topics.NOTIFICATIONS).stream()
                .map(Notification::getUserId)
                .toList();
    }

    private void pipe(UserCommand command) {
        inbox.pipe(Topics.USER_COMMANDS, command.getUserId(), command, EPOCH_MILLIS);
    }

    private void everyone(ConversationEvent event) {
        inbox.pipe(
                Topics.INBOX,
                0,
                InboxRecord.newBuilder().setEvent(event).setEveryone(true).build(),
                EPOCH_MILLIS);
    }
}
