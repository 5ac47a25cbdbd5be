package dev.tidings.processors;

import com.google.protobuf.util.Timestamps;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Mentions;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.SeqRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Counts unread messages from all events, without indexes: the reference for the incremental computation.
 *
 * @param messages of other users that count, were neither recalled nor deleted by the user for themselves, and came
 *     after the user's read position, last own message and joining
 * @param mentions those of these messages that mention the user after their edits
 */
public record UnreadRecount(long messages, long mentions) {

    /** @param events all events of one conversation that the user received */
    public static UnreadRecount of(String userId, Iterable<ConversationEvent> events) {
        return of(userId, 0, events);
    }

    /** @param readSeq the user's read position, if the events do not contain it */
    public static UnreadRecount of(String userId, long readSeq, Iterable<ConversationEvent> events) {
        return of(userId, readSeq, List.of(), 0, events);
    }

    /**
     * @param alreadyDeleted ranges that the user has deleted for themselves, if the events do not contain them
     * @param atMillis messages expired by then do not count
     */
    public static UnreadRecount of(
            String userId,
            long readSeq,
            List<SeqRange> alreadyDeleted,
            long atMillis,
            Iterable<ConversationEvent> events) {
        long countFrom = readSeq;
        Set<Long> recalled = new HashSet<>();
        Map<Long, Mentions> edited = new HashMap<>();
        List<SeqRange> deleted = new ArrayList<>(alreadyDeleted);
        for (ConversationEvent event : events) {
            if (event.getMessageSent().getSender().equals(userId) || isComing(userId, event)) {
                countFrom = Math.max(countFrom, event.getSeq());
            }
            if (event.getReadAdvanced().getUserId().equals(userId)) {
                countFrom = Math.max(countFrom, event.getReadAdvanced().getReadSeq());
            }
            if (event.hasMessageRecalled()) {
                recalled.add(event.getMessageRecalled().getSeq());
            }
            if (event.hasMessageEdited()) {
                edited.put(
                        event.getMessageEdited().getSeq(),
                        event.getMessageEdited().getMentions());
            }
            if (event.getMessagesDeleted().getUserId().equals(userId)) {
                deleted.addAll(event.getMessagesDeleted().getRangesList());
            }
        }
        long messages = 0;
        long mentions = 0;
        for (ConversationEvent event : events) {
            if (event.hasMessageSent()
                    && event.getSeq() > countFrom
                    && !event.getMessageSent().getFlags().getNoUnread()
                    && !recalled.contains(event.getSeq())
                    && !hasExpired(event.getMessageSent(), atMillis)
                    && deleted.stream()
                            .noneMatch(range ->
                                    range.getFromSeq() <= event.getSeq() && event.getSeq() <= range.getToSeq())) {
                messages++;
                Mentions called = edited.getOrDefault(
                        event.getSeq(), event.getMessageSent().getMentions());
                mentions += called.getAll() || called.getUserIdsList().contains(userId) ? 1 : 0;
            }
        }
        return new UnreadRecount(messages, mentions);
    }

    public static boolean hasExpired(MessageSent sent, long atMillis) {
        return sent.hasExpiresAt() && Timestamps.toMillis(sent.getExpiresAt()) <= atMillis;
    }

    /** Returns true if the user joins a group by this event. */
    public static boolean isComing(String userId, ConversationEvent event) {
        return event.getGroupCreated().getMembersList().contains(userId)
                || event.getMembersAdded().getUserIdsList().contains(userId);
    }

    /** Returns true if the user leaves a group by this event. */
    public static boolean isGoing(String userId, ConversationEvent event) {
        return event.getMemberLeft().getUserId().equals(userId)
                || event.getMembersRemoved().getUserIdsList().contains(userId);
    }
}
