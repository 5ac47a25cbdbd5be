package dev.tidings.processors.parts;

import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** A state store, as one typed value: built into a topology, and found again by its processors. */
public record StateStore<K, V>(String name, Serde<K> key, Serde<V> value) {

    /** Where the contents of stores live beside their changelog. */
    public enum Kind {
        /** On disk: state may be larger than memory, and a planned restart need not read the changelog. */
        ROCKSDB,
        MEMORY
    }

    public StoreBuilder<KeyValueStore<K, V>> builder(Kind kind) {
        return Stores.keyValueStoreBuilder(
                switch (kind) {
                    case ROCKSDB -> Stores.persistentKeyValueStore(name);
                    case MEMORY -> Stores.inMemoryKeyValueStore(name);
                },
                key,
                value);
    }

    /** For what is read once for all records of a task and kept in memory: reading it is no record's work. */
    public KeyValueStore<K, V> uncountedIn(ProcessorContext<?, ?> context) {
        return context instanceof UnitOfWork<?, ?> work ? work.uncountedStore(name) : in(context);
    }

    public KeyValueStore<K, V> in(ProcessorContext<?, ?> context) {
        return context.getStateStore(name);
    }
}
