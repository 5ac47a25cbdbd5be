package dev.tidings.processors.inbox;

import dev.tidings.state.v1.ViewRecord;
import dev.tidings.state.v1.ViewRecordOrBuilder;
import dev.tidings.v1.MessageRecalled;
import dev.tidings.v1.MessageSent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What a user has not read yet, as arithmetic on message indexes: never counted up and down, so that an event that comes
 * twice cannot count twice.
 */
final class Unread {

    /** More recalled messages or mentions than these, and the oldest are forgotten. */
    static final int MAX_INDEXES = 1024;

    private Unread() {}

    /** Messages up to this index do not count: the user has read them, answered them, or came only later. */
    static long countedIndex(ViewRecordOrBuilder view) {
        return Math.max(Math.max(view.getReadIndex(), view.getOwnIndex()), view.getJoinedIndex());
    }

    static long messages(ViewRecordOrBuilder view) {
        return Math.max(0, view.getLastIndex() - countedIndex(view) - view.getRecalledIndexesCount());
    }

    /** What the view adds to the number on the application's icon. */
    static long inBadge(ViewRecordOrBuilder view) {
        return view.getMuted() ? 0 : messages(view);
    }

    /** Of the unread messages, those that mention the user. */
    static long mentions(ViewRecordOrBuilder view) {
        return view.getMentionIndexesCount();
    }

    /** Whether a message of someone else calls the user by name, and counts. */
    static boolean isCalled(String userId, MessageSent sent) {
        return sent.hasMentions()
                && !sent.getFlags().getNoUnread()
                && (sent.getMentions().getAll()
                        || sent.getMentions().getUserIdsList().contains(userId));
    }

    static void mention(ViewRecord.Builder view, long messageIndex) {
        List<Long> indexes = with(view.getMentionIndexesList(), messageIndex);
        view.clearMentionIndexes().addAllMentionIndexes(indexes);
    }

    /** A message that did not count shares its index with the one before it, which stays. */
    static void recall(ViewRecord.Builder view, MessageRecalled recalled) {
        long index = recalled.getMessageIndex();
        if (!recalled.getCountable() || index <= countedIndex(view)) {
            return;
        }
        List<Long> indexes = with(view.getRecalledIndexesList(), index);
        view.clearRecalledIndexes().addAllRecalledIndexes(indexes);
        List<Long> mentions = view.getMentionIndexesList().stream()
                .filter(mention -> mention != index)
                .toList();
        view.clearMentionIndexes().addAllMentionIndexes(mentions);
    }

    /** Single messages need not be known any more once what comes after them has been read. */
    static void forgetWhatCounted(ViewRecord.Builder view) {
        long counted = countedIndex(view);
        if (view.getRecalledIndexesCount() > 0 && view.getRecalledIndexes(0) <= counted) {
            List<Long> indexes = beyond(view.getRecalledIndexesList(), counted);
            view.clearRecalledIndexes().addAllRecalledIndexes(indexes);
        }
        if (view.getMentionIndexesCount() > 0 && view.getMentionIndexes(0) <= counted) {
            List<Long> indexes = beyond(view.getMentionIndexesList(), counted);
            view.clearMentionIndexes().addAllMentionIndexes(indexes);
        }
    }

    /** With this one in its place; the newest where there are too many. */
    static List<Long> with(List<Long> ascending, long index) {
        int found = Collections.binarySearch(ascending, index);
        if (found >= 0) {
            return List.copyOf(ascending);
        }
        List<Long> indexes = new ArrayList<>(ascending);
        indexes.add(-found - 1, index);
        return indexes.size() > MAX_INDEXES ? indexes.subList(1, indexes.size()) : indexes;
    }

    static List<Long> beyond(List<Long> indexes, long counted) {
        return indexes.stream().filter(index -> index > counted).toList();
    }
}
