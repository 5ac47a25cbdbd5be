package dev.tidings.gateway.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ForwardedFrom;
import dev.tidings.v1.Mentions;
import dev.tidings.v1.MessageEdited;
import dev.tidings.v1.MessageRecalled;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.MessageState;
import dev.tidings.v1.ReplyTo;
import dev.tidings.v1.TextContent;
import org.junit.jupiter.api.Test;

class MessageStatesTest {

    private static final ConversationEvent SENT = ConversationEvent.newBuilder()
            .setSeq(5)
            .setMessageSent(MessageSent.newBuilder()
                    .setMessageId("m-5")
                    .setSender("alice")
                    .setContent(text("secret"))
                    .setReplyTo(ReplyTo.newBuilder().setSeq(2).setQuote("secret"))
                    .setForwardedFrom(ForwardedFrom.newBuilder().setConversationId("g:y"))
                    .setMentions(Mentions.newBuilder().addUserIds("bob")))
            .build();

    private static final ConversationEvent EDITED = ConversationEvent.newBuilder()
            .setSeq(7)
            .setMessageEdited(MessageEdited.newBuilder().setSeq(5).setContent(text("better secret")))
            .build();

    private static final ConversationEvent RECALLED = ConversationEvent.newBuilder()
            .setSeq(9)
            .setMessageRecalled(MessageRecalled.newBuilder().setSeq(5).setBy("admin"))
            .build();

    @Test
    void an_edited_message_has_the_content_of_the_edit() {
        MessageSent shown = MessageStates.applied(SENT, EDITED).getMessageSent();

        assertEquals(text("better secret"), shown.getContent());
        assertEquals(MessageState.newBuilder().setEditedSeq(7).build(), shown.getState());
        assertFalse(shown.hasMentions());
        assertEquals(2, shown.getReplyTo().getSeq());
        assertEquals("alice", shown.getSender());
    }

    @Test
    void a_recalled_message_keeps_its_place_without_content() {
        ConversationEvent shown = MessageStates.applied(SENT, RECALLED);

        assertEquals(5, shown.getSeq());
        assertEquals(
                MessageSent.newBuilder()
                        .setMessageId("m-5")
                        .setSender("alice")
                        .setState(MessageState.newBuilder().setRecalledSeq(9).setRecalledBy("admin"))
                        .build(),
                shown.getMessageSent());
    }

    @Test
    void edits_of_a_recalled_message_have_no_content() {
        MessageEdited shown = MessageStates.applied(EDITED, RECALLED).getMessageEdited();

        assertFalse(shown.hasContent());
        assertEquals(5, shown.getSeq());
    }

    @Test
    void an_earlier_edit_keeps_its_content() {
        ConversationEvent later = EDITED.toBuilder().setSeq(8).build();

        assertSame(EDITED, MessageStates.applied(EDITED, later));
    }

    @Test
    void a_recall_is_final_and_otherwise_the_later_change_applies() {
        ConversationEvent later = EDITED.toBuilder().setSeq(11).build();

        assertSame(RECALLED, MessageStates.newer(RECALLED, later));
        assertSame(RECALLED, MessageStates.newer(later, RECALLED));
        assertSame(later, MessageStates.newer(EDITED, later));
        assertSame(later, MessageStates.newer(later, EDITED));
    }

    private static Content text(String body) {
        return Content.newBuilder()
                .setText(TextContent.newBuilder().setBody(body))
                .build();
    }
}
