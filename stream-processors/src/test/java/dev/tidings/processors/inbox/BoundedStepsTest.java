package dev.tidings.processors.inbox;

import static dev.tidings.processors.TestRecords.EPOCH_MILLIS;
import static dev.tidings.processors.TestRecords.at;
import static dev.tidings.processors.TestRecords.close;
import static dev.tidings.processors.TestRecords.gone;
import static dev.tidings.processors.TestRecords.open;
import static dev.tidings.processors.TestRecords.origin;
import static dev.tidings.processors.TestRecords.registerPush;
import static dev.tidings.processors.TestRecords.sent;
import static dev.tidings.processors.TestRecords.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.processors.DrivenTopology;
import dev.tidings.processors.inbox.notification.MissedMessages;
import dev.tidings.processors.inbox.notification.Notifier;
import dev.tidings.processors.store.StateStore;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.MessageReference;
import dev.tidings.v1.Notification;
import dev.tidings.v1.NotifyOfMissed;
import dev.tidings.v1.SyncAnswer;
import dev.tidings.v1.SyncMode;
import dev.tidings.v1.SyncRequest;
import dev.tidings.v1.Undelivered;
import dev.tidings.v1.UserCommand;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A user with more conversations than one record may read. */
@Execution(ExecutionMode.CONCURRENT)
class BoundedStepsTest {

    private static final int CONVERSATIONS = 2 * Notifier.MAX_VIEWS_AT_ONCE + 10;

    private final DrivenTopology inbox =
            DrivenTopology.inbox(new TopicLayout(1, 1, 4, (short) 1), StateStore.Kind.MEMORY);

    @AfterEach
    void close_driver() {
        inbox.close();
    }

    @Test
    void a_gateway_that_dies_notifies_a_user_of_the_newest_100_conversations_with_the_badge_of_all() {
        connect("bob");
        say(CONVERSATIONS, "bob");

        pipe(gone(0, 1, CONVERSATIONS));

        List<Notification> notified = inbox.readValues(Topics.NOTIFICATIONS);
        assertEquals(40, notified.size(), "those of the last 40 s");
        notified.forEach(one -> assertEquals(CONVERSATIONS, one.getBadge()));
        assertEquals(2, steps());
    }

    @Test
    void the_newest_100_missed_conversations_are_notified_of() {
        connect("bob");
        say(CONVERSATIONS, "bob");
        inbox.readBytes();

        Undelivered.Builder undelivered = Undelivered.newBuilder().setSessionId("bob-phone");
        for (int n = 1; n <= 150; n++) {
            undelivered.addMessages(MessageReference.newBuilder()
                    .setConversationId(conversation(n))
                    .setSeq(1));
        }
        pipe(close("bob", "bob-phone"));
        pipe(UserCommand.newBuilder()
                .setUserId("bob")
                .setUndelivered(undelivered)
                .build());

        List<Notification> notified = inbox.readValues(Topics.NOTIFICATIONS);
        assertEquals(MissedMessages.MAX_FOUND, notified.size());
        assertTrue(notified.stream().noneMatch(one -> one.getConversationId().equals(conversation(50))));
        assertTrue(notified.stream().anyMatch(one -> one.getConversationId().equals(conversation(51))));
        notified.forEach(one -> assertEquals(CONVERSATIONS, one.getBadge()));
    }

    @Test
    void a_request_without_a_session_gets_each_page_of_a_sync_by_a_request_of_its_own() {
        say(CONVERSATIONS, "bob");
        inbox.readBytes();
        SyncRequest.Builder request = SyncRequest.newBuilder()
                .setOrigin(origin(0, "rest", "1").toBuilder().setUnary(true))
                .setMode(SyncMode.FULL);

        Set<String> received = new HashSet<>();
        boolean done = false;
        while (!done) {
            pipe(UserCommand.newBuilder()
                    .setUserId("bob")
                    .setSyncRequest(request)
                    .build());
            List<Delivery> pages = inbox.readValues(Topics.DELIVERIES);
            assertEquals(1, pages.size());
            SyncAnswer page = pages.getFirst().getSyncAnswer();
            page.getViewsList().forEach(view -> assertTrue(received.add(view.getConversationId())));
            request.setAfterVersion(page.getNextAfter());
            done = page.getDone();
        }

        assertEquals(CONVERSATIONS, received.size());
        assertTrue(inbox.readValues(Topics.USER_COMMANDS).isEmpty());
    }

    @Test
    void a_message_notifies_a_user_with_many_conversations_by_one_record() {
        connect("bob");
        say(CONVERSATIONS, "bob");
        pipe(close("bob", "bob-phone"));
        inbox.readBytes();

        say(message(CONVERSATIONS + 1), "bob");

        List<Notification> notified = inbox.readValues(Topics.NOTIFICATIONS);
        assertEquals(1, notified.size());
        assertEquals(CONVERSATIONS + 1, notified.getFirst().getBadge());
        assertEquals(0, steps());
    }

    @Test
    void a_broadcast_notifies_a_user_with_many_conversations() {
        connect("bob");
        say(CONVERSATIONS, "bob");
        pipe(close("bob", "bob-phone"));
        inbox.readBytes();

        inbox.pipe(
                Topics.INBOX,
                0,
                InboxRecord.newBuilder()
                        .setEvent(sent("b:news", 1, "", "m1"))
                        .setEveryone(true)
                        .build(),
                EPOCH_MILLIS);

        List<Notification> notified = inbox.readValues(Topics.NOTIFICATIONS);
        assertEquals(1, notified.size());
        assertEquals(CONVERSATIONS + 1, notified.getFirst().getBadge());
    }

    @Test
    void a_user_who_reconnects_during_the_count_is_not_notified() {
        connect("bob");
        say(CONVERSATIONS, "bob");
        inbox.readBytes();

        pipe(open("bob", session("bob-web", "web", 1, 1)));
        pipe(UserCommand.newBuilder()
                .setNotifyOfMissed(
                        NotifyOfMissed.newBuilder().setMissedBy("bob").setSince(at(0)))
                .build());

        assertEquals(List.of(), inbox.readValues(Topics.NOTIFICATIONS));
        assertEquals(0, steps());
    }

    private void connect(String userId) {
        pipe(open(userId, session(userId + "-phone", "phone", 0, 1)));
        pipe(registerPush(userId, origin(0, userId + "-phone", "f1"), "phone", "token"));
    }

    private void say(int conversations, String userId) {
        for (int n = 1; n <= conversations; n++) {
            say(message(n), userId);
        }
    }

    private void say(ConversationEvent event, String userId) {
        inbox.pipe(
                Topics.INBOX,
                0,
                InboxRecord.newBuilder().setEvent(event).addRecipients(userId).build(),
                EPOCH_MILLIS);
    }

    /** Returns the message of the n-th conversation, sent at n seconds. */
    private static ConversationEvent message(int n) {
        return sent(conversation(n), 1, "u" + n, "m" + n).toBuilder()
                .setSentAt(at(n))
                .build();
    }

    private static String conversation(int n) {
        return "p:bob:u%05d".formatted(n);
    }

    private void pipe(UserCommand command) {
        inbox.pipe(Topics.USER_COMMANDS, command.getUserId(), command, EPOCH_MILLIS);
    }

    private long steps() {
        return inbox.readValues(Topics.USER_COMMANDS).stream()
                .filter(UserCommand::hasNotifyOfMissed)
                .count();
    }
}
