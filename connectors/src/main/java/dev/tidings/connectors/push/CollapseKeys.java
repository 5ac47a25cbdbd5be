package dev.tidings.connectors.push;

import dev.tidings.connectors.push.PushDelivery.Place;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the newest waiting delivery per device and collapse key. Older ones are skipped at their turn. Nothing is sent after a newer
 * notification, as far as the last 20,000 keys are concerned. Deliveries without a collapse key are not collapsed. Not
 * thread-safe.
 */
final class CollapseKeys {

    static final int MAX_REMEMBERED = 20_000;

    private final Map<Place, PushDelivery> waiting = new HashMap<>();

    /** The seq of the last one sent. */
    private final Map<Place, Long> sent = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Place, Long> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };

    /** Whether a newer one waits or was sent. */
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

    /** Makes the delivery the newest of its key. Returns the one it replaces, or null. */
    @Nullable
    PushDelivery take(PushDelivery delivery) {
        return delivery.isCollapsible() ? waiting.put(delivery.place(), delivery) : null;
    }

    boolean hasLost(PushDelivery delivery) {
        return delivery.isCollapsible() && waiting.get(delivery.place()) != delivery;
    }

    /** The delivery waits no longer. */
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
