package dev.tidings.processors.store;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Indexes ids by the gateways that they depend on: by gateway slot and id, the earliest relevant epoch. When a gateway
 * is gone, the affected ids are found without a search through all state.
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
     * Replaces the gateways of an id.
     *
     * @param before the gateways as of the last call: epochs by slot
     * @param now the gateways from now on: epochs by slot
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

    /**
     * One page of the ids that depend on this epoch of a gateway or an earlier one.
     *
     * @param ids ascending
     * @param next the id after which the next page starts; empty on the last page
     */
    public record Page(List<String> ids, String next) {}

    /**
     * Reads at most {@code limit} entries of the gateway's slot and returns those that match.
     *
     * @param afterId the id after which to start; empty for the first page
     */
    public Page tiedTo(int slot, long epoch, String afterId, int limit) {
        List<String> found = new ArrayList<>();
        String prefix = Integer.toString(slot);
        String from = afterId.isEmpty() ? StoreKey.firstOf(prefix) : StoreKey.after(StoreKey.of(prefix, afterId));
        try (KeyValueIterator<String, Long> all = ties.range(from, StoreKey.lastOf(prefix))) {
            for (int seen = 1; all.hasNext(); seen++) {
                KeyValue<String, Long> tie = all.next();
                String id = StoreKey.second(tie.key);
                if (tie.value <= epoch) {
                    found.add(id);
                }
                if (seen == limit && all.hasNext()) {
                    return new Page(found, id);
                }
            }
        }
        return new Page(found, "");
    }
}
