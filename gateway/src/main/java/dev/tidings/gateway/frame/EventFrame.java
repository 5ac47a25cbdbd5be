package dev.tidings.gateway.frame;

import dev.tidings.v1.Events;
import dev.tidings.v1.ServerFrame;

/**
 * A durable frame of one session.
 *
 * @param deliverySeq counts the session's durable frames from 1
 */
public record EventFrame(long deliverySeq, LiveEvent event) {

    public ServerFrame toServerFrame() {
        return event.frame(Events.newBuilder().setDeliverySeq(deliverySeq));
    }
}
