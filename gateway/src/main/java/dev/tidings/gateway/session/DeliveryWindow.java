package dev.tidings.gateway.session;

import dev.tidings.gateway.frame.EventFrame;
import dev.tidings.gateway.frame.LiveEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The durable frames of one session that its client has not acknowledged yet, in order. Numbers them from 1, takes
 * cumulative acknowledgements, and says what has to be sent again. Not thread-safe; knows no clock: the time comes in.
 */
final class DeliveryWindow {

    /** What is to be done about frames that were not acknowledged in time. */
    sealed interface Overdue {
        record Nothing() implements Overdue {}

        /** @param expired how many are not sent again because their time has passed: nobody waits for them any more */
        record Resend(List<EventFrame> frames, int expired) implements Overdue {}

        /** Sent several times to no avail. */
        record GiveUp() implements Overdue {}
    }

    private static final int ATTEMPTS = 3;

    private final int capacity;
    private final long ackTimeoutNanos;
    private final ArrayDeque<EventFrame> unacknowledged = new ArrayDeque<>();
    private long lastDeliverySeq;
    private int attempts;
    private long waitingSinceNanos;

    DeliveryWindow(int capacity, long ackTimeoutNanos) {
        this.capacity = capacity;
        this.ackTimeoutNanos = ackTimeoutNanos;
    }

    boolean isFull() {
        return unacknowledged.size() >= capacity;
    }

    /** The next frame to send. */
    EventFrame add(LiveEvent event, long nowNanos) {
        EventFrame frame = new EventFrame(++lastDeliverySeq, event);
        if (unacknowledged.isEmpty()) {
            startWaiting(nowNanos);
        }
        unacknowledged.add(frame);
        return frame;
    }

    /** @return false where nothing with that number was ever sent */
    boolean acknowledge(long upTo, long nowNanos) {
        if (upTo < 0 || upTo > lastDeliverySeq) {
            return false;
        }
        boolean progress = false;
        for (EventFrame first = unacknowledged.peek();
                first != null && first.deliverySeq() <= upTo;
                first = unacknowledged.peek()) {
            unacknowledged.remove();
            progress = true;
        }
        if (progress) {
            startWaiting(nowNanos);
        }
        return true;
    }

    /**
     * Waits twice as long after each attempt.
     *
     * @param nowMillis the wall clock's, which messages expire by
     */
    Overdue overdue(long nowNanos, long nowMillis) {
        if (unacknowledged.isEmpty() || nowNanos - waitingSinceNanos < ackTimeoutNanos << attempts) {
            return new Overdue.Nothing();
        }
        if (attempts == ATTEMPTS) {
            return new Overdue.GiveUp();
        }
        attempts++;
        waitingSinceNanos = nowNanos;
        int waiting = unacknowledged.size();
        unacknowledged.removeIf(frame -> frame.event().isExpired(nowMillis));
        return new Overdue.Resend(new ArrayList<>(unacknowledged), waiting - unacknowledged.size());
    }

    private void startWaiting(long nowNanos) {
        attempts = 0;
        waitingSinceNanos = nowNanos;
    }
}
