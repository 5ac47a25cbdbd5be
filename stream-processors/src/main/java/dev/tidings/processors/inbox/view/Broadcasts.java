package dev.tidings.processors.inbox.view;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.notification.NotifiableMessages;
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
 * Keeps broadcasts once for all users of a partition. A user's own view of a broadcast holds only the user's own state,
 * such as the read position.
 */
public final class Broadcasts {

    /** The largest number of broadcasts; beyond it, those with the oldest last message are dropped. */
    public static final int MAX_BROADCASTS = 100;

    /**
     * The time after its last message from which a broadcast is dropped, when the next message of any broadcast
     * arrives.
     */
    public static final Duration KEPT = Durations.fromDays(90);

    private static final String PREFIX = "b:";

    private Broadcasts() {}

    public static boolean isBroadcast(String conversationId) {
        return conversationId.startsWith(PREFIX);
    }

    /**
     * Returns the broadcast after an event, or the same instance if the event has been applied before. If the broadcast
     * was dropped meanwhile, its earlier messages count as unread for no user.
     *
     * @param version given to the broadcast if it changes
     */
    public static BroadcastRecord apply(BroadcastRecord broadcast, ConversationEvent event, long version) {
        if (!isBroadcast(event.getConversationId())) {
            throw new IllegalArgumentException(event.getConversationId() + " is not a broadcast");
        }
        if (event.getBodyCase() == ConversationEvent.BodyCase.BODY_NOT_SET) {
            throw new IllegalArgumentException("event has no body");
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
            NotifiableMessages.withoutName(sent).ifPresentOrElse(next::setNotable, next::clearNotable);
            if (UnreadCounts.expires(sent)) {
                List<ExpiringMessage> expiring =
                        UnreadCounts.withExpiring(next.getExpiringList(), event.getMessageIndex(), sent.getExpiresAt());
                next.clearExpiring().addAllExpiring(expiring);
            }
        } else if (event.hasMessageRecalled() && event.getMessageRecalled().getCountable()) {
            List<Long> recalled = UnreadCounts.with(
                    broadcast.getRecalledIndexesList(),
                    event.getMessageRecalled().getMessageIndex());
            next.clearRecalledIndexes().addAllRecalledIndexes(recalled);
        }
        return next.build();
    }

    /** Returns the own view of a new user: no earlier message is unread. */
    public static ViewRecord joined(ViewRecord own, BroadcastRecord broadcast) {
        return own.toBuilder().setJoinedIndex(broadcast.getLastIndex()).build();
    }

    /** Returns the own view of a user who hides the broadcast until its next message. */
    public static ViewRecord hidden(ViewRecord own, BroadcastRecord broadcast) {
        return own.toBuilder()
                .setHidden(true)
                .setLastMessage(MessagePreview.newBuilder()
                        .setSeq(broadcast.getLastMessage().getSeq()))
                .build();
    }

    /** Returns the broadcast as the user sees it: the shared state joined with the user's own view. */
    public static ViewRecord seen(BroadcastRecord broadcast, ViewRecord own) {
        boolean saysNothingNew =
                broadcast.getLastMessage().getSeq() <= own.getLastMessage().getSeq();
        ViewRecord.Builder seen = own.toBuilder()
                .setHidden(own.getHidden() && saysNothingNew)
                .setLastSeq(broadcast.getLastSeq())
                .setLastIndex(broadcast.getLastIndex())
                .setJoinedIndex(Math.max(own.getJoinedIndex(), broadcast.getBaseIndex()))
                .setVersion(Math.max(own.getVersion(), broadcast.getVersion()))
                .setUpdatedAt(later(broadcast.getUpdatedAt(), own.getUpdatedAt()));
        long counted = UnreadCounts.countedIndex(seen);
        seen.addAllRecalledIndexes(UnreadCounts.beyond(broadcast.getRecalledIndexesList(), counted));
        seen.addAllExpiring(UnreadCounts.expiringBeyond(broadcast.getExpiringList(), counted));
        if (broadcast.hasLastMessage()) {
            seen.setLastMessage(broadcast.getLastMessage());
        }
        if (broadcast.hasNotable()
                && !UnreadCounts.isDeleted(own, broadcast.getLastMessage().getSeq())) {
            seen.setNotable(broadcast.getNotable());
        }
        return seen.build();
    }

    /**
     * Returns the ids of the broadcasts to drop, in ascending order: those older than {@link #KEPT}, and the oldest
     * beyond {@link #MAX_BROADCASTS}.
     */
    public static List<String> forgotten(SortedMap<String, BroadcastRecord> broadcasts, Timestamp now) {
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
