package dev.tidings.gateway.frame;

import dev.tidings.v1.Events;
import dev.tidings.v1.ServerFrame;

/** An event with its delivery number, on its way to one session. */
public final class EventFrame {

    /** Memory of a frame without its event, which sessions share. */
    private static final int OVERHEAD_BYTES = 64;

    private final long deliverySeq;
    private final LiveEvent event;
    private volatile boolean waiting;

    /** @param deliverySeq the number among the session's durable frames, from 1; 0: not durable */
    public EventFrame(long deliverySeq, LiveEvent event) {
        this.deliverySeq = deliverySeq;
        this.event = event;
    }

    /** A frame without a number: it is neither acknowledged nor sent again. */
    public static EventFrame ephemeral(LiveEvent event) {
        return new EventFrame(0, event);
    }

    public long deliverySeq() {
        return deliverySeq;
    }

    public LiveEvent event() {
        return event;
    }

    public ServerFrame toServerFrame() {
        return event.frame(Events.newBuilder().setDeliverySeq(deliverySeq));
    }

    /** The bytes that count against the session's budget. */
    public int bytes() {
        return event.bytes() + OVERHEAD_BYTES;
    }

    /** Counts one more holder in memory and returns the bytes added for the gateway. */
    public long hold() {
        return event.hold() + OVERHEAD_BYTES;
    }

    /** Counts one holder less and returns the bytes freed for the gateway. */
    public long release() {
        return event.release() + OVERHEAD_BYTES;
    }

    /** Whether the last copy still waits for the socket: another one would only wait behind it. */
    public boolean isWaiting() {
        return waiting;
    }

    public void setWaiting(boolean isWaiting) {
        waiting = isWaiting;
    }
}
