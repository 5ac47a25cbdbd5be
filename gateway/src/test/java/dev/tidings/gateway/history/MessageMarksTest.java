package dev.tidings.gateway.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.MessageRecalled;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.PinChanged;
import dev.tidings.v1.ReactionChanged;
import dev.tidings.v1.ReactionCount;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageMarksTest {

    @Test
    void reactions_are_counted_by_text_the_earliest_first() {
        MessageMarks marks = MessageMarks.NONE
                .after(reaction("alice", "+1"))
                .after(reaction("bob", "tea"))
                .after(reaction("bob", "+1"))
                .after(reaction("bob", "+1"));

        assertEquals(List.of(count("+1", 2, "alice", "bob"), count("tea", 1, "bob")), marks.reactions());
    }

    @Test
    void a_removed_reaction_is_not_counted() {
        MessageMarks marks = MessageMarks.NONE
                .after(reaction("alice", "+1"))
                .after(reaction("bob", "+1"))
                .after(reaction("bob", "tea"))
                .after(removal("bob", "tea"))
                .after(removal("alice", "+1"))
                .after(removal("alice", "unknown"));

        assertEquals(List.of(count("+1", 1, "bob")), marks.reactions());
    }

    @Test
    void users_and_reactions_above_the_limits_are_counted_and_left_out() {
        MessageMarks marks = MessageMarks.NONE;
        for (int i = 0; i <= MessageMarks.MAX_USERS; i++) {
            marks = marks.after(reaction("user" + i, "+1"));
        }
        for (int i = 0; i <= MessageMarks.MAX_REACTIONS; i++) {
            marks = marks.after(reaction("alice", "reaction " + i));
        }

        assertEquals(MessageMarks.MAX_REACTIONS, marks.reactions().size());
        assertEquals(MessageMarks.MAX_USERS + 1, marks.reactions().getFirst().getCount());
        assertEquals(MessageMarks.MAX_USERS, marks.reactions().getFirst().getUserIdsCount());
    }

    @Test
    void the_last_change_of_the_pin_counts() {
        MessageMarks pinned = MessageMarks.NONE.after(pin(false));

        assertTrue(pinned.pinned());
        assertFalse(pinned.after(pin(true)).pinned());
        assertSame(
                pinned,
                pinned.after(ConversationEvent.newBuilder()
                        .setMessageRecalled(MessageRecalled.getDefaultInstance())
                        .build()));
    }

    @Test
    void the_marks_stand_in_the_state_of_the_message() {
        ConversationEvent message = ConversationEvent.newBuilder()
                .setMessageSent(MessageSent.newBuilder().setMessageId("m1"))
                .build();
        MessageMarks marks = MessageMarks.NONE.after(reaction("alice", "+1")).after(pin(false));

        MessageSent marked = marks.on(message).getMessageSent();

        assertEquals("m1", marked.getMessageId());
        assertEquals(List.of(count("+1", 1, "alice")), marked.getState().getReactionsList());
        assertTrue(marked.getState().getPinned());
        assertSame(message, MessageMarks.NONE.on(message));
    }

    private static ReactionCount count(String reaction, int count, String... userIds) {
        return ReactionCount.newBuilder()
                .setReaction(reaction)
                .setCount(count)
                .addAllUserIds(List.of(userIds))
                .build();
    }

    private static ConversationEvent reaction(String userId, String reaction) {
        return change(userId, reaction, false);
    }

    private static ConversationEvent removal(String userId, String reaction) {
        return change(userId, reaction, true);
    }

    private static ConversationEvent change(String userId, String reaction, boolean removed) {
        return ConversationEvent.newBuilder()
                .setReactionChanged(ReactionChanged.newBuilder()
                        .setUserId(userId)
                        .setReaction(reaction)
                        .setRemoved(removed))
                .build();
    }

    private static ConversationEvent pin(boolean unpinned) {
        return ConversationEvent.newBuilder()
                .setPinChanged(PinChanged.newBuilder().setUnpinned(unpinned))
                .build();
    }
}
