package dev.tidings.gateway.session;

import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Events;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The durable frames of one session that its client has not acknowledged yet, in order. Numbers them from 1, takes
 * cumulative acknowledgements, and says what has to be sent again. Not thread-safe; knows no clock: the time comes in.
 */
final class DeliveryWindow {

    /** What is to be done about frames that were not acknowledged in time. */
    sealed interface Overdue {
        record Nothing() implements Overdue {}

        record Resend(List<Events> frames) implements Overdue {}

        /** Sent several times to no avail. */
        record GiveUp() implements Overdue {}
    }

    private static final int ATTEMPTS = 3;
    private static final int REMEMBERED_CONVERSATIONS = 512;

    private final int capacity;
    private final long ackTimeoutNanos;
    private final ArrayDeque<Events> unacknowledged = new ArrayDeque<>();
    private final Map<String, Long> lastSeqs = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > REMEMBERED_CONVERSATIONS;
        }
    };
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

    /**
     * The next frame to send, or null where this event has been delivered before: the live path repeats itself when a
     * topology recovers from a crash.
     */
    @Nullable
    Events add(ConversationEvent event, long nowNanos) {
        if (event.getSeq() > 0) {
            Long last = lastSeqs.get(event.getConversationId());
            if (last != null && event.getSeq() <= last) {
                return null;
            }
            lastSeqs.put(event.getConversationId(), event.getSeq());
        }
        Events frame = Events.newBuilder()
                .setDeliverySeq(++lastDeliverySeq)
                .setConversationId(event.getConversationId())
                .addEvents(event)
                .build();
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
        for (Events first = unacknowledged.peek();
                first != null && first.getDeliverySeq() <= upTo;
                first = unacknowledged.peek()) {
            unacknowledged.remove();
            progress = true;
        }
        if (progress) {
            startWaiting(nowNanos);
        }
        return true;
    }

    /** Waits twice as long after each attempt. */
    Overdue overdue(long nowNanos) {
        if (unacknowledged.isEmpty() || nowNanos - waitingSinceNanos < ackTimeoutNanos << attempts) {
            return new Overdue.Nothing();
        }
        if (attempts == ATTEMPTS) {
            return new Overdue.GiveUp();
        }
        attempts++;
        waitingSinceNanos = nowNanos;
        return new Overdue.Resend(new ArrayList<>(unacknowledged));
    }

    private void startWaiting(long nowNanos) {
        attempts = 0;
        waitingSinceNanos = nowNanos;
    }
}
