package dev.tidings.gateway.session;

import dev.tidings.gateway.frame.EventFrame;
import dev.tidings.gateway.frame.LiveEvent;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

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
    private static final double JITTER = 0.2;

    private final int capacity;
    private final long ackTimeoutNanos;
    private final DoubleSupplier chance;
    private final BufferBudget budget;
    private final ArrayDeque<EventFrame> unacknowledged = new ArrayDeque<>();
    private long bytes;
    private long lastDeliverySeq;
    private int attempts;
    private long waitingSinceNanos;
    private long patienceNanos;

    /**
     * @param chance of [0, 1): spreads what many sessions would send again at one time
     * @param budget the gateway's
     */
    DeliveryWindow(int capacity, long ackTimeoutNanos, DoubleSupplier chance, BufferBudget budget) {
        this.capacity = capacity;
        this.ackTimeoutNanos = ackTimeoutNanos;
        this.chance = chance;
        this.budget = budget;
    }

    boolean isFull() {
        return unacknowledged.size() >= capacity;
    }

    /** Of the frames that are not acknowledged. */
    long bytes() {
        return bytes;
    }

    /** The next frame to send. */
    EventFrame add(LiveEvent event, long nowNanos) {
        EventFrame frame = new EventFrame(++lastDeliverySeq, event);
        if (unacknowledged.isEmpty()) {
            attempts = 0;
            startWaiting(nowNanos);
        }
        unacknowledged.add(frame);
        bytes += frame.bytes();
        budget.add(frame.hold());
        return frame;
    }

    private void released(EventFrame frame) {
        bytes -= frame.bytes();
        budget.add(-frame.release());
    }

    /** The session has ended. */
    void clear() {
        unacknowledged.forEach(this::released);
        unacknowledged.clear();
    }

    /** What waits for its acknowledgement, in order. */
    List<EventFrame> unacknowledged() {
        return List.copyOf(unacknowledged);
    }

    /**
     * @param arrived hears each frame that is acknowledged by this
     * @return false where nothing with that number was ever sent
     */
    boolean acknowledge(long upTo, long nowNanos, Consumer<EventFrame> arrived) {
        if (upTo < 0 || upTo > lastDeliverySeq) {
            return false;
        }
        boolean progress = false;
        for (EventFrame first = unacknowledged.peek();
                first != null && first.deliverySeq() <= upTo;
                first = unacknowledged.peek()) {
            released(unacknowledged.remove());
            arrived.accept(first);
            progress = true;
        }
        if (progress) {
            attempts = 0;
            startWaiting(nowNanos);
        }
        return true;
    }

    /**
     * Waits twice as long after each attempt, give or take a fifth. A frame that the socket has not taken is not sent again:
     * the copy would wait behind it. Three attempts end the session all the same.
     *
     * @param nowMillis the wall clock's, which messages expire by
     */
    Overdue overdue(long nowNanos, long nowMillis) {
        if (unacknowledged.isEmpty() || nowNanos - waitingSinceNanos < patienceNanos) {
            return new Overdue.Nothing();
        }
        if (attempts == ATTEMPTS) {
            return new Overdue.GiveUp();
        }
        attempts++;
        startWaiting(nowNanos);
        int waiting = unacknowledged.size();
        unacknowledged.removeIf(frame -> {
            boolean expired = frame.event().isExpired(nowMillis);
            if (expired) {
                released(frame);
            }
            return expired;
        });
        return new Overdue.Resend(
                unacknowledged.stream().filter(frame -> !frame.isWaiting()).toList(), waiting - unacknowledged.size());
    }

    private void startWaiting(long nowNanos) {
        waitingSinceNanos = nowNanos;
        patienceNanos = (long) ((ackTimeoutNanos << attempts) * (1 + JITTER * (2 * chance.getAsDouble() - 1)));
    }
}
