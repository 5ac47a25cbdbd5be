package dev.tidings.processors.conversation;

import static dev.tidings.processors.TestRecords.at;
import static dev.tidings.processors.TestRecords.markRead;
import static dev.tidings.processors.TestRecords.read;
import static dev.tidings.processors.TestRecords.send;
import static dev.tidings.processors.TestRecords.sent;
import static dev.tidings.processors.TestRecords.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tidings.processors.conversation.Decision.Accepted;
import dev.tidings.processors.conversation.Decision.Duplicate;
import dev.tidings.processors.conversation.Decision.Refused;
import dev.tidings.processors.conversation.Decision.Unchanged;
import dev.tidings.processors.rules.FixedRules;
import dev.tidings.v1.Command;
import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Sequenced;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConversationDeciderTest {

    private static final String PAIR = "p:alice:bob";
    private static final int WINDOW = RecentEvents.WINDOW;

    @Test
    void the_first_message_opens_the_conversation_at_seq_1() {
        assertThen(sent(PAIR, 1, "alice", "m1"), when(given(), send(PAIR, "alice", "m1"), 1));
    }

    @Test
    void every_message_takes_the_next_seq_and_the_next_index() {
        assertThen(
                sent(PAIR, 3, "bob", "m1"),
                when(given(sent(PAIR, 1, "alice", "m1"), sent(PAIR, 2, "alice", "m2")), send(PAIR, "bob", "m1"), 3));
    }

    @Test
    void reading_takes_no_seq() {
        assertThen(
                sent(PAIR, 2, "bob", "m2"),
                when(given(sent(PAIR, 1, "alice", "m1"), read(PAIR, "bob", 1, 1)), send(PAIR, "bob", "m2"), 2));
    }

    @Test
    void a_message_sent_again_is_answered_as_the_first_time() {
        Command again = send(PAIR, "alice", "m1", text("another text")).toBuilder()
                .setCommandId("another-command")
                .build();

        Decision decision = when(given(sent(PAIR, 1, "alice", "m1"), sent(PAIR, 2, "bob", "m2")), again, 99);

        assertEquals(
                new Duplicate(Sequenced.newBuilder()
                        .setConversationId(PAIR)
                        .setSeq(1)
                        .setMessageId("send-alice-m1")
                        .setSentAt(at(1))
                        .setDuplicate(true)
                        .build()),
                decision);
    }

    @Test
    void the_same_client_message_id_of_another_sender_is_another_message() {
        assertThen(sent(PAIR, 2, "bob", "m1"), when(given(sent(PAIR, 1, "alice", "m1")), send(PAIR, "bob", "m1"), 2));
    }

    @Test
    void a_message_is_recognized_when_the_window_is_full() {
        List<ConversationEvent> events = messages(WINDOW);

        Decision decision = when(events, send(PAIR, "alice", "m1"), 9999);

        assertEquals(1, assertInstanceOf(Duplicate.class, decision).answer().getSeq());
    }

    @Test
    void a_message_from_before_the_window_counts_as_new() {
        assertThen(
                sent(PAIR, WINDOW + 2, "alice", "m1"),
                when(messages(WINDOW + 1), send(PAIR, "alice", "m1"), WINDOW + 2));
    }

    @Test
    void a_name_reused_after_the_window_refers_to_its_second_message() {
        List<ConversationEvent> events = messages(WINDOW + 1);
        events.add(sent(PAIR, WINDOW + 2, "alice", "m1"));

        Decision decision = when(events, send(PAIR, "alice", "m1"), 9999);

        assertEquals(
                WINDOW + 2, assertInstanceOf(Duplicate.class, decision).answer().getSeq());
    }

    @Test
    void no_more_entries_are_kept_than_the_window_holds() {
        InMemoryConversation conversation = InMemoryConversation.after(messages(3 * WINDOW));

        assertEquals(WINDOW, conversation.entriesKept());
        assertEquals(WINDOW, conversation.namesKept());
    }

    @Test
    void all_messages_of_the_last_ten_minutes_are_kept() {
        InMemoryConversation conversation = new InMemoryConversation();
        for (int seq = 1; seq <= 5 * WINDOW; seq++) {
            conversation.evolve(sent(PAIR, seq, "alice", "m" + seq).toBuilder()
                    .setSentAt(at(seq / 10))
                    .build());
        }

        Decision decision =
                ConversationDecider.decide(conversation, FixedRules.NONE, send(PAIR, "alice", "m1"), at(520));

        assertEquals(1, assertInstanceOf(Duplicate.class, decision).answer().getSeq());
        for (int seq = 5 * WINDOW + 1; seq <= 9 * WINDOW; seq++) {
            conversation.evolve(sent(PAIR, seq, "alice", "m" + seq).toBuilder()
                    .setSentAt(at(2_000))
                    .build());
        }
        assertEquals(4 * WINDOW, conversation.entriesKept());
        assertEquals(4 * WINDOW, conversation.namesKept());
    }

    @Test
    void a_third_user_may_do_nothing_in_a_private_conversation() {
        assertRefused(Refusal.Reason.NOT_A_MEMBER, when(given(), send(PAIR, "mallory", "m1"), 1));
        assertRefused(
                Refusal.Reason.NOT_A_MEMBER,
                when(given(sent(PAIR, 1, "alice", "m1")), markRead(PAIR, "mallory", 1), 2));
    }

    @Test
    void a_user_cannot_write_to_themselves() {
        assertRefused(Refusal.Reason.CONVERSATION_WITH_ONESELF, when(given(), send("p:alice:alice", "alice", "m1"), 1));
    }

    @Test
    void a_private_conversation_id_with_unsorted_users_is_refused() {
        assertRefused(Refusal.Reason.INVALID_CONVERSATION_ID, when(given(), send("p:bob:alice", "alice", "m1"), 1));
    }

    @Test
    void a_group_does_not_exist_before_it_is_created() {
        assertRefused(Refusal.Reason.CONVERSATION_NOT_FOUND, when(given(), send("g:team", "alice", "m1"), 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"s:alice", "b:news"})
    void only_the_operator_sends_broadcasts_and_system_messages(String conversationId) {
        Command command = send(conversationId, "alice", "m1");

        assertRefused(Refusal.Reason.SYSTEM_ONLY, when(given(), command, 1));
        assertInstanceOf(
                Accepted.class,
                when(given(), command.toBuilder().setAsSystem(true).build(), 1));
    }

    @Test
    void blank_and_empty_content_is_refused() {
        assertRefused(Refusal.Reason.CONTENT_EMPTY, when(given(), send(PAIR, "alice", "m1", text(" \n")), 1));
        assertRefused(
                Refusal.Reason.CONTENT_EMPTY,
                when(given(), send(PAIR, "alice", "m1", Content.getDefaultInstance()), 1));
    }

    @Test
    void content_of_more_than_65536_bytes_is_refused() {
        assertRefused(
                Refusal.Reason.CONTENT_TOO_LARGE,
                when(given(), send(PAIR, "alice", "m1", text("x".repeat(65_536))), 1));
    }

    @Test
    void a_message_without_a_usable_client_message_id_is_refused() {
        for (String bad : List.of("", "x".repeat(129), "a\u0000b")) {
            // the command's own id is fit, whatever the message's is
            Command unusable = send(PAIR, "alice", bad).toBuilder()
                    .setCommandId("a-command")
                    .build();

            assertRefused(Refusal.Reason.INVALID_CLIENT_MSG_ID, when(given(), unusable, 1));
        }
    }

    @Test
    void a_refused_message_takes_no_seq_and_keeps_its_name_free() {
        InMemoryConversation conversation = InMemoryConversation.after(given());
        assertRefused(
                Refusal.Reason.CONTENT_EMPTY,
                ConversationDecider.decide(conversation, FixedRules.NONE, send(PAIR, "alice", "m1", text(" ")), at(1)));

        assertThen(
                sent(PAIR, 1, "alice", "m1"),
                ConversationDecider.decide(conversation, FixedRules.NONE, send(PAIR, "alice", "m1"), at(1)));
    }

    @Test
    void a_command_without_a_body_is_an_exception() {
        Command nothing =
                send(PAIR, "alice", "m1").toBuilder().clearSendMessage().build();

        assertThrows(IllegalArgumentException.class, () -> when(given(), nothing, 1));
    }

    @Test
    void reading_moves_forward_to_the_seq_and_its_index() {
        assertThen(
                read(PAIR, "bob", 2, 3).toBuilder().setSentAt(at(9)).build(),
                when(messages(3), markRead(PAIR, "bob", 2), 9));
    }

    @Test
    void reading_never_moves_back() {
        List<ConversationEvent> events = messages(3);
        events.add(read(PAIR, "bob", 2, 3));

        assertEquals(new Unchanged(), when(events, markRead(PAIR, "bob", 1), 9));
        assertEquals(new Unchanged(), when(events, markRead(PAIR, "bob", 2), 9));
    }

    @Test
    void read_positions_of_users_are_independent() {
        List<ConversationEvent> events = messages(3);
        events.add(read(PAIR, "bob", 3, 3));

        Decision decision = when(events, markRead(PAIR, "alice", 1), 9);

        assertEquals(
                1,
                assertInstanceOf(Accepted.class, decision)
                        .event()
                        .getReadAdvanced()
                        .getReadSeq());
    }

    @Test
    void a_seq_beyond_the_last_event_cannot_be_read() {
        assertRefused(Refusal.Reason.SEQ_OUT_OF_RANGE, when(messages(3), markRead(PAIR, "bob", 4), 9));
        assertRefused(Refusal.Reason.SEQ_OUT_OF_RANGE, when(given(), markRead(PAIR, "bob", 1), 9));
    }

    @Test
    void nothing_can_be_read_before_the_first_event() {
        assertRefused(Refusal.Reason.SEQ_OUT_OF_RANGE, when(messages(3), markRead(PAIR, "bob", 0), 9));
    }

    @Test
    void before_the_window_the_index_is_counted_back_from_the_oldest_entry() {
        Decision decision = when(messages(3 * WINDOW), markRead(PAIR, "bob", 10), 9);

        assertEquals(
                10,
                assertInstanceOf(Accepted.class, decision)
                        .event()
                        .getReadAdvanced()
                        .getReadIndex());
    }

    @Test
    void before_the_window_the_index_is_never_too_high() {
        // every second event of the conversation is no countable message
        List<ConversationEvent> events = new ArrayList<>();
        for (long seq = 1; seq <= 2 * WINDOW; seq++) {
            events.add(sent(PAIR, seq, "alice", "m" + seq).toBuilder()
                    .setMessageIndex((seq + 1) / 2)
                    .build());
        }

        Conversation conversation = InMemoryConversation.after(events);

        for (long seq = 1; seq <= 2 * WINDOW; seq++) {
            Decision decision =
                    ConversationDecider.decide(conversation, FixedRules.NONE, markRead(PAIR, "bob", seq), at(9));
            long readIndex = assertInstanceOf(Accepted.class, decision)
                    .event()
                    .getReadAdvanced()
                    .getReadIndex();
            assertEquals(
                    seq > WINDOW ? (seq + 1) / 2 : Math.min(readIndex, (seq + 1) / 2),
                    readIndex,
                    "index at seq " + seq);
        }
    }

    @Test
    void the_same_state_and_command_lead_to_the_same_decision() {
        assertEquals(when(messages(5), send(PAIR, "bob", "m9"), 6), when(messages(5), send(PAIR, "bob", "m9"), 6));
    }

    private static List<ConversationEvent> given(ConversationEvent... events) {
        return List.of(events);
    }

    private static List<ConversationEvent> messages(int count) {
        List<ConversationEvent> events = new ArrayList<>();
        for (int seq = 1; seq <= count; seq++) {
            events.add(sent(PAIR, seq, "alice", "m" + seq));
        }
        return events;
    }

    private static Decision when(List<ConversationEvent> events, Command command, long seconds) {
        return ConversationDecider.decide(InMemoryConversation.after(events), FixedRules.NONE, command, at(seconds));
    }

    private static void assertThen(ConversationEvent expected, Decision decision) {
        assertEquals(new Accepted(expected), decision);
    }

    private static void assertRefused(Refusal.Reason reason, Decision decision) {
        assertEquals(reason, assertInstanceOf(Refused.class, decision).refusal().getReason());
    }
}
