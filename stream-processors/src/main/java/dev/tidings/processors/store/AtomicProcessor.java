package dev.tidings.processors.store;

import dev.tidings.processors.supervision.CurrentInput;
import dev.tidings.schemas.check.Refusals;
import dev.tidings.v1.Refusal;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * A processor that handles each record as a unit of work ({@link UnitOfWork}). If {@link #handle} throws, nothing is
 * written. If the failure is the record's own fault, the exception handler makes a dead letter of the record and the
 * topology continues. An exception of Kafka or of a state store stops the thread.
 */
public abstract class AtomicProcessor<KIn, VIn, KOut, VOut> implements Processor<KIn, VIn, KOut, VOut> {

    @SuppressWarnings("NullAway.Init") // by init(), before the first record
    private UnitOfWork<KOut, VOut> work;

    @SuppressWarnings("NullAway.Init") // by init(), before the first record
    private Counts failures;

    @Override
    public final void init(ProcessorContext<KOut, VOut> context) {
        work = new UnitOfWork<>(context);
        failures = new Counts(context, "record", "failed");
        open(work);
    }

    /**
     * Gets the state stores and other dependencies of the processor. The stores are not restored yet.
     *
     * @param context the unit of work; the processor has no other access to stores and outputs
     */
    protected abstract void open(ProcessorContext<KOut, VOut> context);

    /** Reads, decides, then writes. An exception is the record's fault, unless Kafka or a store throws it. */
    protected abstract void handle(Record<KIn, VIn> record);

    /** Drops values in memory that were derived from the record, after its writes were discarded. */
    protected void discarded(Record<KIn, VIn> record) {}

    /** Sends the refusal to the sender of a record that exceeded a limit, if the record names a sender. */
    protected void refuse(Record<KIn, VIn> record, Refusal refusal) {}

    protected final ProcessorContext<KOut, VOut> context() {
        return work;
    }

    @Override
    public final void process(Record<KIn, VIn> record) {
        CurrentInput.set(work.recordMetadata().orElse(null));
        try {
            decideAndWrite(record);
        } finally {
            CurrentInput.set(null);
        }
    }

    private void decideAndWrite(Record<KIn, VIn> record) {
        try {
            decide(record);
        } catch (KafkaException e) {
            discard(record);
            throw e;
        } catch (RuntimeException fault) {
            discard(record);
            failures.count(kindOf(fault));
            if (fault instanceof LimitExceededException limit) {
                refuse(record, limit);
            }
            throw fault;
        }
        work.write();
    }

    /** Handles the record. A stack overflow is the record's own fault, because it repeats with every attempt. */
    private void decide(Record<KIn, VIn> record) {
        try {
            handle(record);
        } catch (StackOverflowError e) {
            throw new IllegalStateException("the record needs a deeper stack than a thread has", e);
        }
    }

    private void refuse(Record<KIn, VIn> record, LimitExceededException limit) {
        try {
            refuse(record, Refusals.of(Refusal.Reason.COMMAND_TOO_LARGE, String.valueOf(limit.getMessage())));
        } catch (KafkaException e) {
            discard(record);
            throw e;
        } catch (RuntimeException noAnswer) {
            discard(record);
            limit.addSuppressed(noAnswer);
            return;
        }
        work.write();
    }

    private void discard(Record<KIn, VIn> record) {
        work.discard();
        discarded(record);
    }

    private static String kindOf(RuntimeException fault) {
        return fault instanceof LimitExceededException limit
                ? switch (limit.kind()) {
                    case SIZE -> "TOO_LARGE";
                    case WORK -> "TOO_MUCH_WORK";
                }
                : "UNREADABLE";
    }
}
