package dev.tidings.processors.inbox.view;

import dev.tidings.schemas.event.EventFacts;
import dev.tidings.state.v1.NotableMessage;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.Mentions;
import dev.tidings.v1.MessageEdited;
import dev.tidings.v1.MessageSent;
import java.util.List;
import java.util.Set;

/** Keeps the messages that mention a user, after all edits: an edit adds and removes mentions. */
public final class MentionRules {

    private MentionRules() {}

    public static boolean isByName(String userId, Mentions mentions) {
        return mentions.getUserIdsList().contains(userId);
    }

    static boolean isMentioned(String userId, Mentions mentions) {
        return mentions.getAll() || isByName(userId, mentions);
    }

    /** Returns true if another user's message mentions the user and counts as unread. */
    static boolean isCountedMention(String userId, MessageSent sent) {
        return EventFacts.countsAsUnread(sent) && isMentioned(userId, sent.getMentions());
    }

    /** Returns the author of a message or an edit that mentions the user; empty if the event does not mention them. */
    public static String author(String userId, ConversationEvent event) {
        if (isMentioned(userId, event.getMessageSent().getMentions())) {
            return event.getMessageSent().getSender();
        }
        return isMentioned(userId, event.getMessageEdited().getMentions())
                ? event.getMessageEdited().getSender()
                : "";
    }

    /** Returns the event without its mentions, for a user who has blocked its author. */
    public static InboxRecord withoutMentions(InboxRecord inbox) {
        InboxRecord.Builder without = inbox.toBuilder();
        if (inbox.getEvent().hasMessageSent()) {
            without.getEventBuilder().getMessageSentBuilder().clearMentions();
        } else if (inbox.getEvent().hasMessageEdited()) {
            without.getEventBuilder().getMessageEditedBuilder().clearMentions();
        }
        return without.build();
    }

    /**
     * Applies an edit: another user's message mentions the users of its newest edit. Read, recalled and deleted
     * messages do not change.
     */
    static void edit(ViewRecord.Builder view, String userId, MessageEdited edited) {
        if (edited.getSender().equals(userId) || UnreadCounts.isDeleted(view, edited.getSeq())) {
            return;
        }
        boolean mentioned = isMentioned(userId, edited.getMentions());
        if (edited.getCountable() && mentioned) {
            mentionUnread(view, List.of(edited.getMessageIndex()));
        } else if (edited.getCountable()) {
            UnreadCounts.unmention(view, edited.getMessageIndex());
        }
        if (view.hasNotable() && view.getLastMessage().getSeq() == edited.getSeq()) {
            renote(view, userId, edited);
        }
    }

    /** Returns true if the event adds a mention of the user to an unread message. */
    public static boolean isNewlyMentioned(ConversationEvent event, ViewRecord before, ViewRecord after) {
        long index = event.getMessageEdited().getMessageIndex();
        return event.hasMessageEdited()
                && after.getMentionIndexesList().contains(index)
                && !before.getMentionIndexesList().contains(index);
    }

    /** Records mentions by the countable messages at these indexes, as far as they are neither read nor recalled. */
    static void mentionUnread(ViewRecord.Builder view, List<Long> messageIndexes) {
        long counted = UnreadCounts.countedIndex(view);
        Set<Long> recalled = Set.copyOf(view.getRecalledIndexesList());
        List<Long> unread = messageIndexes.stream()
                .filter(index -> index > counted && !recalled.contains(index))
                .toList();
        if (!unread.isEmpty()) {
            UnreadCounts.mention(view, unread);
        }
    }

    /**
     * Updates the notable message: a message that does not count as unread is notable only while it mentions the user
     * by name.
     */
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
