package dev.tidings.processors.conversation;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.rules.ContentText;
import dev.tidings.state.v1.ConversationHead;
import dev.tidings.state.v1.EntryRecord;
import dev.tidings.state.v1.MentionsRecord;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Mentions;
import dev.tidings.v1.MessageEdited;
import dev.tidings.v1.MessageRecalled;
import dev.tidings.v1.MessageSent;

/**
 * The window of recent events: metadata, names and mentions that a conversation keeps to recognize repeated commands, and for
 * edits, recalls, reactions and quotes. The sizes are constants and no settings: with other values the same log would lead to
 * other decisions (decision 6).
 */
final class RecentEvents {

    /** The newest events that are kept in any case. */
    static final int WINDOW = 1024;

    /**
     * Events younger than this are kept, too, however many they are: ten minutes by the time of the log. In a busy group a client
     * that reconnects after half a minute must find the names of its commands.
     */
    static final long WINDOW_MILLIS = 600_000;

    /** Messages with mentions whose mentions are kept beyond the window. */
    static final int MENTIONS_KEPT = 1024;

    /** The beginning of a message's text that is kept for quotes. */
    static final int EXCERPT_BYTES = 160;

    /** Reactions that one event deletes at most. Each reaction was an event, so they are deleted faster than they are added. */
    private static final int REACTIONS_DELETED_PER_EVENT = 32;

    /** Entries that one event deletes at most: after a burst the window shrinks as fast as it grew. */
    private static final int ENTRIES_DELETED_PER_EVENT = 2;

    private RecentEvents() {}

    /** Keeps the mentions of a new message. Call it before {@link #append}. */
    static void applySent(Conversation.Mutable conversation, ConversationEvent event) {
        MessageSent sent = event.getMessageSent();
        if (isAny(sent.getMentions())) {
            boolean countable = event.getMessageIndex() > conversation.head().getMessageIndex();
            replaceMentions(conversation, event.getSeq(), event.getMessageIndex(), countable, sent.getMentions());
        }
    }

    static void applyEdited(Conversation.Mutable conversation, MessageEdited edited) {
        EntryRecord entry = conversation.entry(edited.getSeq());
        if (entry == null) {
            return;
        }
        String excerpt = ContentText.excerpt(edited.getContent(), EXCERPT_BYTES);
        if (!excerpt.equals(entry.getExcerpt())) {
            conversation.updateEntry(
                    edited.getSeq(), entry.toBuilder().setExcerpt(excerpt).build());
        }
        if (isAny(edited.getMentions()) || isAny(edited.getPreviousMentions())) {
            replaceMentions(
                    conversation, edited.getSeq(), entry.getMessageIndex(), entry.getCountable(), edited.getMentions());
        }
    }

    private static void replaceMentions(
            Conversation.Mutable conversation, long seq, long messageIndex, boolean countable, Mentions mentions) {
        boolean before = isAny(conversation.mentions(seq).getMentions());
        boolean now = isAny(mentions);
        if (now) {
            conversation.putMentions(
                    seq,
                    MentionsRecord.newBuilder()
                            .setMentions(mentions)
                            .setMessageIndex(messageIndex)
                            .setCountable(countable)
                            .build());
        } else if (before) {
            conversation.deleteMentions(seq);
        }
        if (now != before) {
            ConversationHead head = conversation.head();
            conversation.putHead(head.toBuilder()
                    .setMentionsKept(head.getMentionsKept() + (now ? 1 : -1))
                    .build());
        }
        if (now && !before) {
            deleteOldestMentions(conversation);
        }
    }

    private static boolean isAny(Mentions mentions) {
        return mentions.getAll() || mentions.getUserIdsCount() > 0;
    }

    /** Deletes the oldest mentions beyond the limit, but not those of a message that can still be edited. */
    private static void deleteOldestMentions(Conversation.Mutable conversation) {
        ConversationHead.Builder head = conversation.head().toBuilder();
        for (int i = 0; i < ENTRIES_DELETED_PER_EVENT && head.getMentionsKept() > MENTIONS_KEPT; i++) {
            long oldest = conversation.firstMentions(head.getOldestMentionsSeq());
            if (oldest == 0 || oldest >= head.getOldestSeq()) {
                break;
            }
            conversation.deleteMentions(oldest);
            head.setMentionsKept(head.getMentionsKept() - 1).setOldestMentionsSeq(oldest + 1);
        }
        if (!head.build().equals(conversation.head())) {
            conversation.putHead(head.build());
        }
    }

    static void applyRecalled(Conversation.Mutable conversation, MessageRecalled recalled) {
        if (isAny(recalled.getMentions())) {
            replaceMentions(conversation, recalled.getSeq(), 0, false, Mentions.getDefaultInstance());
        }
        EntryRecord entry = conversation.entry(recalled.getSeq());
        if (entry != null) {
            conversation.updateEntry(
                    recalled.getSeq(),
                    entry.toBuilder().setRecalled(true).clearExcerpt().build());
        }
    }

    /** Adds an event of the sequence, and deletes entries that leave the window. */
    static void append(Conversation.Mutable conversation, ConversationEvent event, CommandName name) {
        ConversationHead head = conversation.head();
        boolean countable = event.getMessageIndex() > head.getMessageIndex();
        ConversationHead.Builder next = head.toBuilder()
                .setLastSeq(event.getSeq())
                .setMessageIndex(event.getMessageIndex())
                .setOldestSeq(deleteOldest(conversation, event));
        DeliveredPositions.apply(next, event);
        conversation.putHead(next.build());
        conversation.putEntry(event.getSeq(), entry(event, countable, name));
    }

    /**
     * Deletes the oldest entries that are outside the window, with their names and reactions.
     *
     * @return the seq of the oldest entry that is kept
     */
    private static long deleteOldest(Conversation.Mutable conversation, ConversationEvent now) {
        long oldest = Math.max(1, conversation.head().getOldestSeq());
        long until = Math.min(oldest + ENTRIES_DELETED_PER_EVENT - 1, now.getSeq() - WINDOW);
        while (oldest <= until) {
            EntryRecord entry = conversation.entry(oldest);
            if (entry != null) {
                if (millisBetween(entry.getSentAt(), now.getSentAt()) < WINDOW_MILLIS) {
                    return oldest;
                }
                if (entry.getReacted() && !conversation.deleteReactions(oldest, REACTIONS_DELETED_PER_EVENT)) {
                    return oldest;
                }
                conversation.deleteEntry(oldest);
            }
            oldest++;
        }
        return oldest;
    }

    private static long millisBetween(Timestamp from, Timestamp to) {
        return Timestamps.toMillis(to) - Timestamps.toMillis(from);
    }

    private static EntryRecord entry(ConversationEvent event, boolean countable, CommandName name) {
        EntryRecord.Builder entry = EntryRecord.newBuilder()
                .setSender(name.scope())
                .setClientMsgId(name.name())
                .setMessageIndex(event.getMessageIndex())
                .setSentAt(event.getSentAt())
                .setCountable(countable);
        if (event.hasMessageSent()) {
            MessageSent sent = event.getMessageSent();
            entry.setMessageId(sent.getMessageId())
                    .setMasked(sent.getMasked())
                    .setExcerpt(ContentText.excerpt(sent.getContent(), EXCERPT_BYTES));
            if (sent.hasExpiresAt()) {
                entry.setExpiresAt(sent.getExpiresAt());
            }
        } else {
            entry.setMasked(event.getMessageEdited().getMasked());
        }
        return entry.build();
    }
}
