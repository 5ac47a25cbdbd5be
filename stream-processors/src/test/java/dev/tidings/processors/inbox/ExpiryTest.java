package dev.tidings.processors.inbox;

import static dev.tidings.processors.TestRecords.EPOCH_MILLIS;
import static dev.tidings.processors.TestRecords.at;
import static dev.tidings.processors.TestRecords.origin;
import static dev.tidings.processors.TestRecords.read;
import static dev.tidings.processors.TestRecords.sent;
import static dev.tidings.processors.TestRecords.sync;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.processors.DrivenTopology;
import dev.tidings.processors.store.StateStore;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.SyncAnswer;
import dev.tidings.v1.SyncMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages expire by the time in the log: that of the record that reads them. */
class ExpiryTest {

    private static final TopicLayout LAYOUT = new TopicLayout(1, 1, 3, (short) 1);
    private static final String PAIR = "p:alice:bob";

    private final DrivenTopology inbox = DrivenTopology.inbox(LAYOUT, StateStore.Kind.MEMORY);

    @BeforeEach
    void bob_gets_a_message_that_expires() {
        ConversationEvent message = sent(PAIR, 1, "alice", "m1");
        pipe(
                1,
                message.toBuilder()
                        .setMessageSent(message.getMessageSent().toBuilder().setExpiresAt(at(10)))
                        .build());
        inbox.readBytes();
    }

    @AfterEach
    void close_driver() {
        inbox.close();
    }

    @Test
    void a_message_counts_and_shows_until_it_expires() {
        SyncAnswer answer = synced(9, SyncMode.FULL, 0);

        assertEquals(1, answer.getBadge());
        assertEquals(1, answer.getViews(0).getUnread());
        assertEquals("says m1", answer.getViews(0).getLastMessage().getText());
    }

    @Test
    void every_kind_of_sync_leaves_an_expired_message_out() {
        for (SyncMode mode : new SyncMode[] {SyncMode.FULL, SyncMode.FAST, SyncMode.INCREMENTAL}) {
            SyncAnswer answer = synced(10, mode, 0);

            assertEquals(0, answer.getBadge(), mode::name);
            assertEquals(0, answer.getViews(0).getUnread(), mode::name);
            assertFalse(answer.getViews(0).hasLastMessage(), mode::name);
        }
    }

    @Test
    void an_incremental_sync_includes_views_with_expired_unread_messages_until_they_are_read() {
        long version = synced(8, SyncMode.FULL, 0).getVersion();
        assertEquals(0, synced(9, SyncMode.INCREMENTAL, version).getViewsCount());

        ConversationView view = synced(10, SyncMode.INCREMENTAL, version).getViews(0);
        assertEquals(PAIR, view.getConversationId());
        assertEquals(0, view.getUnread());

        pipe(11, read(PAIR, "bob", 1, 1));
        long readVersion = synced(12, SyncMode.INCREMENTAL, version).getVersion();
        assertEquals(0, synced(12, SyncMode.INCREMENTAL, readVersion).getViewsCount());
    }

    @Test
    void a_change_of_the_view_shows_no_expired_message() {
        pipe(10, read(PAIR, "bob", 1, 1));

        ConversationView view = inbox.readValues(Topics.USER_EVENTS).getFirst().getViewChanged();
        assertEquals(0, view.getUnread());
        assertFalse(view.hasLastMessage());
    }

    private SyncAnswer synced(long seconds, SyncMode mode, long since) {
        inbox.pipe(
                Topics.USER_COMMANDS,
                "bob",
                sync("bob", origin(0, "bob-phone", "f1"), mode, since),
                EPOCH_MILLIS + seconds * 1000);
        SyncAnswer answer = inbox.readValues(Topics.DELIVERIES).getLast().getSyncAnswer();
        assertTrue(answer.getDone());
        return answer;
    }

    private void pipe(long seconds, ConversationEvent event) {
        InboxRecord record =
                InboxRecord.newBuilder().setEvent(event).addRecipients("bob").build();
        inbox.pipe(Topics.INBOX, 0, record, EPOCH_MILLIS + seconds * 1000);
    }
}
