package dev.tidings.connectors.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.MessageEdited;
import dev.tidings.v1.MessagePreview;
import dev.tidings.v1.MessageRecalled;
import dev.tidings.v1.Notification;
import dev.tidings.v1.SeqRange;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SendTimeStateTest {

    /** Of the message with seq 7: badge 3, one unread in its conversation. */
    private static final Notification NOTIFICATION =
            Pushes.notification(7, Pushes.webhook("phone")).setUnread(1).build();

    @Test
    void what_was_recalled_read_or_deleted_is_obsolete() {
        assertEquals("recalled", moment(view(), recall(7)).obsolete(NOTIFICATION));
        assertEquals(
                "recalled",
                moment(view().setLastMessage(
                                        MessagePreview.newBuilder().setSeq(7).setRecalled(true)))
                        .obsolete(NOTIFICATION));
        assertEquals("read", moment(view().setReadSeq(7)).obsolete(NOTIFICATION));
        assertEquals(
                "deleted",
                moment(view().addDeleted(SeqRange.newBuilder().setFromSeq(6).setToSeq(7)))
                        .obsolete(NOTIFICATION));
    }

    @Test
    void what_is_still_news_is_not_obsolete() {
        assertNull(moment(view().setReadSeq(6)).obsolete(NOTIFICATION));
        assertNull(moment(view().addDeleted(SeqRange.newBuilder().setFromSeq(8).setToSeq(9)))
                .obsolete(NOTIFICATION));
        ConversationEvent edit = ConversationEvent.newBuilder()
                .setMessageEdited(MessageEdited.newBuilder().setSeq(7))
                .build();
        assertNull(moment(view(), edit).obsolete(NOTIFICATION));
        assertNull(SendTimeState.UNKNOWN.obsolete(NOTIFICATION));
    }

    @Test
    void the_badge_changes_by_what_the_sum_has_changed_by() {
        // broadcasts, which the read model does not know, make the badge 3 while the sum is 2
        OptionalLong then = new SendTimeState(view().build(), List.of(), OptionalLong.of(2)).badgeSumOf(NOTIFICATION);
        assertEquals(OptionalLong.of(2), then);
        assertEquals(2, sent(1, then));
        assertEquals(5, sent(4, then));
        assertEquals(0, sent(-5, then));
        assertEquals(3, sent(1, OptionalLong.empty()));
        assertEquals(3, SendTimeState.UNKNOWN.withBadge(NOTIFICATION, then).getBadge());
    }

    @Test
    void what_its_conversation_has_changed_by_before_the_first_attempt_counts() {
        SendTimeState moment =
                new SendTimeState(view().setLastSeq(9).setUnread(3).build(), List.of(), OptionalLong.of(4));
        assertEquals(
                5,
                moment.withBadge(NOTIFICATION, moment.badgeSumOf(NOTIFICATION)).getBadge());
    }

    @Test
    void a_read_model_that_lags_behind_the_message_says_nothing_of_the_badge() {
        assertEquals(
                OptionalLong.empty(),
                new SendTimeState(view().setLastSeq(6).build(), List.of(), OptionalLong.of(2))
                        .badgeSumOf(NOTIFICATION));
    }

    private static long sent(long sumNow, OptionalLong then) {
        return new SendTimeState(view().build(), List.of(), OptionalLong.of(sumNow))
                .withBadge(NOTIFICATION, then)
                .getBadge();
    }

    private static ConversationView.Builder view() {
        return ConversationView.newBuilder().setLastSeq(7).setUnread(1);
    }

    private static ConversationEvent recall(long seq) {
        return ConversationEvent.newBuilder()
                .setMessageRecalled(MessageRecalled.newBuilder().setSeq(seq))
                .build();
    }

    private static SendTimeState moment(ConversationView.Builder view, ConversationEvent... changes) {
        return new SendTimeState(view.build(), List.of(changes), OptionalLong.empty());
    }
}
