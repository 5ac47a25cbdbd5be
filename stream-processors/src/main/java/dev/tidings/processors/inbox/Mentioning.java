package dev.tidings.processors.inbox;

import dev.tidings.schemas.event.EventFacts;
import dev.tidings.state.v1.NotableMessage;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.Mentions;
import dev.tidings.v1.MessageEdited;
import dev.tidings.v1.MessageSent;

/** Which messages mention a user, as they stand: an edit adds mentions and takes them away. */
final class Mentioning {

    private Mentioning() {}

    static boolean isByName(String userId, Mentions mentions) {
        return mentions.getUserIdsList().contains(userId);
    }

    static boolean isMentioned(String userId, Mentions mentions) {
        return mentions.getAll() || isByName(userId, mentions);
    }

    /** Whether a message of another user mentions the user and counts as unread. */
    static boolean isCountedMention(String userId, MessageSent sent) {
        return EventFacts.countsAsUnread(sent) && isMentioned(userId, sent.getMentions());
    }

    /** Who mentions the user in a message or an edit; empty where this event mentions them not. */
    static String author(String userId, ConversationEvent event) {
        if (isMentioned(userId, event.getMessageSent().getMentions())) {
            return event.getMessageSent().getSender();
        }
        return isMentioned(userId, event.getMessageEdited().getMentions())
                ? event.getMessageEdited().getSender()
                : "";
    }

    /** The same event for a user who has blocked its author: it mentions nobody. */
    static InboxRecord withoutMentions(InboxRecord inbox) {
        InboxRecord.Builder without = inbox.toBuilder();
        if (inbox.getEvent().hasMessageSent()) {
            without.getEventBuilder().getMessageSentBuilder().clearMentions();
        } else if (inbox.getEvent().hasMessageEdited()) {
            without.getEventBuilder().getMessageEditedBuilder().clearMentions();
        }
        return without.build();
    }

    /** A message of someone else mentions whom its newest edit mentions; what is read or gone stays as it is. */
    static void edit(ViewRecord.Builder view, String userId, MessageEdited edited) {
        if (edited.getSender().equals(userId) || Unread.isDeleted(view, edited.getSeq())) {
            return;
        }
        boolean mentioned = isMentioned(userId, edited.getMentions());
        if (edited.getCountable() && mentioned && isUnread(view, edited.getMessageIndex())) {
            Unread.mention(view, edited.getMessageIndex());
        } else if (edited.getCountable() && !mentioned) {
            Unread.unmention(view, edited.getMessageIndex());
        }
        if (view.hasNotable() && view.getLastMessage().getSeq() == edited.getSeq()) {
            renote(view, userId, edited);
        }
    }

    /** Whether the event has made an unread message mention the user that did not before. */
    static boolean isNewlyMentioned(ConversationEvent event, ViewRecord before, ViewRecord after) {
        long index = event.getMessageEdited().getMessageIndex();
        return event.hasMessageEdited()
                && after.getMentionIndexesList().contains(index)
                && !before.getMentionIndexesList().contains(index);
    }

    private static boolean isUnread(ViewRecord.Builder view, long messageIndex) {
        return messageIndex > Unread.countedIndex(view)
                && !view.getRecalledIndexesList().contains(messageIndex);
    }

    /** A message that does not count is to be notified of only as long as it mentions the user by name. */
    private static void renote(ViewRecord.Builder view, String userId, MessageEdited edited) {
        boolean byName = isByName(userId, edited.getMentions());
        if (!edited.getCountable() && !byName) {
            view.clearNotable();
            return;
        }
        NotableMessage.Builder notable = view.getNotableBuilder();
        notable.setMentioned(isMentioned(userId, edited.getMentions())).setMentionedByName(byName);
    }
}
