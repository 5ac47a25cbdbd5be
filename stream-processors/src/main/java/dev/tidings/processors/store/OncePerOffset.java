package dev.tidings.processors.store;

import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes each record of a partition to a processor once, and drops records that the state already contains. Normally
 * the group's committed position ensures that. If the position is lost (the group was deleted, or idle for longer than
 * {@code offsets.retention.minutes}), the topology reads its input from the beginning. Without this check, CONVERSATION
 * would then give every old message a new sequence number.
 *
 * <p>The offset of the last record is part of the state: it commits, aborts and is restored with all other effects of
 * the record. It is written through a cache, hence once per commit and not once per record.
 */
public final class OncePerOffset<KIn, VIn, KOut, VOut> implements Processor<KIn, VIn, KOut, VOut> {

    private static final Logger LOG = LoggerFactory.getLogger(OncePerOffset.class);

    /** The last offset of each input topic of a task; all inputs of a task have the same partition number. */
    private static final StateStore<String, Long> POSITIONS =
            new StateStore<>("positions", Serdes.String(), Serdes.Long()).cached();

    private static final long UNKNOWN = -2;
    private static final long NONE = -1;

    private final Processor<KIn, VIn, KOut, VOut> processor;

    @SuppressWarnings("NullAway.Init") // by init(), before the first record
    private ProcessorContext<KOut, VOut> context;

    @SuppressWarnings("NullAway.Init") // by init(), before the first record
    private KeyValueStore<String, Long> positions;

    @SuppressWarnings("NullAway.Init") // by init(), before the first record
    private Counts counts;

    private long last = UNKNOWN;
    private boolean dropping;

    public OncePerOffset(Processor<KIn, VIn, KOut, VOut> processor) {
        this.processor = processor;
    }

    /** Returns the store that every processor wrapped by this class needs. */
    public static StoreBuilder<KeyValueStore<String, Long>> store(StateStore.Kind kind) {
        return POSITIONS.builder(kind);
    }

    @Override
    public void init(ProcessorContext<KOut, VOut> context) {
        this.context = context;
        positions = POSITIONS.in(context);
        counts = new Counts(context, "position", "dropped");
        last = UNKNOWN; // a task that starts again after a failure has the state of its last commit
        processor.init(context);
    }

    @Override
    public void process(Record<KIn, VIn> record) {
        RecordMetadata at = context.recordMetadata().orElseThrow();
        if (last == UNKNOWN) {
            Long stored = positions.get(at.topic());
            last = stored == null ? NONE : stored;
        }
        if (at.offset() <= last) {
            drop(at);
            return;
        }
        dropping = false;
        last = at.offset();
        positions.put(at.topic(), last);
        processor.process(record);
    }

    private void drop(RecordMetadata at) {
        counts.count(at.topic());
        if (!dropping) {
            dropping = true;
            LOG.warn(
                    "input is older than the state and is dropped topic={} partition={} offset={} stateOffset={}",
                    at.topic(),
                    at.partition(),
                    at.offset(),
                    last);
        }
    }

    @Override
    public void close() {
        processor.close();
    }
}
