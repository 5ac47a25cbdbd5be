package dev.tidings.gateway.frame;

import dev.tidings.v1.Events;
import dev.tidings.v1.ServerFrame;

/** An event on its way to one session. */
public final class EventFrame {

    /** What the gateway keeps for a frame beside its event, which sessions share. */
    private static final int OVERHEAD_BYTES = 64;

    private final long deliverySeq;
    private final LiveEvent event;
    private volatile boolean waiting;

    /** @param deliverySeq counts the session's durable frames from 1; 0: not durable */
    public EventFrame(long deliverySeq, LiveEvent event) {
        this.deliverySeq = deliverySeq;
        this.event = event;
    }

    /** Without a number: nobody acknowledges it, and it is not sent again. */
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

    /** What the frame counts for against a session's budget. */
    public int bytes() {
        return event.bytes() + OVERHEAD_BYTES;
    }

    /** Keeps the frame in memory. Returns the bytes that the gateway holds in addition. */
    public long hold() {
        return event.hold() + OVERHEAD_BYTES;
    }

    /** Returns the bytes that the gateway holds no longer. */
    public long release() {
        return event.release() + OVERHEAD_BYTES;
    }

    /** Whether the socket has not taken the last copy yet: then another one would only wait behind it. */
    public boolean isWaiting() {
        return waiting;
    }

    public void setWaiting(boolean isWaiting) {
        waiting = isWaiting;
    }
}
