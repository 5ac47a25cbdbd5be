package dev.tidings.processors.conversation;

import dev.tidings.processors.conversation.Decision.Counted;
import dev.tidings.processors.conversation.Decision.Unchanged;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.state.v1.EntryRecord;
import dev.tidings.state.v1.MemberRecord;
import dev.tidings.v1.DeliveredAdvanced;
import dev.tidings.v1.DescribeReceipts;
import dev.tidings.v1.MarkDelivered;
import dev.tidings.v1.MessageReceipts;
import dev.tidings.v1.Receipts;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;

/** How far messages have come: told to the other in private, counted in small groups for whoever asks. */
final class ReceiptRules {

    static final int MAX_USERS = 500;

    private ReceiptRules() {}

    static Decision markDelivered(Asked asked, MarkDelivered mark) {
        if (asked.conversation().head().getLarge()) {
            return tooLarge(asked);
        }
        if (mark.getSeq() > asked.conversation().head().getLastSeq()) {
            return ReadingRules.beyond(asked, mark.getSeq());
        }
        MemberRecord self = asked.self();
        return mark.getSeq() <= Math.max(self.getDeliveredSeq(), self.getReadSeq())
                ? new Unchanged()
                : asked.happened(asked.aside()
                        .setDeliveredAdvanced(DeliveredAdvanced.newBuilder()
                                .setUserId(asked.actor())
                                .setDeliveredSeq(mark.getSeq())));
    }

    static Decision describe(Asked asked, DescribeReceipts wanted) {
        if (asked.conversation().head().getLarge()) {
            return tooLarge(asked);
        }
        List<MessageReceipts.Builder> messages = new ArrayList<>();
        for (long seq : wanted.getSeqsList()) {
            EntryRecord entry = asked.conversation().entry(seq);
            if (entry != null && !entry.getMessageId().isEmpty() && mayKnow(asked, entry)) {
                messages.add(MessageReceipts.newBuilder().setSeq(seq));
            }
        }
        eachMember(
                asked,
                (userId, member) ->
                        messages.forEach(message -> count(asked, message, userId, member, wanted.getWithUsers())));
        Receipts.Builder receipts =
                Receipts.newBuilder().setConversationId(asked.command().getConversationId());
        messages.forEach(receipts::addMessages);
        return new Counted(receipts.build());
    }

    /** The other one of a private conversation belongs to it, even if nothing has been heard of him yet. */
    private static void eachMember(Asked asked, BiConsumer<String, MemberRecord> action) {
        if (asked.id() instanceof ConversationId.Private pair) {
            pair.users()
                    .forEach(
                            userId -> action.accept(userId, asked.conversation().member(userId)));
        } else {
            asked.conversation().visitMembers("", (userId, member) -> {
                action.accept(userId, member);
                return true;
            });
        }
    }

    private static void count(
            Asked asked, MessageReceipts.Builder message, String userId, MemberRecord member, boolean withUsers) {
        EntryRecord entry = Objects.requireNonNull(asked.conversation().entry(message.getSeq()));
        boolean gone = MembershipRules.areMembers(asked) && member.getRole() == Role.ROLE_UNSPECIFIED;
        if (gone || userId.equals(entry.getSender()) || member.getJoinedSeq() > message.getSeq()) {
            return;
        }
        message.setMembers(message.getMembers() + 1);
        boolean read = member.getReadSeq() >= message.getSeq();
        if (read || member.getDeliveredSeq() >= message.getSeq()) {
            message.setDelivered(message.getDelivered() + 1);
            if (withUsers && message.getDeliveredToCount() < MAX_USERS) {
                message.addDeliveredTo(userId);
            }
        }
        if (read) {
            message.setRead(message.getRead() + 1);
            if (withUsers && message.getReadByCount() < MAX_USERS) {
                message.addReadBy(userId);
            }
        }
    }

    private static boolean mayKnow(Asked asked, EntryRecord entry) {
        return entry.getSender().equals(asked.actor()) || (MembershipRules.areMembers(asked) && asked.isAdmin());
    }

    private static Decision tooLarge(Asked asked) {
        return asked.refused(Refusal.Reason.WRONG_KIND_OF_CONVERSATION, asked.id() + " is too large for receipts");
    }
}
