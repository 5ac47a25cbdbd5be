package dev.tidings.processors.conversation;

import dev.tidings.processors.parts.GatewayIndex;
import dev.tidings.schemas.Limits;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.state.v1.GatewaySubscriptionsRecord;
import dev.tidings.v1.Command;
import dev.tidings.v1.GatewayGone;
import dev.tidings.v1.HeadNotice;
import dev.tidings.v1.SubscribeGateway;
import java.util.List;
import java.util.function.IntPredicate;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Gateways come and go. One that comes is told where the conversation stands: whatever happens after that, it hears. The
 * gateways of a room hear, too, how many are in it now. An empty room forgets its events, not its numbers and mutes.
 */
final class Attaching {

    /** More conversations do not lose a gateway by one record: its transaction must end in time. */
    static final int MAX_DETACHED_AT_ONCE = 100;

    /** Store operations to detach one gateway from one conversation: its attachments, their index and its head. */
    private static final int OPERATIONS_PER_CONVERSATION = 8;

    private final ConversationStores stores;
    private final FanOut fanOut;
    private final Forgetting forgetting;

    Attaching(ConversationStores stores, FanOut fanOut, Forgetting forgetting) {
        this.stores = stores;
        this.fanOut = fanOut;
        this.forgetting = forgetting;
    }

    void attach(Record<String, Command> record) {
        SubscribeGateway attach = record.value().getSubscribeGateway();
        fanOut.requireSlot(attach.getGatewaySlot());
        Conversation.Evolving conversation = stores.conversation(record.key());
        if (!isRoom(record.key()) && !conversation.head().getLarge()) {
            // a small group's members are told by name
            return;
        }
        GatewaySubscriptionsRecord after = Attachments.after(conversation.attachments(), attach);
        change(record, record.key(), conversation, after, slot -> slot == attach.getGatewaySlot());
        if (isEmptyRoom(record.key(), after)) {
            forgetting.emptied(record, record.key(), conversation, Limits.STORE_OPERATIONS_PER_STEP);
        }
    }

    /**
     * The gateway is attached to nothing any more. It is told so itself: if it was only cut off, it attaches again, behind
     * this in the log.
     */
    void gone(Record<String, Command> record) {
        GatewayGone gone = record.value().getGatewayGone();
        int slot = gone.getGatewaySlot();
        long epoch = gone.getGatewayEpoch();
        fanOut.requireSlot(slot);
        GatewayIndex.Page attached = stores.attachedTo(slot, epoch, gone.getAfterId(), MAX_DETACHED_AT_ONCE);
        int left = Limits.STORE_OPERATIONS_PER_STEP - MAX_DETACHED_AT_ONCE * OPERATIONS_PER_CONVERSATION;
        for (String conversationId : attached.ids()) {
            Conversation.Evolving conversation = stores.conversation(conversationId);
            GatewaySubscriptionsRecord after = Attachments.without(conversation.attachments(), slot, epoch);
            change(record, conversationId, conversation, after, other -> false);
            if (isEmptyRoom(conversationId, after)) {
                left -= forgetting.emptied(record, conversationId, conversation, left);
            }
        }
        if (!attached.ids().isEmpty()) {
            fanOut.gone(record, gone.toBuilder().clearAfterId().build());
        }
        if (!attached.next().isEmpty()) {
            fanOut.again(record.withValue(record.value().toBuilder()
                    .setGatewayGone(gone.toBuilder().setAfterId(attached.next()))
                    .build()));
        }
    }

    /** @param alsoTold who hears of it even if the number of those in a room is as before */
    private void change(
            Record<String, Command> record,
            String conversationId,
            Conversation.Evolving conversation,
            GatewaySubscriptionsRecord after,
            IntPredicate alsoTold) {
        GatewaySubscriptionsRecord before = conversation.attachments();
        if (!after.equals(before)) {
            conversation.putAttachments(after);
        }
        boolean room = isRoom(conversationId);
        HeadNotice head = head(conversation, conversationId, room ? Attachments.online(after) : 0);
        boolean othersCount = room && Attachments.online(after) != Attachments.online(before);
        List<Integer> told = Attachments.slots(after).stream()
                .filter(slot -> othersCount || alsoTold.test(slot))
                .toList();
        fanOut.notice(record, told, head);
    }

    private static boolean isEmptyRoom(String conversationId, GatewaySubscriptionsRecord attachments) {
        return attachments.getSubscriptionsCount() == 0 && isRoom(conversationId);
    }

    private static boolean isRoom(String conversationId) {
        return ConversationId.parse(conversationId) instanceof ConversationId.Room;
    }

    private static HeadNotice head(Conversation conversation, String conversationId, int online) {
        return HeadNotice.newBuilder()
                .setConversationId(conversationId)
                .setLastSeq(conversation.head().getLastSeq())
                .setMessageIndex(conversation.head().getMessageIndex())
                .setOnline(online)
                .build();
    }
}
