package dev.tidings.processors.inbox;

import static dev.tidings.processors.TestRecords.EPOCH_MILLIS;
import static dev.tidings.processors.TestRecords.business;
import static dev.tidings.processors.TestRecords.open;
import static dev.tidings.processors.TestRecords.session;
import static dev.tidings.processors.TestRecords.sync;
import static dev.tidings.processors.TestRecords.watch;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.processors.DrivenTopology;
import dev.tidings.processors.inbox.state.SyncLimits;
import dev.tidings.processors.store.StateStore;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.BusinessReply;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.Origin;
import dev.tidings.v1.SyncMode;
import dev.tidings.v1.SyncPage;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.WatchPresence;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Queries of business systems about users: INBOX writes the replies. */
class BusinessQueriesTest {

    private static final TopicLayout LAYOUT = new TopicLayout(1, 1, 3, (short) 1);
    private static final Origin CRM =
            business("crm", "r1").toBuilder().setUnary(true).build();

    private final DrivenTopology inbox = DrivenTopology.inbox(LAYOUT, StateStore.Kind.MEMORY);
    private long seconds;

    @AfterEach
    void close_driver() {
        inbox.close();
    }

    @Test
    void conversations_come_with_unread_counts_and_the_badge() {
        receive("p:alice:bob", "bob");
        receive("p:alice:carol", "carol");

        pipe(sync("alice", CRM, SyncMode.FULL, 0));

        BusinessReply reply = replies().getFirst();
        assertEquals("alice", reply.getUserId());
        SyncPage page = reply.getConversations();
        assertEquals(
                List.of("p:alice:bob 1", "p:alice:carol 1"),
                page.getViewsList().stream()
                        .map(view -> view.getConversationId() + ' ' + view.getUnread())
                        .toList());
        assertEquals(2, page.getBadge());
        assertTrue(page.getDone());
        assertEquals(0, page.getNextAfter());
    }

    @Test
    void a_reply_is_in_the_format_of_the_request_with_its_key_and_source() {
        Origin.Builder json = CRM.toBuilder();
        json.getBusinessBuilder().setJson(true);

        pipe(sync("alice", json.build(), SyncMode.FULL, 0));
        pipe(sync("alice", CRM, SyncMode.FULL, 0));

        List<TestRecord<String, BusinessReply>> replies = inbox.read(Topics.BUSINESS_REPLIES);
        assertEquals(
                List.of("r1 crm application/json", "r1 crm application/x-protobuf"),
                replies.stream()
                        .map(reply -> reply.key() + ' ' + header(reply, "source") + ' ' + header(reply, "content-type"))
                        .toList());
        assertTrue(replies.stream().allMatch(reply -> reply.value().hasConversations()));
    }

    @Test
    void each_reply_has_one_page_and_the_next_request_continues_it() {
        try (DrivenTopology small = DrivenTopology.inbox(LAYOUT, new SyncLimits(2, 3))) {
            for (int i = 0; i < 5; i++) {
                small.pipe(Topics.INBOX, 0, received("p:alice:user" + i, "user" + i), EPOCH_MILLIS + i);
            }
            List<String> conversations = new ArrayList<>();
            long after = 0;
            int pages = 0;
            do {
                UserCommand.Builder request = sync("alice", CRM, SyncMode.FULL, 0).toBuilder();
                request.getSyncRequestBuilder().setAfterVersion(after);
                small.pipe(Topics.USER_COMMANDS, "alice", request.build(), EPOCH_MILLIS + 100 + pages);
                List<BusinessReply> replies = small.readValues(Topics.BUSINESS_REPLIES);
                assertEquals(1, replies.size());
                SyncPage page = replies.getFirst().getConversations();
                page.getViewsList().stream()
                        .map(ConversationView::getConversationId)
                        .forEach(conversations::add);
                after = page.getNextAfter();
                pages++;
            } while (after > 0);

            assertEquals(5, conversations.stream().distinct().count());
            assertEquals(5, conversations.size());
            assertTrue(pages > 1, () -> "one page: " + conversations);
        }
    }

    @Test
    void a_version_that_was_never_issued_gets_a_reset() {
        receive("p:alice:bob", "bob");

        pipe(sync("alice", CRM, SyncMode.INCREMENTAL, 1));

        assertTrue(replies().getFirst().getConversations().getReset());
    }

    @Test
    void presence_is_read_without_a_relation_to_the_user() {
        pipe(open("bob", session("bob-phone", "phone", 0, 1)));

        pipe(watch("", WatchPresence.Visibility.SYSTEM, "bob", CRM, 0, WatchPresence.Mode.ONCE));
        pipe(watch("", WatchPresence.Visibility.SYSTEM, "invented", CRM, 0, WatchPresence.Mode.ONCE));

        List<BusinessReply> replies = replies();
        assertEquals("bob", replies.get(0).getUserId());
        assertTrue(replies.get(0).getPresence().getOnline());
        assertEquals("invented", replies.get(1).getUserId());
        assertFalse(replies.get(1).getPresence().getOnline());
        assertFalse(inbox.contents().toString().contains("invented"));
    }

    @ParameterizedTest
    @EnumSource(
            value = WatchPresence.Mode.class,
            names = {"START", "STOP"})
    void business_systems_do_not_watch(WatchPresence.Mode mode) {
        pipe(watch("", WatchPresence.Visibility.SYSTEM, "bob", CRM, 0, mode));

        assertEquals(1, inbox.read(Topics.DEAD_LETTERS).size());
        assertEquals(List.of(), replies());
    }

    private List<BusinessReply> replies() {
        List<BusinessReply> replies = inbox.readValues(Topics.BUSINESS_REPLIES);
        replies.forEach(reply -> {
            assertEquals("r1", reply.getRequestId());
            assertEquals("crm", reply.getSource());
        });
        return replies;
    }

    private void receive(String conversationId, String sender) {
        inbox.pipe(Topics.INBOX, 0, received(conversationId, sender), EPOCH_MILLIS + ++seconds * 1000);
    }

    private static InboxRecord received(String conversationId, String sender) {
        return InboxRecord.newBuilder()
                .setEvent(new EventSequence(conversationId).sent(sender))
                .addRecipients("alice")
                .build();
    }

    private void pipe(UserCommand command) {
        inbox.pipe(Topics.USER_COMMANDS, command.getUserId(), command, EPOCH_MILLIS + ++seconds * 1000);
    }

    private static String header(TestRecord<String, BusinessReply> reply, String name) {
        return new String(
                Objects.requireNonNull(reply.headers().lastHeader(name)).value(), StandardCharsets.UTF_8);
    }
}
