package dev.tidings.processors.inbox.session;

import com.google.protobuf.Message;
import dev.tidings.processors.inbox.output.InboxSinks;
import dev.tidings.processors.inbox.state.InboxStores;
import dev.tidings.processors.presence.PresenceVisibility;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.state.v1.Watcher;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.PresenceDelivery;
import java.util.List;
import java.util.TreeMap;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Ends the presence watches of users who may no longer see a user's presence, because the user has blocked them or is
 * no longer their friend. Their sessions receive the hidden presence once, as if the user had gone offline.
 */
public final class PresenceWatchers {

    private final ProcessorContext<Object, Message> context;
    private final InboxStores stores;
    private final PresencePublisher board;

    public PresenceWatchers(ProcessorContext<Object, Message> context, InboxStores stores, PresencePublisher board) {
        this.context = context;
        this.stores = stores;
        this.board = board;
    }

    /** Handles a change of the view of a private conversation. */
    public void relationChanged(Record<Integer, ?> record, String userId, ConversationEvent event, ViewRecord view) {
        if (!(event.hasBlockChanged() || event.hasFriendRemoved())
                || !(ConversationId.parse(event.getConversationId()) instanceof ConversationId.Private pair)) {
            return;
        }
        String peer = pair.peerOf(userId);
        boolean exists = stores.hasState(userId);
        List<Watcher> ending = stores.presence(userId).getWatchersList().stream()
                .filter(watcher -> watcher.getUserId().equals(peer))
                .filter(watcher -> !PresenceVisibility.isVisible(watcher.getVisibility(), userId, exists, peer, view))
                .toList();
        TreeMap<Integer, PresenceDelivery.Builder> bySlot = new TreeMap<>();
        for (Watcher watcher : ending) {
            board.unwatch(userId, watcher.getSessionId());
            bySlot.computeIfAbsent(
                            watcher.getGatewaySlot(),
                            slot -> PresenceDelivery.newBuilder().setPresence(PresenceVisibility.hidden(userId)))
                    .addSessionIds(watcher.getSessionId());
        }
        bySlot.forEach((slot, presence) -> context.forward(
                new Record<>(
                        slot,
                        Delivery.newBuilder()
                                .setGatewaySlot(slot)
                                .setPresence(presence)
                                .build(),
                        record.timestamp()),
                InboxSinks.DELIVERIES));
    }
}
