package dev.tidings.processors.conversation;

import dev.tidings.schemas.id.ConversationId;
import dev.tidings.state.v1.GatewaySubscription;
import dev.tidings.state.v1.GatewaySubscriptionsRecord;
import dev.tidings.v1.HeadNotice;
import dev.tidings.v1.SubscribeGateway;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The gateways that receive the events of a large group or a room, each with the number of its sessions that follow it. */
final class GatewaySubscriptions {

    private GatewaySubscriptions() {}

    /**
     * The subscriptions after a gateway has changed its own. It replaces the one of its slot, unless that one is of a later epoch.
     * With 0 sessions it ends.
     */
    static GatewaySubscriptionsRecord after(GatewaySubscriptionsRecord before, SubscribeGateway subscribe) {
        boolean late = before.getSubscriptionsList().stream()
                .anyMatch(known -> known.getGatewaySlot() == subscribe.getGatewaySlot()
                        && known.getGatewayEpoch() > subscribe.getGatewayEpoch());
        if (late) {
            return before;
        }
        Stream<GatewaySubscription> others = before.getSubscriptionsList().stream()
                .filter(known -> known.getGatewaySlot() != subscribe.getGatewaySlot());
        Stream<GatewaySubscription> own = subscribe.getSessions() <= 0
                ? Stream.of()
                : Stream.of(GatewaySubscription.newBuilder()
                        .setGatewaySlot(subscribe.getGatewaySlot())
                        .setGatewayEpoch(subscribe.getGatewayEpoch())
                        .setSessions(subscribe.getSessions())
                        .build());
        return GatewaySubscriptionsRecord.newBuilder()
                .addAllSubscriptions(Stream.concat(others, own)
                        .sorted(Comparator.comparingInt(GatewaySubscription::getGatewaySlot))
                        .toList())
                .build();
    }

    /** The subscriptions without the one of this epoch of a gateway, or of an earlier epoch. */
    static GatewaySubscriptionsRecord without(GatewaySubscriptionsRecord before, int slot, long epoch) {
        return GatewaySubscriptionsRecord.newBuilder()
                .addAllSubscriptions(before.getSubscriptionsList().stream()
                        .filter(known -> known.getGatewaySlot() != slot || known.getGatewayEpoch() > epoch)
                        .toList())
                .build();
    }

    /** Epochs by gateway slot. */
    static SortedMap<Integer, Long> epochs(GatewaySubscriptionsRecord subscriptions) {
        TreeMap<Integer, Long> epochs = new TreeMap<>();
        subscriptions
                .getSubscriptionsList()
                .forEach(subscription -> epochs.put(subscription.getGatewaySlot(), subscription.getGatewayEpoch()));
        return epochs;
    }

    /** The slots of the subscribed gateways, ascending. */
    static List<Integer> slots(GatewaySubscriptionsRecord subscriptions) {
        return subscriptions.getSubscriptionsList().stream()
                .map(GatewaySubscription::getGatewaySlot)
                .toList();
    }

    /** Returns the newest position of a conversation; of a room with the number of sessions in it. */
    static HeadNotice head(Conversation conversation, ConversationId id) {
        return HeadNotice.newBuilder()
                .setConversationId(id.toString())
                .setLastSeq(conversation.head().getLastSeq())
                .setMessageIndex(conversation.head().getMessageIndex())
                .setOnline(id instanceof ConversationId.Room ? online(conversation.subscriptions()) : 0)
                .build();
    }

    /** The number of sessions on all gateways; of a room, the number of sessions in it. */
    static int online(GatewaySubscriptionsRecord subscriptions) {
        return subscriptions.getSubscriptionsList().stream()
                .mapToInt(GatewaySubscription::getSessions)
                .sum();
    }
}
