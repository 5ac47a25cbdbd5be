package dev.tidings.processors.inbox;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.notification.Notable;
import dev.tidings.schemas.event.EventFacts;
import dev.tidings.state.v1.BroadcastRecord;
import dev.tidings.state.v1.ExpiringMessage;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.MessagePreview;
import dev.tidings.v1.MessageSent;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Broadcasts, which are kept once for all users: a user's own view of one holds only what is the user's own, such as how
 * far he has read.
 */
final class Broadcasts {

    /** More broadcasts than these, and the one that has been silent for longest is forgotten. */
    static final int MAX_BROADCASTS = 100;

    /** Broadcasts that have been silent for longer are forgotten when another one speaks. */
    static final Duration KEPT = Durations.fromDays(90);

    private static final String PREFIX = "b:";

    private Broadcasts() {}

    static boolean isBroadcast(String conversationId) {
        return conversationId.startsWith(PREFIX);
    }

    /**
     * The broadcast after an event; the very same where the event has been applied before. Of a broadcast that was forgotten,
     * what was said before counts for no user.
     *
     * @param version given to the broadcast if it changes
     */
    static BroadcastRecord apply(BroadcastRecord broadcast, ConversationEvent event, long version) {
        if (!isBroadcast(event.getConversationId())) {
            throw new IllegalArgumentException(event.getConversationId() + " is not for everyone");
        }
        if (event.getBodyCase() == ConversationEvent.BodyCase.BODY_NOT_SET) {
            throw new IllegalArgumentException("event without a body");
        }
        if (event.getSeq() <= broadcast.getLastSeq()) {
            return broadcast;
        }
        BroadcastRecord.Builder next = broadcast.toBuilder()
                .setVersion(version)
                .setLastSeq(event.getSeq())
                .setLastIndex(Math.max(broadcast.getLastIndex(), event.getMessageIndex()))
                .setUpdatedAt(event.getSentAt());
        if (broadcast.getLastSeq() == 0) {
            boolean counts = event.hasMessageSent() && EventFacts.countsAsUnread(event.getMessageSent());
            next.setBaseIndex(Math.max(0, event.getMessageIndex() - (counts ? 1 : 0)));
        }
        MessagePreview last = Previews.after(broadcast.getLastMessage(), event);
        if (last.getSeq() > 0) {
            next.setLastMessage(last);
        }
        if (event.hasMessageSent()) {
            MessageSent sent = event.getMessageSent();
            Notable.ofBroadcast(sent).ifPresentOrElse(next::setNotable, next::clearNotable);
            if (sent.hasExpiresAt() && EventFacts.countsAsUnread(sent)) {
                List<ExpiringMessage> expiring =
                        Unread.withExpiring(next.getExpiringList(), event.getMessageIndex(), sent.getExpiresAt());
                next.clearExpiring().addAllExpiring(expiring);
            }
        } else if (event.hasMessageRecalled() && event.getMessageRecalled().getCountable()) {
            List<Long> recalled = Unread.with(
                    broadcast.getRecalledIndexesList(),
                    event.getMessageRecalled().getMessageIndex());
            next.clearRecalledIndexes().addAllRecalledIndexes(recalled);
        }
        return next.build();
    }

    /** The own view of a user who comes only now: nothing that has been said is unread. */
    static ViewRecord joined(ViewRecord own, BroadcastRecord broadcast) {
        return own.toBuilder().setJoinedIndex(broadcast.getLastIndex()).build();
    }

    /** The own view of a user who does not want to see the broadcast in lists, until it says something new. */
    static ViewRecord hidden(ViewRecord own, BroadcastRecord broadcast) {
        return own.toBuilder()
                .setHidden(true)
                .setLastMessage(MessagePreview.newBuilder()
                        .setSeq(broadcast.getLastMessage().getSeq()))
                .build();
    }

    /** What the user sees, of a broadcast and of what is his own. */
    static ViewRecord seen(BroadcastRecord broadcast, ViewRecord own) {
        boolean saysNothingNew =
                broadcast.getLastMessage().getSeq() <= own.getLastMessage().getSeq();
        ViewRecord.Builder seen = own.toBuilder()
                .setHidden(own.getHidden() && saysNothingNew)
                .setLastSeq(broadcast.getLastSeq())
                .setLastIndex(broadcast.getLastIndex())
                .setJoinedIndex(Math.max(own.getJoinedIndex(), broadcast.getBaseIndex()))
                .setVersion(Math.max(own.getVersion(), broadcast.getVersion()))
                .setUpdatedAt(later(broadcast.getUpdatedAt(), own.getUpdatedAt()));
        long counted = Unread.countedIndex(seen);
        seen.addAllRecalledIndexes(Unread.beyond(broadcast.getRecalledIndexesList(), counted));
        seen.addAllExpiring(Unread.expiringBeyond(broadcast.getExpiringList(), counted));
        if (broadcast.hasLastMessage()) {
            seen.setLastMessage(broadcast.getLastMessage());
        }
        if (broadcast.hasNotable()
                && !Unread.isDeleted(own, broadcast.getLastMessage().getSeq())) {
            seen.setNotable(broadcast.getNotable());
        }
        return seen.build();
    }

    /**
     * The broadcasts to forget, in the order of their ids, now that this one has spoken: those that have been silent for too
     * long, and beyond the limit those silent for longest.
     */
    static List<String> forgotten(SortedMap<String, BroadcastRecord> broadcasts, Timestamp now) {
        Timestamp oldest = Timestamps.subtract(now, KEPT);
        List<String> newestFirst = broadcasts.entrySet().stream()
                .filter(entry -> Timestamps.compare(entry.getValue().getUpdatedAt(), oldest) >= 0)
                .sorted(Comparator.comparing(
                                (Map.Entry<String, BroadcastRecord> entry) ->
                                        entry.getValue().getUpdatedAt(),
                                Timestamps.comparator())
                        .reversed()
                        .thenComparing(Map.Entry::getKey))
                .limit(MAX_BROADCASTS)
                .map(Map.Entry::getKey)
                .toList();
        return broadcasts.keySet().stream()
                .filter(conversationId -> !newestFirst.contains(conversationId))
                .toList();
    }

    private static Timestamp later(Timestamp one, Timestamp other) {
        return Timestamps.compare(one, other) >= 0 ? one : other;
    }
}
