package dev.tidings.processors.conversation;

import dev.tidings.processors.conversation.Decision.Refused;
import dev.tidings.processors.conversation.Decision.Unchanged;
import dev.tidings.processors.store.SeqRanges;
import dev.tidings.schemas.check.Refusals;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.state.v1.EntryRecord;
import dev.tidings.state.v1.MemberRecord;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.DeleteForMe;
import dev.tidings.v1.MarkRead;
import dev.tidings.v1.MessagesDeleted;
import dev.tidings.v1.ReadAdvanced;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Role;
import dev.tidings.v1.SeqRange;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Changes a user's own view of a conversation: the read position and the messages deleted for this user. All events are outside
 * the sequence. Former members of a group may do the same with the messages that they can still see.
 */
final class ReadingRules {

    /** The number of deleted ranges that one user may have in one conversation. */
    static final int MAX_DELETED_RANGES = 1_000;

    private ReadingRules() {}

    static Decision markRead(CommandContext context, MarkRead mark) {
        MemberRecord member = context.ownRecord();
        if (mark.getSeq() > lastVisibleSeq(context, member)) {
            return outOfRange(mark.getSeq(), lastVisibleSeq(context, member));
        }
        if (mark.getSeq() <= member.getReadSeq()) {
            return new Unchanged();
        }
        return context.accepted(context.unsequencedEvent()
                .setReadAdvanced(ReadAdvanced.newBuilder()
                        .setUserId(context.actor())
                        .setReadSeq(mark.getSeq())
                        .setReadIndex(Math.max(
                                member.getReadIndex(), messageIndexAt(context.conversation(), mark.getSeq())))));
    }

    static void applyRead(Conversation.Mutable conversation, ConversationEvent event) {
        ReadAdvanced read = event.getReadAdvanced();
        changeOwnRecord(
                conversation,
                event,
                read.getUserId(),
                member -> member.setReadSeq(read.getReadSeq()).setReadIndex(read.getReadIndex()));
    }

    static Decision deleteForMe(CommandContext context, DeleteForMe delete) {
        List<SeqRange> wanted = new ArrayList<>();
        if (delete.getUpToSeq() > 0) {
            wanted.add(SeqRanges.of(1, delete.getUpToSeq()));
        }
        delete.getSeqsList().forEach(seq -> wanted.add(SeqRanges.of(seq, seq)));
        List<SeqRange> ranges = SeqRanges.union(wanted, List.of());
        long last = ranges.getLast().getToSeq();
        MemberRecord member = context.ownRecord();
        if (last > lastVisibleSeq(context, member)) {
            return outOfRange(last, lastVisibleSeq(context, member));
        }
        List<SeqRange> before = member.getDeletedList();
        List<SeqRange> after = SeqRanges.union(before, ranges);
        if (after.equals(before)) {
            return new Unchanged();
        }
        if (after.size() > MAX_DELETED_RANGES) {
            return context.refused(
                    Refusal.Reason.TOO_MANY,
                    "the conversation would have " + after.size() + " deleted ranges; at most " + MAX_DELETED_RANGES
                            + " are allowed: delete up to a seq");
        }
        MessagesDeleted.Builder deleted =
                MessagesDeleted.newBuilder().setUserId(context.actor()).addAllRanges(ranges);
        if (delete.getUpToSeq() > 0) {
            deleted.setUpToIndex(messageIndexAt(context.conversation(), delete.getUpToSeq()));
        }
        delete.getSeqsList().stream()
                .distinct()
                .map(context.conversation()::entry)
                .filter(entry -> entry != null && entry.getCountable())
                .map(EntryRecord::getMessageIndex)
                .sorted()
                .forEach(deleted::addMessageIndexes);
        return context.accepted(context.unsequencedEvent().setMessagesDeleted(deleted));
    }

    static void applyDeleted(Conversation.Mutable conversation, ConversationEvent event) {
        MessagesDeleted deleted = event.getMessagesDeleted();
        changeOwnRecord(conversation, event, deleted.getUserId(), member -> {
            List<SeqRange> all = SeqRanges.union(member.getDeletedList(), deleted.getRangesList());
            return member.clearDeleted().addAllDeleted(all);
        });
    }

    static Decision outOfRange(long seq, long lastSeq) {
        return new Refused(
                Refusals.of(Refusal.Reason.SEQ_OUT_OF_RANGE, "seq " + seq + " is beyond the last event, " + lastSeq));
    }

    /**
     * The number of countable messages up to a seq. For a seq before the {@link RecentEvents} it is estimated as if every event
     * since then were a countable message. The estimate is never too high, so that an unread message never counts as read.
     */
    private static long messageIndexAt(Conversation conversation, long seq) {
        EntryRecord entry = conversation.entry(seq);
        if (entry != null) {
            return entry.getMessageIndex();
        }
        long oldestSeq = Math.max(1, conversation.head().getLastSeq() - RecentEvents.WINDOW + 1);
        EntryRecord oldest = conversation.entry(oldestSeq);
        return oldest == null ? 0 : Math.max(0, oldest.getMessageIndex() - (oldestSeq - seq));
    }

    private static long lastVisibleSeq(CommandContext context, MemberRecord member) {
        return member.getLeftSeq() > 0
                ? member.getLeftSeq()
                : context.conversation().head().getLastSeq();
    }

    private static void changeOwnRecord(
            Conversation.Mutable conversation,
            ConversationEvent event,
            String userId,
            UnaryOperator<MemberRecord.Builder> change) {
        boolean former = ConversationId.parse(event.getConversationId()) instanceof ConversationId.Group
                && conversation.member(userId).getRole() == Role.ROLE_UNSPECIFIED;
        if (former) {
            conversation.putFormerMember(
                    userId,
                    change.apply(conversation.formerMember(userId).toBuilder()).build());
        } else {
            conversation.changeMember(userId, change);
        }
    }
}
