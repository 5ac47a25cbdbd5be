package dev.tidings.gateway.frame;

import dev.tidings.v1.Events;
import dev.tidings.v1.ServerFrame;

/**
 * An event on its way to one session.
 *
 * @param deliverySeq counts the session's durable frames from 1; 0: not durable
 */
public record EventFrame(long deliverySeq, LiveEvent event) {

    /** Without a number: nobody acknowledges it, and it is not sent again. */
    public static EventFrame ephemeral(LiveEvent event) {
        return new EventFrame(0, event);
    }

    public ServerFrame toServerFrame() {
        return event.frame(Events.newBuilder().setDeliverySeq(deliverySeq));
    }
}
