package dev.tidings.processors.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * A store of bytes that also contains the records which a {@link StoreIndex} derives. It is below the layer of Kafka Streams
 * that writes the changelog, which therefore contains the written records only. Restoring, for active and standby tasks, derives
 * again. A record and its derived records are written in one batch. Not thread-safe, except as the inner store is.
 *
 * <pre>
 * processor ─▶ serialization ─▶ change logging ─▶ IndexedStore ─▶ RocksDB or memory
 *                                     │                ▲
 *                                     ▼                │
 *                                 changelog ───── restoring
 * </pre>
 */
final class IndexedStore implements KeyValueStore<Bytes, byte[]> {

    private final KeyValueStore<Bytes, byte[]> stored;
    private final StoreIndex index;

    IndexedStore(KeyValueStore<Bytes, byte[]> stored, StoreIndex index) {
        this.stored = stored;
        this.index = index;
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        stored.init(new RestoringContext(context, this::restore), root);
    }

    /** Applies records of the changelog, in its order; a null value is a deletion. */
    private void restore(Collection<KeyValue<byte[], byte[]>> records) {
        Map<Bytes, byte[]> changes = new LinkedHashMap<>();
        records.forEach(record -> change(changes, Bytes.wrap(record.key), record.value));
        write(changes);
    }

    @Override
    public void put(Bytes key, byte @Nullable [] value) {
        Map<Bytes, byte[]> changes = new LinkedHashMap<>();
        change(changes, key, value);
        write(changes);
    }

    @Override
    public void putAll(List<KeyValue<Bytes, byte[]>> records) {
        Map<Bytes, byte[]> changes = new LinkedHashMap<>();
        records.forEach(record -> change(changes, record.key, record.value));
        write(changes);
    }

    @Override
    public byte @Nullable [] putIfAbsent(Bytes key, byte[] value) {
        byte[] before = stored.get(key);
        if (before == null) {
            put(key, value);
        }
        return before;
    }

    @Override
    public byte @Nullable [] delete(Bytes key) {
        byte[] before = stored.get(key);
        put(key, null);
        return before;
    }

    /** Adds the change of a record and of its derived records to the changes of a batch. */
    private void change(Map<Bytes, byte[]> changes, Bytes key, byte @Nullable [] value) {
        if (value != null) {
            changes.put(key, value);
            index.derivedFrom(key, value).forEach(derived -> changes.put(derived.key, derived.value));
            return;
        }
        byte[] before = changes.containsKey(key) ? changes.get(key) : stored.get(key);
        if (before != null) {
            changes.put(key, null);
            index.deletedWith(key, before).forEach(derived -> changes.put(derived, null));
        }
    }

    private void write(Map<Bytes, byte[]> changes) {
        List<KeyValue<Bytes, byte[]>> batch = new ArrayList<>(changes.size());
        changes.forEach((key, value) -> batch.add(new KeyValue<>(key, value)));
        stored.putAll(batch);
    }

    @Override
    public byte @Nullable [] get(Bytes key) {
        return stored.get(key);
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> range(@Nullable Bytes from, @Nullable Bytes to) {
        return stored.range(from, to);
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> reverseRange(@Nullable Bytes from, @Nullable Bytes to) {
        return stored.reverseRange(from, to);
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> all() {
        return stored.all();
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> reverseAll() {
        return stored.reverseAll();
    }

    @Override
    public <S extends Serializer<P>, P> KeyValueIterator<Bytes, byte[]> prefixScan(P prefix, S serializer) {
        return stored.prefixScan(prefix, serializer);
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
    public void commit(Map<TopicPartition, Long> changelogOffsets) {
        stored.commit(changelogOffsets);
    }

    @Override
    @SuppressWarnings("deprecation") // Kafka Streams still asks the store
    public boolean managesOffsets() {
        return stored.managesOffsets();
    }

    @Override
    public @Nullable Long committedOffset(TopicPartition partition) {
        return stored.committedOffset(partition);
    }

    @Override
    public Position getPosition() {
        return stored.getPosition();
    }

    @Override
    public void close() {
        stored.close();
    }
}
