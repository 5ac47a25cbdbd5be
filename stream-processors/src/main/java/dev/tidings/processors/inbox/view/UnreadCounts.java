package dev.tidings.processors.inbox.view;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.store.SeqRanges;
import dev.tidings.schemas.event.EventFacts;
import dev.tidings.state.v1.ExpiringMessage;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.state.v1.ViewRecordOrBuilder;
import dev.tidings.v1.MessageRecalled;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.MessagesDeleted;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Computes a user's unread counts from message indexes. Nothing is counted up or down, so a repeated event cannot count
 * twice. Expiry depends on the time of the reading record and is not stored.
 */
public final class UnreadCounts {

    /**
     * The largest number of recalled, deleted, expiring and mentioning messages that a view keeps of each kind; beyond
     * it, the oldest are dropped.
     */
    static final int MAX_INDEXES = 1024;

    private UnreadCounts() {}

    /**
     * Returns the index up to which messages do not count: the user has read, answered or deleted them, or joined
     * later.
     */
    static long countedIndex(ViewRecordOrBuilder view) {
        return Math.max(
                Math.max(view.getReadIndex(), view.getOwnIndex()),
                Math.max(view.getJoinedIndex(), view.getDeletedIndex()));
    }

    /**
     * Returns the number of unread messages.
     *
     * @param at the time in the log; messages expired by then do not count
     */
    public static long messages(ViewRecord view, Timestamp at) {
        if (Invitations.isPending(view)) {
            return 0;
        }
        boolean onlyRecalled = view.getDeletedIndexesCount() == 0 && view.getExpiringCount() == 0;
        int gone =
                onlyRecalled ? view.getRecalledIndexesCount() : gone(view, at).size();
        return Math.max(0, view.getLastIndex() - countedIndex(view) - gone);
    }

    /** Returns the number of unread messages that the view adds to the badge. */
    public static long inBadge(ViewRecord view, Timestamp at) {
        return view.getMuted() || view.getHidden() ? 0 : messages(view, at);
    }

    /** Returns the number of unread messages that mention the user. */
    public static long mentions(ViewRecord view, Timestamp at) {
        if (view.getMentionIndexesCount() == 0 || Invitations.isPending(view)) {
            return 0;
        }
        Set<Long> gone = gone(view, at);
        return view.getMentionIndexesList().stream()
                .filter(index -> !gone.contains(index))
                .count();
    }

    /** Returns true if an unread message has expired: the view then looks different without a change. */
    public static boolean hasExpired(ViewRecord view, Timestamp at) {
        return view.getExpiringList().stream().anyMatch(message -> isPast(message, Timestamps.toMillis(at)));
    }

    static void mention(ViewRecord.Builder view, long messageIndex) {
        mention(view, List.of(messageIndex));
    }

    static void mention(ViewRecord.Builder view, List<Long> messageIndexes) {
        List<Long> indexes = union(view.getMentionIndexesList(), messageIndexes);
        view.clearMentionIndexes().addAllMentionIndexes(indexes);
    }

    static void unmention(ViewRecord.Builder view, long messageIndex) {
        List<Long> indexes = view.getMentionIndexesList().stream()
                .filter(mention -> mention != messageIndex)
                .toList();
        view.clearMentionIndexes().addAllMentionIndexes(indexes);
    }

    /** Records when another user's message expires. Does nothing if it never expires. */
    static void expire(ViewRecord.Builder view, long messageIndex, MessageSent sent) {
        if (expires(sent)) {
            List<ExpiringMessage> expiring = withExpiring(view.getExpiringList(), messageIndex, sent.getExpiresAt());
            view.clearExpiring().addAllExpiring(expiring);
        }
    }

    /** Records when further messages expire, ascending by index and after all that the view has. */
    static void expire(ViewRecord.Builder view, List<ExpiringMessage> further) {
        List<ExpiringMessage> expiring = new ArrayList<>(view.getExpiringList());
        expiring.addAll(further);
        view.clearExpiring().addAllExpiring(newest(expiring));
    }

    /** Returns true if the message counts as unread until a time. */
    static boolean expires(MessageSent sent) {
        return sent.hasExpiresAt() && EventFacts.countsAsUnread(sent);
    }

    /** Returns the expiry of a known unread message; empty if it never expires. */
    public static Optional<Timestamp> expiry(ViewRecord view, long messageIndex) {
        return view.getExpiringList().stream()
                .filter(message -> message.getMessageIndex() == messageIndex)
                .findFirst()
                .map(message -> Timestamps.fromMillis(message.getExpiresAtMillis()));
    }

    /**
     * Applies a recall. A message that did not count shares its index with the message before it, which still counts.
     */
    static void recall(ViewRecord.Builder view, MessageRecalled recalled) {
        if (recalled.getCountable()) {
            recall(view, List.of(recalled.getMessageIndex()));
        }
    }

    /** Applies the recalls of the countable messages at these indexes, as far as they are unread. */
    static void recall(ViewRecord.Builder view, List<Long> recalled) {
        List<Long> unread = beyond(recalled, countedIndex(view));
        if (unread.isEmpty()) {
            return;
        }
        List<Long> indexes = union(view.getRecalledIndexesList(), unread);
        view.clearRecalledIndexes().addAllRecalledIndexes(indexes);
        List<Long> mentions = view.getMentionIndexesList().stream()
                .filter(mention -> !unread.contains(mention))
                .toList();
        view.clearMentionIndexes().addAllMentionIndexes(mentions);
    }

    /** Applies the deletion of messages by the user for themselves. */
    public static void delete(ViewRecord.Builder view, MessagesDeleted deleted) {
        view.setDeletedIndex(Math.max(view.getDeletedIndex(), deleted.getUpToIndex()));
        List<Long> indexes = view.getDeletedIndexesList();
        for (long index : deleted.getMessageIndexesList()) {
            indexes = with(indexes, index);
            unmention(view, index);
        }
        view.clearDeletedIndexes().addAllDeletedIndexes(List.copyOf(indexes));
    }

    /** Returns true if the user has deleted the event at this seq for themselves. */
    static boolean isDeleted(ViewRecordOrBuilder view, long seq) {
        return SeqRanges.contains(view.getDeletedList(), seq);
    }

    /** Drops single messages up to the index from which messages count. */
    static void forgetWhatCounted(ViewRecord.Builder view) {
        long counted = countedIndex(view);
        if (view.getRecalledIndexesCount() > 0 && view.getRecalledIndexes(0) <= counted) {
            List<Long> indexes = beyond(view.getRecalledIndexesList(), counted);
            view.clearRecalledIndexes().addAllRecalledIndexes(indexes);
        }
        if (view.getDeletedIndexesCount() > 0 && view.getDeletedIndexes(0) <= counted) {
            List<Long> indexes = beyond(view.getDeletedIndexesList(), counted);
            view.clearDeletedIndexes().addAllDeletedIndexes(indexes);
        }
        if (view.getMentionIndexesCount() > 0 && view.getMentionIndexes(0) <= counted) {
            List<Long> indexes = beyond(view.getMentionIndexesList(), counted);
            view.clearMentionIndexes().addAllMentionIndexes(indexes);
        }
        if (view.getExpiringCount() > 0 && view.getExpiring(0).getMessageIndex() <= counted) {
            List<ExpiringMessage> expiring = expiringBeyond(view.getExpiringList(), counted);
            view.clearExpiring().addAllExpiring(expiring);
        }
    }

    /** Returns the indexes with this one, in ascending order; drops the oldest beyond {@link #MAX_INDEXES}. */
    static List<Long> with(List<Long> ascending, long index) {
        int found = Collections.binarySearch(ascending, index);
        if (found >= 0) {
            return List.copyOf(ascending);
        }
        List<Long> indexes = new ArrayList<>(ascending);
        indexes.add(-found - 1, index);
        return newest(indexes);
    }

    private static List<Long> union(List<Long> ascending, List<Long> further) {
        TreeSet<Long> union = new TreeSet<>(ascending);
        union.addAll(further);
        return newest(List.copyOf(union));
    }

    static List<Long> beyond(List<Long> indexes, long counted) {
        return indexes.stream().filter(index -> index > counted).toList();
    }

    /** Returns the messages with this one as the last; drops the oldest beyond {@link #MAX_INDEXES}. */
    static List<ExpiringMessage> withExpiring(List<ExpiringMessage> ascending, long messageIndex, Timestamp expiresAt) {
        List<ExpiringMessage> expiring = new ArrayList<>(ascending);
        expiring.add(ExpiringMessage.newBuilder()
                .setMessageIndex(messageIndex)
                .setExpiresAtMillis(Timestamps.toMillis(expiresAt))
                .build());
        return newest(expiring);
    }

    private static <T> List<T> newest(List<T> ascending) {
        return ascending.subList(Math.max(0, ascending.size() - MAX_INDEXES), ascending.size());
    }

    static List<ExpiringMessage> expiringBeyond(List<ExpiringMessage> expiring, long counted) {
        return expiring.stream()
                .filter(message -> message.getMessageIndex() > counted)
                .toList();
    }

    /** Returns the distinct indexes of unread messages that are recalled, deleted or expired. */
    private static Set<Long> gone(ViewRecord view, Timestamp at) {
        TreeSet<Long> gone = new TreeSet<>(view.getRecalledIndexesList());
        gone.addAll(view.getDeletedIndexesList());
        long atMillis = Timestamps.toMillis(at);
        for (ExpiringMessage message : view.getExpiringList()) {
            if (isPast(message, atMillis)) {
                gone.add(message.getMessageIndex());
            }
        }
        return gone;
    }

    private static boolean isPast(ExpiringMessage message, long atMillis) {
        return message.getExpiresAtMillis() <= atMillis;
    }
}
