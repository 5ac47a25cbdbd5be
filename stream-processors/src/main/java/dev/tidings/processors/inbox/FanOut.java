package dev.tidings.processors.inbox;

import com.google.protobuf.CodedOutputStream;
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

/** One event on its way to its recipients' sessions, but for the one that asked: one delivery for each gateway, more where sessions do not fit. */
final class FanOut {

    /** The slot, the flag, and the tags and lengths around the event. */
    private static final int ENVELOPE_BYTES = 64;

    private final InboxRecord inbox;
    private final TreeMap<Integer, EventDelivery.Builder> told = new TreeMap<>();
    private final TreeMap<Integer, EventDelivery.Builder> toldToFollow = new TreeMap<>();
    private final List<Delivery> beginnings = new ArrayList<>();

    FanOut(InboxRecord inbox) {
        this.inbox = inbox;
    }

    /** Takes in the sessions of a user whose view the event has changed from one to the other. */
    void add(List<Session> sessions, ViewRecord before, ViewRecord after) {
        boolean follows = inbox.getLarge() && Membership.follows(after);
        boolean begins = follows && !Membership.follows(before);
        for (Session session : sessions) {
            if (!session.getSessionId().equals(inbox.getOriginSessionId())) {
                (follows ? toldToFollow : told)
                        .computeIfAbsent(session.getGatewaySlot(), slot -> event(follows))
                        .addSessionIds(session.getSessionId());
            } else if (begins) {
                beginnings.add(follow(session, after));
            }
        }
    }

    /** In the order of gateway slots, each kind by itself. */
    List<Delivery> deliveries() {
        List<Delivery> deliveries = new ArrayList<>(told.size() + toldToFollow.size() + beginnings.size());
        told.forEach((slot, event) -> addAll(deliveries, slot, event));
        toldToFollow.forEach((slot, event) -> addAll(deliveries, slot, event));
        deliveries.addAll(beginnings);
        return deliveries;
    }

    /** One delivery, or several where a gateway has more sessions than fit into one. */
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

    /** The session that asked knows the event by its answer, but not that the conversation is large. */
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
