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

/** What is remembered of the events of a conversation's sequence, and for how long. Part of {@link Evolution}. */
final class RecentEvents {

    /** More reactions are not forgotten by one event. Each of them was an event: so they go faster than they came. */
    private static final int REACTIONS_AT_ONCE = 32;

    private RecentEvents() {}

    /** Before {@link #append}: of a message, whom it mentions. */
    static void sent(Conversation.Evolving conversation, ConversationEvent event) {
        MessageSent sent = event.getMessageSent();
        if (isAny(sent.getMentions())) {
            boolean countable = event.getMessageIndex() > conversation.head().getMessageIndex();
            mentions(conversation, event.getSeq(), event.getMessageIndex(), countable, sent.getMentions());
        }
    }

    static void edited(Conversation.Evolving conversation, MessageEdited edited) {
        EntryRecord entry = conversation.entry(edited.getSeq());
        if (entry == null) {
            return;
        }
        String excerpt = ContentText.excerpt(edited.getContent(), ConversationDecider.EXCERPT_BYTES);
        if (!excerpt.equals(entry.getExcerpt())) {
            conversation.updateEntry(
                    edited.getSeq(), entry.toBuilder().setExcerpt(excerpt).build());
        }
        if (isAny(edited.getMentions()) || isAny(edited.getPreviousMentions())) {
            mentions(
                    conversation, edited.getSeq(), entry.getMessageIndex(), entry.getCountable(), edited.getMentions());
        }
    }

    /** Whom a message mentions from now on, if it mentions any. */
    private static void mentions(
            Conversation.Evolving conversation, long seq, long messageIndex, boolean countable, Mentions mentions) {
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
            conversation.forgetMentions(seq);
        }
        if (now != before) {
            ConversationHead head = conversation.head();
            conversation.putHead(head.toBuilder()
                    .setMentionsKept(head.getMentionsKept() + (now ? 1 : -1))
                    .build());
        }
        if (now && !before) {
            forgetOldestMentions(conversation);
        }
    }

    private static boolean isAny(Mentions mentions) {
        return mentions.getAll() || mentions.getUserIdsCount() > 0;
    }

    /** At most two at a time, as {@link #forgetOldest}, and never those of a message that can still be edited. */
    private static void forgetOldestMentions(Conversation.Evolving conversation) {
        ConversationHead.Builder head = conversation.head().toBuilder();
        for (int i = 0; i < 2 && head.getMentionsKept() > ConversationDecider.MENTIONS_KEPT; i++) {
            long oldest = conversation.firstMentions(head.getOldestMentionsSeq());
            if (oldest == 0 || oldest >= head.getOldestSeq()) {
                break;
            }
            conversation.forgetMentions(oldest);
            head.setMentionsKept(head.getMentionsKept() - 1).setOldestMentionsSeq(oldest + 1);
        }
        if (!head.build().equals(conversation.head())) {
            conversation.putHead(head.build());
        }
    }

    static void recalled(Conversation.Evolving conversation, MessageRecalled recalled) {
        if (isAny(recalled.getMentions())) {
            mentions(conversation, recalled.getSeq(), 0, false, Mentions.getDefaultInstance());
        }
        EntryRecord entry = conversation.entry(recalled.getSeq());
        if (entry != null) {
            conversation.updateEntry(
                    recalled.getSeq(),
                    entry.toBuilder().setRecalled(true).clearExcerpt().build());
        }
    }

    static void append(Conversation.Evolving conversation, ConversationEvent event, CommandName name) {
        ConversationHead head = conversation.head();
        boolean countable = event.getMessageIndex() > head.getMessageIndex();
        conversation.putEntry(event.getSeq(), entry(event, countable, name));
        conversation.putHead(head.toBuilder()
                .setLastSeq(event.getSeq())
                .setMessageIndex(event.getMessageIndex())
                .setOldestSeq(forgetOldest(conversation, event))
                .build());
    }

    /** At most two at a time: so what a burst has left behind goes as fast as it came, and no event pays for all of it. */
    private static long forgetOldest(Conversation.Evolving conversation, ConversationEvent now) {
        long oldest = Math.max(1, conversation.head().getOldestSeq());
        long until = Math.min(oldest + 1, now.getSeq() - ConversationDecider.WINDOW);
        while (oldest <= until) {
            EntryRecord entry = conversation.entry(oldest);
            if (entry != null) {
                if (millisBetween(entry.getSentAt(), now.getSentAt()) < ConversationDecider.WINDOW_MILLIS) {
                    return oldest;
                }
                if (entry.getReacted() && !conversation.forgetReactions(oldest, REACTIONS_AT_ONCE)) {
                    return oldest;
                }
                conversation.forgetEntry(oldest, entry);
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
                    .setExcerpt(ContentText.excerpt(sent.getContent(), ConversationDecider.EXCERPT_BYTES));
            if (sent.hasExpiresAt()) {
                entry.setExpiresAt(sent.getExpiresAt());
            }
        } else {
            entry.setMasked(event.getMessageEdited().getMasked());
        }
        return entry.build();
    }
}
