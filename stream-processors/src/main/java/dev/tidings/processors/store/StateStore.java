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
 */
public record StateStore<K, V>(
        String name, Serde<K> key, Serde<V> value, @Nullable StoreIndex index) {

    public StateStore(String name, Serde<K> key, Serde<V> value) {
        this(name, key, value, null);
    }

    /** The medium of a store's contents, besides its changelog. */
    public enum Kind {
        /** On disk. State may exceed memory, and a planned restart does not read the changelog. */
        ROCKSDB,
        MEMORY
    }

    public StoreBuilder<KeyValueStore<K, V>> builder(Kind kind) {
        KeyValueBytesStoreSupplier plain = switch (kind) {
            case ROCKSDB -> Stores.persistentKeyValueStore(name);
            case MEMORY -> Stores.inMemoryKeyValueStore(name);
        };
        return Stores.keyValueStoreBuilder(index == null ? plain : new IndexedStoreSupplier(plain, index), key, value);
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
