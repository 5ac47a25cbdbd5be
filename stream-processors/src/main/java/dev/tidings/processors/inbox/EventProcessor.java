package dev.tidings.processors.inbox;

import com.google.protobuf.Message;
import dev.tidings.state.v1.UserRecord;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.EventDelivery;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.Session;
import dev.tidings.v1.UserEvent;
import java.util.TreeMap;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Takes an event up into the view of each recipient, and sends it on to the recipients' sessions. */
final class EventProcessor extends ContextualProcessor<Integer, InboxRecord, Object, Message> {

    @SuppressWarnings("NullAway.Init") // by init(), before the first record
    private InboxStores stores;

    @Override
    public void init(ProcessorContext<Object, Message> context) {
        super.init(context);
        stores = new InboxStores(context);
    }

    @Override
    public void process(Record<Integer, InboxRecord> record) {
        InboxRecord inbox = record.value();
        ConversationEvent event = inbox.getEvent();
        TreeMap<Integer, EventDelivery.Builder> byGateway = new TreeMap<>();
        for (String recipient : inbox.getRecipientsList()) {
            UserRecord user = stores.user(recipient);
            updateView(record, recipient, user, event);
            for (Session session : user.getSessionsList()) {
                if (!session.getSessionId().equals(inbox.getOriginSessionId())) {
                    byGateway
                            .computeIfAbsent(
                                    session.getGatewaySlot(),
                                    slot -> EventDelivery.newBuilder().setEvent(event))
                            .addSessionIds(session.getSessionId());
                }
            }
        }
        byGateway.forEach((slot, delivery) -> context()
                .forward(
                        new Record<>(
                                slot,
                                Delivery.newBuilder()
                                        .setGatewaySlot(slot)
                                        .setEvent(delivery)
                                        .build(),
                                record.timestamp()),
                        InboxTopology.DELIVERIES_SINK));
    }

    private void updateView(
            Record<Integer, InboxRecord> record, String userId, UserRecord user, ConversationEvent event) {
        String conversationId = event.getConversationId();
        ViewRecord before = stores.view(userId, conversationId);
        long version = user.getVersion() + 1;
        ViewRecord after = InboxDecider.apply(before, userId, event, version);
        if (after.getVersion() != version) {
            return;
        }
        stores.putView(userId, conversationId, after);
        stores.putUser(userId, user.toBuilder().setVersion(version).build());
        UserEvent changed = UserEvent.newBuilder()
                .setUserId(userId)
                .setAt(event.getSentAt())
                .setViewChanged(InboxDecider.shown(conversationId, after))
                .build();
        context().forward(new Record<>(userId, changed, record.timestamp()), InboxTopology.USER_EVENTS_SINK);
    }
}
