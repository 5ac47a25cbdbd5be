package dev.tidings.gateway.session;

import dev.tidings.gateway.frame.EventFrame;
import dev.tidings.gateway.frame.LiveEvent;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

/**
 * The frames of one session that its client has not acknowledged, in order. Numbers them from 1, takes cumulative
 * acknowledgements, and returns the frames that are to be sent again. Not thread-safe.
 */
final class DeliveryWindow {

    /** The action for frames that were not acknowledged in time. */
    sealed interface Overdue {
        record None() implements Overdue {}

        /** @param expired the number of frames that are not sent again because their messages have expired */
        record Resend(List<EventFrame> frames, int expired) implements Overdue {}

        /** All attempts failed. */
        record GiveUp() implements Overdue {}
    }

    private static final int MAX_RESENDS = 3;
    private static final double JITTER = 0.2;

    private final int capacity;
    private final long ackTimeoutNanos;
    private final DoubleSupplier random;
    private final BufferBudget budget;
    private final ArrayDeque<EventFrame> unacknowledged = new ArrayDeque<>();
    private long bytes;
    private long lastDeliverySeq;
    private int resends;
    private long waitingSinceNanos;
    private long waitNanos;

    /**
     * @param random of [0, 1): spreads the redeliveries of many sessions
     * @param budget the gateway's
     */
    DeliveryWindow(int capacity, long ackTimeoutNanos, DoubleSupplier random, BufferBudget budget) {
        this.capacity = capacity;
        this.ackTimeoutNanos = ackTimeoutNanos;
        this.random = random;
        this.budget = budget;
    }

    boolean isFull() {
        return unacknowledged.size() >= capacity;
    }

    /** Bytes of the unacknowledged frames. */
    long bytes() {
        return bytes;
    }

    /** Adds an event and returns the frame to send. */
    EventFrame add(LiveEvent event, long nowNanos) {
        EventFrame frame = new EventFrame(++lastDeliverySeq, event);
        if (unacknowledged.isEmpty()) {
            resends = 0;
            startWaiting(nowNanos);
        }
        unacknowledged.add(frame);
        bytes += frame.bytes();
        budget.add(frame.hold());
        return frame;
    }

    private void release(EventFrame frame) {
        bytes -= frame.bytes();
        budget.add(-frame.release());
    }

    /** The session has ended. */
    void clear() {
        unacknowledged.forEach(this::release);
        unacknowledged.clear();
    }

    /** Returns the unacknowledged frames in order. */
    List<EventFrame> unacknowledged() {
        return List.copyOf(unacknowledged);
    }

    /**
     * Removes all frames up to a number.
     *
     * @param acknowledged receives each frame that is removed
     * @return false if no frame with that number was sent
     */
    boolean acknowledge(long upTo, long nowNanos, Consumer<EventFrame> acknowledged) {
        if (upTo < 0 || upTo > lastDeliverySeq) {
            return false;
        }
        boolean progress = false;
        for (EventFrame first = unacknowledged.peek();
                first != null && first.deliverySeq() <= upTo;
                first = unacknowledged.peek()) {
            release(unacknowledged.remove());
            acknowledged.accept(first);
            progress = true;
        }
        if (progress) {
            resends = 0;
            startWaiting(nowNanos);
        }
        return true;
    }

    /**
     * Returns what is overdue. The wait doubles after each attempt, give or take a fifth. A frame that the socket has not taken
     * yet is not sent again, since the copy would wait behind it; it counts as an attempt all the same.
     *
     * @param nowMillis the time of the log, by which messages expire
     */
    Overdue overdue(long nowNanos, long nowMillis) {
        if (unacknowledged.isEmpty() || nowNanos - waitingSinceNanos < waitNanos) {
            return new Overdue.None();
        }
        if (resends == MAX_RESENDS) {
            return new Overdue.GiveUp();
        }
        resends++;
        startWaiting(nowNanos);
        int before = unacknowledged.size();
        unacknowledged.removeIf(frame -> {
            boolean expired = frame.event().isExpired(nowMillis);
            if (expired) {
                release(frame);
            }
            return expired;
        });
        return new Overdue.Resend(
                unacknowledged.stream().filter(frame -> !frame.isWaiting()).toList(), before - unacknowledged.size());
    }

    private void startWaiting(long nowNanos) {
        waitingSinceNanos = nowNanos;
        waitNanos = (long) ((ackTimeoutNanos << resends) * (1 + JITTER * (2 * random.getAsDouble() - 1)));
    }
}
