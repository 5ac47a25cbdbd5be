package dev.tidings.processors.conversation;

import dev.tidings.processors.conversation.Decision.Counted;
import dev.tidings.processors.conversation.Decision.Unchanged;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.state.v1.EntryRecord;
import dev.tidings.state.v1.MemberRecord;
import dev.tidings.v1.DeliveredAdvanced;
import dev.tidings.v1.DescribeReceipts;
import dev.tidings.v1.MarkDelivered;
import dev.tidings.v1.Receipts;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** How far messages have come: told to the other in private, counted in small groups for whoever asks. */
final class ReceiptRules {

    private ReceiptRules() {}

    static Decision markDelivered(Asked asked, MarkDelivered mark) {
        if (asked.conversation().head().getLarge()) {
            return tooLarge(asked);
        }
        if (mark.getSeq() > asked.conversation().head().getLastSeq()) {
            return ReadingRules.beyond(
                    mark.getSeq(), asked.conversation().head().getLastSeq());
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
        List<ReceiptCount> messages = new ArrayList<>();
        wanted.getSeqsList().stream().distinct().forEach(seq -> {
            EntryRecord entry = asked.conversation().entry(seq);
            if (entry != null && !entry.getMessageId().isEmpty() && mayKnow(asked, entry)) {
                messages.add(new ReceiptCount(seq, entry.getSender(), wanted));
            }
        });
        boolean onlyThoseWithARole = MembershipRules.areMembers(asked);
        eachMember(asked, (userId, member) -> {
            if (!onlyThoseWithARole || member.getRole() != Role.ROLE_UNSPECIFIED) {
                messages.forEach(message -> message.count(userId, member));
            }
        });
        Receipts.Builder receipts =
                Receipts.newBuilder().setConversationId(asked.command().getConversationId());
        for (ReceiptCount message : messages) {
            receipts.addMessages(message.counted()).setMoreUsers(receipts.getMoreUsers() || message.moreUsers());
        }
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

    private static boolean mayKnow(Asked asked, EntryRecord entry) {
        return entry.getSender().equals(asked.actor()) || (MembershipRules.areMembers(asked) && asked.isAdmin());
    }

    private static Decision tooLarge(Asked asked) {
        return asked.refused(Refusal.Reason.WRONG_KIND_OF_CONVERSATION, asked.id() + " is too large for receipts");
    }
}
