package dev.tidings.processors.parts;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Who must not go without a gateway's end being heard of: by gateway slot and id, the earliest epoch that matters. So that
 * nobody need be searched for when a gateway is gone.
 */
public final class GatewayIndex {

    private final KeyValueStore<String, Long> ties;

    public GatewayIndex(StateStore<String, Long> store, ProcessorContext<?, ?> context) {
        this.ties = store.in(context);
    }

    public static StateStore<String, Long> store(String name) {
        return new StateStore<>(name, Serdes.String(), Serdes.Long());
    }

    /**
     * @param before which gateways it was tied to, as of the last call: epochs by slot
     * @param now which ones it is tied to from here on
     */
    public void put(String id, SortedMap<Integer, Long> before, SortedMap<Integer, Long> now) {
        before.forEach((slot, epoch) -> {
            if (!now.containsKey(slot)) {
                ties.delete(StoreKey.of(slot.toString(), id));
            }
        });
        now.forEach((slot, epoch) -> {
            if (!epoch.equals(before.get(slot))) {
                ties.put(StoreKey.of(slot.toString(), id), epoch);
            }
        });
    }

    /** The ids of those tied to this epoch of a gateway or an earlier one, at most so many, ascending. */
    public List<String> tiedTo(int slot, long epoch, int limit) {
        List<String> found = new ArrayList<>();
        String prefix = Integer.toString(slot);
        try (KeyValueIterator<String, Long> all = ties.range(StoreKey.firstOf(prefix), StoreKey.lastOf(prefix))) {
            while (all.hasNext() && found.size() < limit) {
                KeyValue<String, Long> tie = all.next();
                if (tie.value <= epoch) {
                    found.add(StoreKey.second(tie.key));
                }
            }
        }
        return found;
    }
}
