package dev.tidings.processors.conversation;

import dev.tidings.processors.conversation.Decision.Counted;
import dev.tidings.processors.conversation.Decision.Unchanged;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.state.v1.EntryRecord;
import dev.tidings.state.v1.MemberRecord;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.DeliveredAdvanced;
import dev.tidings.v1.DescribeReceipts;
import dev.tidings.v1.MarkDelivered;
import dev.tidings.v1.Receipts;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Delivered positions of members, and the receipts of messages that follow from delivered and read positions. Not in large
 * conversations. A delivered position comes as a command of its own, or with another command of the user (decision 43).
 */
final class ReceiptRules {

    private ReceiptRules() {}

    static Decision markDelivered(CommandContext context, MarkDelivered mark) {
        if (context.conversation().head().getLarge()) {
            return tooLarge(context);
        }
        if (mark.getSeq() > context.conversation().head().getLastSeq()) {
            return ReadingRules.outOfRange(
                    mark.getSeq(), context.conversation().head().getLastSeq());
        }
        return mark.getSeq() <= deliveredSeq(context, context.actor(), context.actorMember())
                ? new Unchanged()
                : context.accepted(context.unsequencedEvent()
                        .setDeliveredAdvanced(DeliveredAdvanced.newBuilder()
                                .setUserId(context.actor())
                                .setDeliveredSeq(mark.getSeq())));
    }

    static void applyDelivered(Conversation.Mutable conversation, ConversationEvent event) {
        DeliveredAdvanced delivered = event.getDeliveredAdvanced();
        conversation.changeMember(delivered.getUserId(), member -> member.setDeliveredSeq(delivered.getDeliveredSeq()));
    }

    /** The greatest position of a user up to which events are delivered, as a receipt, an own event or a read position says. */
    private static long deliveredSeq(CommandContext context, String userId, MemberRecord member) {
        long own = Math.max(member.getDeliveredSeq(), member.getReadSeq());
        return context.id() instanceof ConversationId.Private pair
                ? Math.max(own, DeliveredPositions.of(context.conversation().head(), pair, userId))
                : own;
    }

    /** Counts receipts of the actor's own messages; for admins of a group, of all messages. */
    static Decision describe(CommandContext context, DescribeReceipts wanted) {
        if (context.conversation().head().getLarge()) {
            return tooLarge(context);
        }
        List<ReceiptCount> messages = new ArrayList<>();
        wanted.getSeqsList().stream().distinct().forEach(seq -> {
            EntryRecord entry = context.conversation().entry(seq);
            if (entry != null && !entry.getMessageId().isEmpty() && maySeeReceipts(context, entry)) {
                messages.add(new ReceiptCount(seq, entry.getSender(), wanted));
            }
        });
        forEachMember(context, (userId, member) -> {
            if (!context.isGroup() || member.getRole() != Role.ROLE_UNSPECIFIED) {
                long delivered = deliveredSeq(context, userId, member);
                messages.forEach(message -> message.count(userId, member, delivered));
            }
        });
        Receipts.Builder receipts =
                Receipts.newBuilder().setConversationId(context.command().getConversationId());
        for (ReceiptCount message : messages) {
            receipts.addMessages(message.counted()).setMoreUsers(receipts.getMoreUsers() || message.moreUsers());
        }
        return new Counted(receipts.build());
    }

    /** Both users of a private conversation belong to it, also one without a record. */
    private static void forEachMember(CommandContext context, BiConsumer<String, MemberRecord> action) {
        if (context.id() instanceof ConversationId.Private pair) {
            pair.users()
                    .forEach(userId ->
                            action.accept(userId, context.conversation().member(userId)));
        } else {
            context.conversation().visitMembers("", (userId, member) -> {
                action.accept(userId, member);
                return true;
            });
        }
    }

    private static boolean maySeeReceipts(CommandContext context, EntryRecord entry) {
        return entry.getSender().equals(context.actor()) || (context.isGroup() && context.isAdmin());
    }

    private static Decision tooLarge(CommandContext context) {
        return context.refused(Refusal.Reason.WRONG_KIND_OF_CONVERSATION, context.id() + " is too large for receipts");
    }
}
