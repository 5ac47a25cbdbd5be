package dev.tidings.connectors.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.MessageEdited;
import dev.tidings.v1.MessageRecalled;
import dev.tidings.v1.Notification;
import dev.tidings.v1.SeqRange;
import dev.tidings.v1.UserBadge;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SendTimeStateTest {

    private static final long VERSION = 100;

    /** Of the message with seq 7: badge 3. */
    private static final Notification NOTIFICATION = Pushes.notification(7, Pushes.webhook("phone"))
            .setBadgeVersion(VERSION)
            .build();

    @Test
    void what_was_recalled_read_or_deleted_is_obsolete() {
        assertEquals("recalled", state(view(), recall(7)).obsolete(NOTIFICATION));
        assertEquals("read", state(view().setReadSeq(7)).obsolete(NOTIFICATION));
        assertEquals(
                "deleted",
                state(view().addDeleted(SeqRange.newBuilder().setFromSeq(6).setToSeq(7)))
                        .obsolete(NOTIFICATION));
    }

    @Test
    void what_is_still_news_is_not_obsolete() {
        assertNull(state(view().setReadSeq(6)).obsolete(NOTIFICATION));
        assertNull(state(view().addDeleted(SeqRange.newBuilder().setFromSeq(8).setToSeq(9)))
                .obsolete(NOTIFICATION));
        ConversationEvent edit = ConversationEvent.newBuilder()
                .setMessageEdited(MessageEdited.newBuilder().setSeq(7))
                .build();
        assertNull(state(view(), edit).obsolete(NOTIFICATION));
        assertNull(SendTimeState.UNKNOWN.obsolete(NOTIFICATION));
    }

    @Test
    void a_newer_badge_replaces_that_of_the_notification() {
        assertEquals(1, sent(badge(1, VERSION + 1)));
        assertEquals(3, sent(badge(1, VERSION)));
        assertEquals(3, sent(badge(1, VERSION - 1)));
        assertEquals(3, sent(null));
        assertEquals(3, SendTimeState.UNKNOWN.withBadge(NOTIFICATION).getBadge());
    }

    private static UserBadge badge(long unread, long version) {
        return UserBadge.newBuilder().setUnread(unread).setVersion(version).build();
    }

    private static long sent(@Nullable UserBadge badge) {
        return new SendTimeState(view().build(), List.of(), badge)
                .withBadge(NOTIFICATION)
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

    private static SendTimeState state(ConversationView.Builder view, ConversationEvent... changes) {
        return new SendTimeState(view.build(), List.of(changes), null);
    }
}
