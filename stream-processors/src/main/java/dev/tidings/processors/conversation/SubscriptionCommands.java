package dev.tidings.processors.conversation;

import dev.tidings.processors.store.GatewayIndex;
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
 * Adds and removes the subscriptions of gateways to large groups and rooms. A gateway that subscribes gets the head of the
 * conversation, and every event after it. Gateways of a room also get the number of sessions in it whenever it changes. A room
 * without sessions deletes its recent events; sequence numbers and mutes stay.
 */
final class SubscriptionCommands {

    /** Conversations that lose a gateway by one record. More would not fit into the time of a transaction. */
    static final int MAX_UNSUBSCRIBED_PER_STEP = 100;

    /** Store operations to remove one gateway from one conversation: its subscriptions, their index and its head. */
    private static final int OPERATIONS_PER_CONVERSATION = 8;

    private final ConversationStores stores;
    private final FanOut fanOut;
    private final RoomCleanup cleanup;

    SubscriptionCommands(ConversationStores stores, FanOut fanOut, RoomCleanup cleanup) {
        this.stores = stores;
        this.fanOut = fanOut;
        this.cleanup = cleanup;
    }

    void subscribe(Record<String, Command> record) {
        SubscribeGateway subscribe = record.value().getSubscribeGateway();
        fanOut.requireSlot(subscribe.getGatewaySlot());
        Conversation.Mutable conversation = stores.conversation(record.key());
        if (!isRoom(record.key()) && !conversation.head().getLarge()) {
            // members of a small group receive events by name
            return;
        }
        GatewaySubscriptionsRecord after = GatewaySubscriptions.after(conversation.subscriptions(), subscribe);
        change(record, record.key(), conversation, after, slot -> slot == subscribe.getGatewaySlot());
        if (isEmptyRoom(record.key(), after)) {
            cleanup.begin(record, record.key(), conversation, Limits.STORE_OPERATIONS_PER_STEP);
        }
    }

    /**
     * Ends all subscriptions of a gateway. The gateway gets a record of it: if it was only cut off from Kafka, it subscribes again, with
     * commands that follow in the log.
     */
    void gatewayGone(Record<String, Command> record) {
        GatewayGone gone = record.value().getGatewayGone();
        int slot = gone.getGatewaySlot();
        long epoch = gone.getGatewayEpoch();
        fanOut.requireSlot(slot);
        GatewayIndex.Page subscribed = stores.subscribedTo(slot, epoch, gone.getAfterId(), MAX_UNSUBSCRIBED_PER_STEP);
        int left = Limits.STORE_OPERATIONS_PER_STEP - MAX_UNSUBSCRIBED_PER_STEP * OPERATIONS_PER_CONVERSATION;
        for (String conversationId : subscribed.ids()) {
            Conversation.Mutable conversation = stores.conversation(conversationId);
            GatewaySubscriptionsRecord after = GatewaySubscriptions.without(conversation.subscriptions(), slot, epoch);
            change(record, conversationId, conversation, after, other -> false);
            if (isEmptyRoom(conversationId, after)) {
                left -= cleanup.begin(record, conversationId, conversation, left);
            }
        }
        if (!subscribed.ids().isEmpty()) {
            fanOut.deliverGone(record, gone.toBuilder().clearAfterId().build());
        }
        if (!subscribed.next().isEmpty()) {
            fanOut.appendCommand(record.withValue(record.value().toBuilder()
                    .setGatewayGone(gone.toBuilder().setAfterId(subscribed.next()))
                    .build()));
        }
    }

    /** @param always the slots that get the head even if the number of sessions in a room is unchanged */
    private void change(
            Record<String, Command> record,
            String conversationId,
            Conversation.Mutable conversation,
            GatewaySubscriptionsRecord after,
            IntPredicate always) {
        GatewaySubscriptionsRecord before = conversation.subscriptions();
        if (!after.equals(before)) {
            conversation.putSubscriptions(after);
        }
        boolean room = isRoom(conversationId);
        HeadNotice head = head(conversation, conversationId, room ? GatewaySubscriptions.online(after) : 0);
        boolean onlineChanged = room && GatewaySubscriptions.online(after) != GatewaySubscriptions.online(before);
        List<Integer> notified = GatewaySubscriptions.slots(after).stream()
                .filter(slot -> onlineChanged || always.test(slot))
                .toList();
        fanOut.deliverHead(record, notified, head);
    }

    private static boolean isEmptyRoom(String conversationId, GatewaySubscriptionsRecord subscriptions) {
        return subscriptions.getSubscriptionsCount() == 0 && isRoom(conversationId);
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
