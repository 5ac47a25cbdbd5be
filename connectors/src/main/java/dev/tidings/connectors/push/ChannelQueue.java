package dev.tidings.connectors.push;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The waiting deliveries of one channel, and those in flight. Each channel has a queue of its own, so no channel delays another.
 *
 * <p>A device has one attempt at a time, and devices take turns. Devices whose last attempt failed share a few slots, so slow ones
 * never take all. Not thread-safe.
 */
final class ChannelQueue {

    static final int AT_ONCE = 32;
    static final int AT_ONCE_AFTER_A_FAILURE = 8;
    static final int MAX_WAITING = 2_000;
    static final int MAX_WAITING_PER_DEVICE = 8;

    private static final int MAX_FAILING_DEVICES = 10_000;

    private final ChannelCircuitBreaker circuit = new ChannelCircuitBreaker();
    private final Map<Device, Deque<PushDelivery>> waiting = new HashMap<>();
    private final Deque<Device> ready = new ArrayDeque<>();
    private final Deque<Device> readyAfterAFailure = new ArrayDeque<>();
    /** Devices in flight, and whether each takes one of the slots of failing devices. */
    private final Map<Device, Boolean> inFlight = new HashMap<>();

    private final Set<Device> failing = Collections.newSetFromMap(new LinkedHashMap<Device, Boolean>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Device, Boolean> eldest) {
            return size() > MAX_FAILING_DEVICES;
        }
    });

    private int waitingCount;
    private int failingInFlight;

    ChannelCircuitBreaker circuit() {
        return circuit;
    }

    /** Returns true if the queue is full for this device. */
    boolean isFullFor(Device device) {
        Deque<PushDelivery> others = waiting.get(device);
        return waitingCount >= MAX_WAITING || others != null && others.size() >= MAX_WAITING_PER_DEVICE;
    }

    void add(PushDelivery delivery) {
        Device device = delivery.device();
        Deque<PushDelivery> others = waiting.get(device);
        if (others == null) {
            others = new ArrayDeque<>();
            waiting.put(device, others);
            if (!inFlight.containsKey(device)) {
                becomesReady(device);
            }
        }
        others.add(delivery);
        waitingCount++;
    }

    /** Takes the next delivery to attempt, which is in flight from now on; null if none may begin now. */
    @Nullable
    PushDelivery begin(long nowMillis) {
        if (!circuit.allows(nowMillis, inFlight.size()) || inFlight.size() >= AT_ONCE) {
            return null;
        }
        Device device = ready.poll();
        boolean isFailing = device == null;
        if (isFailing && failingInFlight < AT_ONCE_AFTER_A_FAILURE) {
            device = readyAfterAFailure.poll();
        }
        if (device == null) {
            return null;
        }
        Deque<PushDelivery> of = waiting.get(device);
        PushDelivery delivery = of == null ? null : of.poll();
        if (of == null || delivery == null) {
            throw new IllegalStateException("a device is ready and nothing waits for it");
        }
        if (of.isEmpty()) {
            waiting.remove(device);
        }
        waitingCount--;
        failingInFlight += isFailing ? 1 : 0;
        inFlight.put(device, isFailing);
        return delivery;
    }

    /** @param hasFailed whether the attempt failed and may be retried */
    void ended(PushDelivery delivery, boolean hasFailed, long nowMillis) {
        Device device = delivery.device();
        if (Boolean.TRUE.equals(inFlight.remove(device))) {
            failingInFlight--;
        }
        if (hasFailed) {
            failing.add(device);
            circuit.failed(device, nowMillis);
        } else {
            failing.remove(device);
            circuit.succeeded();
        }
        if (waiting.containsKey(device)) {
            becomesReady(device);
        }
    }

    /** Ends an attempt that sent nothing, so that it says nothing about the channel. */
    void endedUnsent(PushDelivery delivery) {
        Device device = delivery.device();
        if (Boolean.TRUE.equals(inFlight.remove(device))) {
            failingInFlight--;
        }
        if (waiting.containsKey(device)) {
            becomesReady(device);
        }
    }

    /** Removes and returns the waiting deliveries that match. */
    List<PushDelivery> take(Predicate<PushDelivery> wanted) {
        List<PushDelivery> taken = new ArrayList<>();
        Set<Device> gone = new HashSet<>();
        waiting.forEach((device, deliveries) -> {
            deliveries.removeIf(delivery -> wanted.test(delivery) && taken.add(delivery));
            if (deliveries.isEmpty()) {
                gone.add(device);
            }
        });
        if (!gone.isEmpty()) {
            waiting.keySet().removeAll(gone);
            ready.removeAll(gone);
            readyAfterAFailure.removeAll(gone);
        }
        waitingCount -= taken.size();
        return taken;
    }

    int waiting() {
        return waitingCount;
    }

    int inFlight() {
        return inFlight.size();
    }

    private void becomesReady(Device device) {
        (failing.contains(device) ? readyAfterAFailure : ready).add(device);
    }
}
