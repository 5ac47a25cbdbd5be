package dev.tidings.processors.inbox;

import com.google.protobuf.CodedOutputStream;
import dev.tidings.processors.inbox.view.Membership;
import dev.tidings.schemas.Limits;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.EventDelivery;
import dev.tidings.v1.Follow;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Collects the deliveries of one event to the recipients' sessions, except the session that caused it. Each gateway
 * gets one delivery, or several if its sessions do not fit into one.
 */
final class EventDeliveries {

    /** Bytes of the slot, the flag, and the tags and lengths around the event. */
    private static final int ENVELOPE_BYTES = 64;

    private final InboxRecord inbox;
    private final TreeMap<Integer, EventDelivery.Builder> events = new TreeMap<>();
    private final TreeMap<Integer, EventDelivery.Builder> eventsToFollow = new TreeMap<>();
    private final List<Delivery> beginnings = new ArrayList<>();

    EventDeliveries(InboxRecord inbox) {
        this.inbox = inbox;
    }

    /** Adds the sessions of a user whose view the event has changed from {@code before} to {@code after}. */
    void add(List<Session> sessions, ViewRecord before, ViewRecord after) {
        boolean follows = inbox.getLarge() && Membership.follows(after);
        boolean begins = follows && !Membership.follows(before);
        for (Session session : sessions) {
            if (!session.getSessionId().equals(inbox.getOriginSessionId())) {
                (follows ? eventsToFollow : events)
                        .computeIfAbsent(session.getGatewaySlot(), slot -> event(follows))
                        .addSessionIds(session.getSessionId());
            } else if (begins) {
                beginnings.add(follow(session, after));
            }
        }
    }

    /** Returns the deliveries, grouped by kind and ordered by gateway slot. */
    List<Delivery> deliveries() {
        List<Delivery> deliveries = new ArrayList<>(events.size() + eventsToFollow.size() + beginnings.size());
        events.forEach((slot, event) -> addAll(deliveries, slot, event));
        eventsToFollow.forEach((slot, event) -> addAll(deliveries, slot, event));
        deliveries.addAll(beginnings);
        return deliveries;
    }

    /** Adds one delivery, or several if the gateway has more sessions than fit into one. */
    private static void addAll(List<Delivery> deliveries, int slot, EventDelivery.Builder event) {
        int withoutSessions = event.getEvent().getSerializedSize() + ENVELOPE_BYTES;
        int bytes = withoutSessions;
        EventDelivery.Builder part = event.clone().clearSessionIds();
        for (String sessionId : event.getSessionIdsList()) {
            int more = CodedOutputStream.computeStringSize(EventDelivery.SESSION_IDS_FIELD_NUMBER, sessionId);
            if (bytes + more > Limits.DELIVERY && part.getSessionIdsCount() > 0) {
                deliveries.add(delivery(slot).setEvent(part).build());
                part.clearSessionIds();
                bytes = withoutSessions;
            }
            part.addSessionIds(sessionId);
            bytes += more;
        }
        deliveries.add(delivery(slot).setEvent(part).build());
    }

    private EventDelivery.Builder event(boolean follow) {
        return EventDelivery.newBuilder().setEvent(inbox.getEvent()).setFollow(follow);
    }

    /**
     * Returns the delivery that makes a session follow the group. The session that caused the event gets it, too: its
     * reply contains the event, but not that the conversation has become large.
     */
    private Delivery follow(Session session, ViewRecord view) {
        return delivery(session.getGatewaySlot())
                .setFollow(Follow.newBuilder()
                        .setSessionId(session.getSessionId())
                        .addConversationIds(inbox.getEvent().getConversationId())
                        .addJoinedSeqs(view.getGroup().getJoinedSeq()))
                .build();
    }

    private static Delivery.Builder delivery(int slot) {
        return Delivery.newBuilder().setGatewaySlot(slot);
    }
}
