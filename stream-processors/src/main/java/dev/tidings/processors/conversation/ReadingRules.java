package dev.tidings.processors.conversation;

import static dev.tidings.schemas.check.CommandCheck.refusal;

import dev.tidings.processors.conversation.Decision.Refused;
import dev.tidings.processors.conversation.Decision.Unchanged;
import dev.tidings.processors.parts.SeqRanges;
import dev.tidings.state.v1.EntryRecord;
import dev.tidings.state.v1.MemberRecord;
import dev.tidings.v1.DeleteForMe;
import dev.tidings.v1.MarkRead;
import dev.tidings.v1.MessagesDeleted;
import dev.tidings.v1.ReadAdvanced;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.SeqRange;
import java.util.ArrayList;
import java.util.List;

/** What a user may say about his own view of a conversation. All of it lies outside the sequence. */
final class ReadingRules {

    /** Stretches of a conversation that one user has deleted. */
    static final int MAX_DELETED_RANGES = 1_000;

    private ReadingRules() {}

    static Decision markRead(Asked asked, MarkRead mark) {
        MemberRecord member = asked.own();
        if (mark.getSeq() > lastSeq(asked, member)) {
            return beyond(mark.getSeq(), lastSeq(asked, member));
        }
        if (mark.getSeq() <= member.getReadSeq()) {
            return new Unchanged();
        }
        return asked.happened(asked.aside()
                .setReadAdvanced(ReadAdvanced.newBuilder()
                        .setUserId(asked.actor())
                        .setReadSeq(mark.getSeq())
                        .setReadIndex(
                                Math.max(member.getReadIndex(), messageIndexAt(asked.conversation(), mark.getSeq())))));
    }

    static Decision deleteForMe(Asked asked, DeleteForMe delete) {
        List<SeqRange> wanted = new ArrayList<>();
        if (delete.getUpToSeq() > 0) {
            wanted.add(SeqRanges.of(1, delete.getUpToSeq()));
        }
        delete.getSeqsList().forEach(seq -> wanted.add(SeqRanges.of(seq, seq)));
        List<SeqRange> ranges = SeqRanges.union(wanted, List.of());
        long last = ranges.getLast().getToSeq();
        MemberRecord member = asked.own();
        if (last > lastSeq(asked, member)) {
            return beyond(last, lastSeq(asked, member));
        }
        List<SeqRange> before = member.getDeletedList();
        List<SeqRange> after = SeqRanges.union(before, ranges);
        if (after.equals(before)) {
            return new Unchanged();
        }
        if (after.size() > MAX_DELETED_RANGES) {
            return asked.refused(
                    Refusal.Reason.TOO_MANY,
                    "at most " + MAX_DELETED_RANGES
                            + " stretches of a conversation can be deleted: delete up to a seq");
        }
        MessagesDeleted.Builder deleted =
                MessagesDeleted.newBuilder().setUserId(asked.actor()).addAllRanges(ranges);
        if (delete.getUpToSeq() > 0) {
            deleted.setUpToIndex(messageIndexAt(asked.conversation(), delete.getUpToSeq()));
        }
        delete.getSeqsList().stream()
                .distinct()
                .map(asked.conversation()::entry)
                .filter(entry -> entry != null && entry.getCountable())
                .map(EntryRecord::getMessageIndex)
                .sorted()
                .forEach(deleted::addMessageIndexes);
        return asked.happened(asked.aside().setMessagesDeleted(deleted));
    }

    /**
     * How many countable messages there were at a seq. Before the window it is counted back from the oldest entry as if
     * every entry were a message: never too high, so that nothing unread ever passes for read.
     */
    private static long messageIndexAt(Conversation conversation, long seq) {
        EntryRecord entry = conversation.entry(seq);
        if (entry != null) {
            return entry.getMessageIndex();
        }
        long oldestSeq = Math.max(1, conversation.head().getLastSeq() - ConversationDecider.WINDOW + 1);
        EntryRecord oldest = conversation.entry(oldestSeq);
        return oldest == null ? 0 : Math.max(0, oldest.getMessageIndex() - (oldestSeq - seq));
    }

    /** The last event that the user can see. */
    private static long lastSeq(Asked asked, MemberRecord member) {
        return member.getLeftSeq() > 0
                ? member.getLeftSeq()
                : asked.conversation().head().getLastSeq();
    }

    static Decision beyond(long seq, long lastSeq) {
        return new Refused(
                refusal(Refusal.Reason.SEQ_OUT_OF_RANGE, "seq " + seq + " is beyond the last event, " + lastSeq));
    }
}
