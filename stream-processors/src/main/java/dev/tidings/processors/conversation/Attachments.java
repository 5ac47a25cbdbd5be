package dev.tidings.processors.conversation;

import dev.tidings.state.v1.GatewaySubscription;
import dev.tidings.state.v1.GatewaySubscriptionsRecord;
import dev.tidings.v1.SubscribeGateway;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Which gateways want the events of a large group or a room, and how many of their sessions follow it. */
final class Attachments {

    private Attachments() {}

    /** What a gateway says replaces what its slot has said before; what an earlier epoch says is too late. */
    static GatewaySubscriptionsRecord after(GatewaySubscriptionsRecord before, SubscribeGateway attach) {
        boolean late = before.getSubscriptionsList().stream()
                .anyMatch(known -> known.getGatewaySlot() == attach.getGatewaySlot()
                        && known.getGatewayEpoch() > attach.getGatewayEpoch());
        if (late) {
            return before;
        }
        Stream<GatewaySubscription> others = before.getSubscriptionsList().stream()
                .filter(known -> known.getGatewaySlot() != attach.getGatewaySlot());
        Stream<GatewaySubscription> own = attach.getSessions() <= 0
                ? Stream.of()
                : Stream.of(GatewaySubscription.newBuilder()
                        .setGatewaySlot(attach.getGatewaySlot())
                        .setGatewayEpoch(attach.getGatewayEpoch())
                        .setSessions(attach.getSessions())
                        .build());
        return GatewaySubscriptionsRecord.newBuilder()
                .addAllSubscriptions(Stream.concat(others, own)
                        .sorted(Comparator.comparingInt(GatewaySubscription::getGatewaySlot))
                        .toList())
                .build();
    }

    /** Without what this epoch of a gateway or an earlier one has said. */
    static GatewaySubscriptionsRecord without(GatewaySubscriptionsRecord before, int slot, long epoch) {
        return GatewaySubscriptionsRecord.newBuilder()
                .addAllSubscriptions(before.getSubscriptionsList().stream()
                        .filter(known -> known.getGatewaySlot() != slot || known.getGatewayEpoch() > epoch)
                        .toList())
                .build();
    }

    /** By gateway slot. */
    static SortedMap<Integer, Long> epochs(GatewaySubscriptionsRecord attachments) {
        TreeMap<Integer, Long> epochs = new TreeMap<>();
        attachments
                .getSubscriptionsList()
                .forEach(attachment -> epochs.put(attachment.getGatewaySlot(), attachment.getGatewayEpoch()));
        return epochs;
    }

    /** Ascending. */
    static List<Integer> slots(GatewaySubscriptionsRecord attachments) {
        return attachments.getSubscriptionsList().stream()
                .map(GatewaySubscription::getGatewaySlot)
                .toList();
    }

    static int online(GatewaySubscriptionsRecord attachments) {
        return attachments.getSubscriptionsList().stream()
                .mapToInt(GatewaySubscription::getSessions)
                .sum();
    }
}
