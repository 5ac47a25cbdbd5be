package dev.tidings.connectors.push;

import dev.tidings.connectors.push.PushDelivery.CollapseTarget;
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

    private final Map<CollapseTarget, PushDelivery> waiting = new HashMap<>();

    /** The seq of the last one sent. */
    private final Map<CollapseTarget, Long> sent = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<CollapseTarget, Long> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };

    /** Returns true if a newer one waits or was sent. */
    boolean isSuperseded(PushDelivery delivery) {
        if (!delivery.isCollapsible()) {
            return false;
        }
        PushDelivery other = waiting.get(delivery.collapseTarget());
        boolean newerWaits = other != null
                && other.notification().getSeq() > delivery.notification().getSeq();
        return newerWaits || isNewerSent(delivery);
    }

    boolean isNewerSent(PushDelivery delivery) {
        return delivery.isCollapsible()
                && sent.getOrDefault(delivery.collapseTarget(), 0L)
                        > delivery.notification().getSeq();
    }

    /** Makes the delivery the newest of its key. Returns the one it replaces, or null. */
    @Nullable
    PushDelivery add(PushDelivery delivery) {
        return delivery.isCollapsible() ? waiting.put(delivery.collapseTarget(), delivery) : null;
    }

    /** Returns true if a newer delivery of the key has replaced this one. */
    boolean isReplaced(PushDelivery delivery) {
        return delivery.isCollapsible() && waiting.get(delivery.collapseTarget()) != delivery;
    }

    /** Removes the delivery from the waiting ones. */
    void remove(PushDelivery delivery) {
        if (delivery.isCollapsible()) {
            waiting.remove(delivery.collapseTarget(), delivery);
        }
    }

    void sent(PushDelivery delivery) {
        if (delivery.isCollapsible()) {
            sent.merge(delivery.collapseTarget(), delivery.notification().getSeq(), Math::max);
        }
    }

    void removeIf(Predicate<PushDelivery> filter) {
        waiting.values().removeIf(filter);
    }
}
