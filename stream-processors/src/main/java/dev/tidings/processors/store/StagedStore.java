package dev.tidings.processors.store;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * A state store with the staged writes of the current record. Holds writes in memory until {@link #writeStaged}; reads
 * and ranges include them, in key order. Ranges run forwards only and do not include writes made after the range was
 * opened. Not thread-safe.
 */
final class StagedStore<V> implements KeyValueStore<String, V> {

    private final KeyValueStore<String, V> stored;
    private final WorkBudget budget;

    /** Staged values by key; an empty value marks a deletion. */
    private final TreeMap<String, Optional<V>> staged = new TreeMap<>(StoreKey.ORDER);

    StagedStore(KeyValueStore<String, V> stored, WorkBudget budget) {
        this.stored = stored;
        this.budget = budget;
    }

    /**
     * Writes the staged values to the store, each key once, in key order. A deletion is written as a null value, because
     * {@code delete} would also read and parse the deleted value.
     */
    @SuppressWarnings("NullAway") // Kafka's stores take null for a deletion
    void writeStaged() {
        staged.forEach((key, value) -> stored.put(key, value.orElse(null)));
    }

    void discardStaged() {
        budget.reset();
        if (!staged.isEmpty()) {
            staged.clear();
        }
    }

    @Override
    @SuppressWarnings("NullAway") // Kafka's own stores return null for a missing key
    public V get(String key) {
        budget.read();
        Optional<V> written = staged.isEmpty() ? null : staged.get(key);
        return written == null ? stored.get(key) : written.orElse(null);
    }

    @Override
    public void put(String key, @Nullable V value) {
        budget.write();
        if (value != null) {
            OutputLimits.require(stored.name(), key, value);
        }
        staged.put(key, Optional.ofNullable(value));
    }

    @Override
    @SuppressWarnings("NullAway") // as get
    public V putIfAbsent(String key, V value) {
        V before = get(key);
        if (before == null) {
            put(key, value);
        }
        return before;
    }

    @Override
    public void putAll(List<KeyValue<String, V>> entries) {
        entries.forEach(entry -> put(entry.key, entry.value));
    }

    @Override
    @SuppressWarnings("NullAway") // as get
    public V delete(String key) {
        V before = get(key);
        put(key, null);
        return before;
    }

    /** Both ends are inclusive; null means unbounded. */
    @Override
    public KeyValueIterator<String, V> range(@Nullable String from, @Nullable String to) {
        budget.read();
        return merged(stored.range(from, to), stagedBetween(from, to));
    }

    @Override
    public KeyValueIterator<String, V> all() {
        budget.read();
        return merged(stored.all(), staged);
    }

    private NavigableMap<String, Optional<V>> stagedBetween(@Nullable String from, @Nullable String to) {
        if (from != null && to != null) {
            return StoreKey.ORDER.compare(from, to) > 0 ? new TreeMap<>() : staged.subMap(from, true, to, true);
        }
        if (from != null) {
            return staged.tailMap(from, true);
        }
        return to != null ? staged.headMap(to, true) : staged;
    }

    private KeyValueIterator<String, V> merged(
            KeyValueIterator<String, V> storedEntries, NavigableMap<String, Optional<V>> stagedEntries) {
        List<KeyValue<String, Optional<V>>> written = new ArrayList<>();
        stagedEntries.forEach((key, value) -> written.add(new KeyValue<>(key, value)));
        return new MergedIterator<>(storedEntries, written.iterator(), budget);
    }

    @Override
    public long approximateNumEntries() {
        return stored.approximateNumEntries();
    }

    @Override
    public String name() {
        return stored.name();
    }

    @Override
    public boolean persistent() {
        return stored.persistent();
    }

    @Override
    public boolean isOpen() {
        return stored.isOpen();
    }

    @Override
    public void init(StateStoreContext context, org.apache.kafka.streams.processor.StateStore root) {
        throw new UnsupportedOperationException("the store itself is initialized, not its stage");
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException("the store itself is closed, not its stage");
    }
}
