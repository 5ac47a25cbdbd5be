package dev.tidings.processors.store;

import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * Declares a state store with its types. The same declaration adds the store to a topology and gets it in a processor.
 *
 * @param index derives further records of the store; null if there are none
 * @param isCached a commit writes each changed key once; see {@link #cached}
 */
public record StateStore<K, V>(
        String name, Serde<K> key, Serde<V> value, @Nullable StoreIndex index, boolean isCached) {

    public StateStore(String name, Serde<K> key, Serde<V> value) {
        this(name, key, value, null, false);
    }

    public StateStore(String name, Serde<K> key, Serde<V> value, @Nullable StoreIndex index) {
        this(name, key, value, index, false);
    }

    /** The medium of a store's contents, besides its changelog. */
    public enum Kind {
        /** On disk. State may exceed memory, and a planned restart does not read the changelog. */
        ROCKSDB,
        MEMORY
    }

    /**
     * Returns the store with a record cache: several writes of a key within a transaction become one write, at the
     * commit. For keys that change with nearly every record.
     */
    public StateStore<K, V> cached() {
        return new StateStore<>(name, key, value, index, true);
    }

    public StoreBuilder<KeyValueStore<K, V>> builder(Kind kind) {
        KeyValueBytesStoreSupplier plain = switch (kind) {
            case ROCKSDB -> Stores.persistentKeyValueStore(name);
            case MEMORY -> Stores.inMemoryKeyValueStore(name);
        };
        StoreBuilder<KeyValueStore<K, V>> builder =
                Stores.keyValueStoreBuilder(index == null ? plain : new IndexedStoreSupplier(plain, index), key, value);
        return isCached ? builder.withCachingEnabled() : builder;
    }

    private record IndexedStoreSupplier(KeyValueBytesStoreSupplier plain, StoreIndex index)
            implements KeyValueBytesStoreSupplier {

        @Override
        public String name() {
            return plain.name();
        }

        @Override
        public KeyValueStore<Bytes, byte[]> get() {
            return new IndexedStore(plain.get(), index);
        }

        @Override
        public String metricsScope() {
            return plain.metricsScope();
        }
    }

    /** Gets the store without counting its reads as work: for state that is read once per task and cached in memory. */
    public KeyValueStore<K, V> uncountedIn(ProcessorContext<?, ?> context) {
        return context instanceof UnitOfWork<?, ?> work ? work.uncountedStore(name) : in(context);
    }

    public KeyValueStore<K, V> in(ProcessorContext<?, ?> context) {
        return context.getStateStore(name);
    }
}
