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
 * What waits for one channel, and how much of it is attempted at once. Each channel has a lane of its own, so none delays
 * another.
 *
 * <p>Within a lane a device has one attempt at a time, and devices take turns. Devices at which the last attempt failed share
 * a few places: however long they take, the others keep theirs. Not for several threads.
 */
final class Lane {

    static final int AT_ONCE = 32;
    static final int AT_ONCE_AFTER_A_FAILURE = 8;
    static final int MAX_WAITING = 2_000;
    static final int MAX_WAITING_PER_DEVICE = 8;

    private static final int MAX_FAILING_DEVICES = 10_000;

    private final CircuitBreaker circuit = new CircuitBreaker();
    private final Map<Device, Deque<PushDelivery>> waiting = new HashMap<>();
    private final Deque<Device> ready = new ArrayDeque<>();
    private final Deque<Device> readyAfterAFailure = new ArrayDeque<>();
    /** With whether the device takes one of the few places. */
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

    CircuitBreaker circuit() {
        return circuit;
    }

    /** Whether it takes no more for this device now. */
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

    /** The next to attempt, which is in flight from now on; null: none may begin now. */
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

    /** @param hasFailed whether the channel could not carry it now */
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

    /** An attempt that has shown nothing of the channel, because nothing was sent. */
    void endedUnsent(PushDelivery delivery) {
        Device device = delivery.device();
        if (Boolean.TRUE.equals(inFlight.remove(device))) {
            failingInFlight--;
        }
        if (waiting.containsKey(device)) {
            becomesReady(device);
        }
    }

    /** Takes out of it, and returns, what is wanted of what waits. */
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
