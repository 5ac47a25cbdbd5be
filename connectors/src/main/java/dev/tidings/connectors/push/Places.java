package dev.tidings.connectors.push;

import dev.tidings.connectors.push.PushDelivery.Place;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which delivery has the place at its device: the newest that waits. An older one that waits, too, has lost its place and is
 * passed over when its turn comes. Nothing is sent after something newer, as far as the last 20,000 places are concerned.
 * Deliveries without a collapse key take no place. Not for several threads.
 */
final class Places {

    static final int MAX_REMEMBERED = 20_000;

    private final Map<Place, PushDelivery> waiting = new HashMap<>();

    /** The seq of what was sent last. */
    private final Map<Place, Long> sent = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Place, Long> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };

    /** Whether something newer waits or was sent. */
    boolean isTaken(PushDelivery delivery) {
        if (!delivery.isCollapsible()) {
            return false;
        }
        PushDelivery other = waiting.get(delivery.place());
        boolean newerWaits = other != null
                && other.notification().getSeq() > delivery.notification().getSeq();
        return newerWaits || newerWasSent(delivery);
    }

    boolean newerWasSent(PushDelivery delivery) {
        return delivery.isCollapsible()
                && sent.getOrDefault(delivery.place(), 0L)
                        > delivery.notification().getSeq();
    }

    /** Returns what has lost the place by that; null: nothing. */
    @Nullable
    PushDelivery take(PushDelivery delivery) {
        return delivery.isCollapsible() ? waiting.put(delivery.place(), delivery) : null;
    }

    boolean hasLost(PushDelivery delivery) {
        return delivery.isCollapsible() && waiting.get(delivery.place()) != delivery;
    }

    /** It waits no longer. */
    void leave(PushDelivery delivery) {
        if (delivery.isCollapsible()) {
            waiting.remove(delivery.place(), delivery);
        }
    }

    void sent(PushDelivery delivery) {
        if (delivery.isCollapsible()) {
            sent.merge(delivery.place(), delivery.notification().getSeq(), Math::max);
        }
    }

    void forget(Predicate<PushDelivery> gone) {
        waiting.values().removeIf(gone);
    }
}
