package dev.tidings.processors.store;

import dev.tidings.schemas.Limits;
import java.io.File;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.StreamsMetrics;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.Punctuator;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Collects all writes of one record and applies all of them or none. A processor has no other context: its stores hold
 * writes back, and {@link #forward} collects outputs. Each output and each state value is measured when it is made.
 * {@link #write} applies everything, the stores first.
 *
 * <pre>
 *            get, put, range, forward               write
 * (empty) ─────────────────────────────▶ staged ───────────▶ (empty)
 *                                          │
 *                                          └── discard: an exception, a limit ──▶ (empty), nothing was written
 * </pre>
 *
 * <p>Not thread-safe; belongs to one task.
 */
public final class UnitOfWork<K, V> implements ProcessorContext<K, V> {

    private final ProcessorContext<K, V> context;
    private final WorkBudget budget;
    private final Map<String, StagedStore<?>> stores = new LinkedHashMap<>();
    private final List<Output<K, V>> outputs = new ArrayList<>();

    /** @param sink the name of the sink; null for all sinks */
    private record Output<K, V>(
            Record<? extends K, ? extends V> record,
            @Nullable String sink) {}

    public UnitOfWork(ProcessorContext<K, V> context) {
        this(context, new WorkBudget(Limits.STORE_OPERATIONS_PER_RECORD, Limits.STORE_WRITES_PER_RECORD));
    }

    UnitOfWork(ProcessorContext<K, V> context, WorkBudget budget) {
        this.context = context;
        this.budget = budget;
    }

    /**
     * Writes everything that is staged, and starts an empty unit.
     *
     * @throws KafkaException if a write fails; the failure is not the record's fault, and some writes may be done
     */
    void write() {
        try {
            stores.values().forEach(StagedStore::writeStaged);
            outputs.forEach(this::write);
        } catch (KafkaException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new StreamsException("the outputs of a record cannot be written", e);
        } finally {
            discard();
        }
    }

    /** Discards everything that is staged, and starts an empty unit. */
    void discard() {
        stores.values().forEach(StagedStore::discardStaged);
        outputs.clear();
    }

    private void write(Output<K, V> output) {
        if (output.sink() == null) {
            context.forward(output.record());
        } else {
            context.forward(output.record(), output.sink());
        }
    }

    @Override
    public <K1 extends K, V1 extends V> void forward(Record<K1, V1> record) {
        OutputLimits.require(record);
        outputs.add(new Output<>(record, null));
    }

    @Override
    public <K1 extends K, V1 extends V> void forward(Record<K1, V1> record, String sink) {
        OutputLimits.require(record);
        outputs.add(new Output<>(record, sink));
    }

    /** Returns a key-value store with text keys; every store of the topologies has such keys. */
    @Override
    @SuppressWarnings("unchecked") // as in Kafka's own context: the caller knows the type of its store
    public <S extends org.apache.kafka.streams.processor.StateStore> S getStateStore(String name) {
        return (S) stores.computeIfAbsent(name, this::staged);
    }

    /** Returns a store whose reads are not counted. Must be called before {@link #getStateStore} of the same name. */
    @SuppressWarnings("unchecked") // as getStateStore
    <S extends org.apache.kafka.streams.processor.StateStore> S uncountedStore(String name) {
        WorkBudget onlyWrites = new WorkBudget(Integer.MAX_VALUE, Limits.STORE_WRITES_PER_RECORD);
        return (S) stores.computeIfAbsent(name, first -> staged(first, onlyWrites));
    }

    private StagedStore<?> staged(String name) {
        return staged(name, budget);
    }

    private StagedStore<?> staged(String name, WorkBudget some) {
        KeyValueStore<String, ?> store = context.getStateStore(name);
        return new StagedStore<>(store, some);
    }

    @Override
    public String applicationId() {
        return context.applicationId();
    }

    @Override
    public TaskId taskId() {
        return context.taskId();
    }

    @Override
    public Optional<RecordMetadata> recordMetadata() {
        return context.recordMetadata();
    }

    @Override
    public Serde<?> keySerde() {
        return context.keySerde();
    }

    @Override
    public Serde<?> valueSerde() {
        return context.valueSerde();
    }

    @Override
    public File stateDir() {
        return context.stateDir();
    }

    @Override
    public StreamsMetrics metrics() {
        return context.metrics();
    }

    @Override
    public Cancellable schedule(Duration interval, PunctuationType type, Punctuator callback) {
        throw outsideOfRecords();
    }

    @Override
    public Cancellable schedule(Instant start, Duration interval, PunctuationType type, Punctuator callback) {
        throw outsideOfRecords();
    }

    private static UnsupportedOperationException outsideOfRecords() {
        return new UnsupportedOperationException(
                "punctuations are not supported: they belong to no record and read a clock");
    }

    @Override
    public void commit() {
        context.commit();
    }

    @Override
    public Map<String, Object> appConfigs() {
        return context.appConfigs();
    }

    @Override
    public Map<String, Object> appConfigsWithPrefix(String prefix) {
        return context.appConfigsWithPrefix(prefix);
    }

    @Override
    public long currentSystemTimeMs() {
        throw new UnsupportedOperationException("topologies must not read a clock");
    }

    @Override
    public long currentStreamTimeMs() {
        return context.currentStreamTimeMs();
    }
}
