package dev.tidings.processors.store;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/**
 * Iterates over the entries of a store with the staged writes applied, in key order. Each entry read counts as work.
 */
final class MergedIterator<V> implements KeyValueIterator<String, V> {

    private final KeyValueIterator<String, V> stored;
    private final Iterator<KeyValue<String, Optional<V>>> staged;
    private final WorkBudget budget;
    private @Nullable KeyValue<String, V> nextStored;
    private @Nullable KeyValue<String, Optional<V>> nextStaged;
    private @Nullable KeyValue<String, V> next;

    /** @param staged in key order; an empty value marks a deletion */
    MergedIterator(
            KeyValueIterator<String, V> stored, Iterator<KeyValue<String, Optional<V>>> staged, WorkBudget budget) {
        this.stored = stored;
        this.staged = staged;
        this.budget = budget;
    }

    @Override
    public boolean hasNext() {
        if (next == null) {
            next = read();
        }
        return next != null;
    }

    @Override
    public KeyValue<String, V> next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException();
        }
        KeyValue<String, V> current = next;
        next = null;
        return current;
    }

    @Override
    public String peekNextKey() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException();
        }
        return next.key;
    }

    @Override
    public void close() {
        stored.close();
    }

    private @Nullable KeyValue<String, V> read() {
        while (true) {
            if (nextStored == null && stored.hasNext()) {
                budget.read();
                nextStored = stored.next();
            }
            if (nextStaged == null && staged.hasNext()) {
                budget.read();
                nextStaged = staged.next();
            }
            if (nextStaged == null) {
                KeyValue<String, V> entry = nextStored;
                nextStored = null;
                return entry;
            }
            int order = nextStored == null ? 1 : StoreKey.ORDER.compare(nextStored.key, nextStaged.key);
            if (order < 0) {
                KeyValue<String, V> entry = nextStored;
                nextStored = null;
                return entry;
            }
            if (order == 0) {
                nextStored = null;
            }
            KeyValue<String, Optional<V>> written = nextStaged;
            nextStaged = null;
            if (written.value.isPresent()) {
                return new KeyValue<>(written.key, written.value.get());
            }
        }
    }
}
