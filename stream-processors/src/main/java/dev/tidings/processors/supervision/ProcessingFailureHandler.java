package dev.tidings.processors.supervision;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles exceptions thrown while a record is processed.
 *
 * <ul>
 *   <li>Thrown by a processor before it wrote anything: the record becomes a dead letter, within the transaction.
 *   <li>Thrown by Kafka or a state store, or while an output was written: earlier outputs may have been written, so the
 *       transaction must not commit. The thread stops. If the failure is the record's own, the next thread skips the
 *       record; if the reason is unknown, the third one does ({@link Quarantine}).
 * </ul>
 */
public final class ProcessingFailureHandler implements ProcessingExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessingFailureHandler.class);

    /** The classes of Kafka Streams that pass outputs to the producer. */
    private static final Set<String> WRITING = Set.of(
            "org.apache.kafka.streams.processor.internals.SinkNode",
            "org.apache.kafka.streams.processor.internals.RecordCollectorImpl");

    private @Nullable Quarantine quarantine;

    @Override
    public void configure(Map<String, ?> configs) {
        quarantine = Supervisor.quarantineIn(configs);
    }

    @Override
    public Response handleError(ErrorHandlerContext context, Record<?, ?> record, Exception exception) {
        if (exception instanceof KafkaException || isRaisedByWriting(exception)) {
            if (quarantine != null && context.topic() != null) {
                blame(quarantine, context, exception);
            }
            return Response.fail();
        }
        LOG.warn(
                "poison record, see dead letters topic={} partition={} offset={} processor={}",
                context.topic(),
                context.partition(),
                context.offset(),
                context.processorNodeId(),
                exception);
        return Response.resume(List.of(DeadLetter.of(context, String.valueOf(exception))));
    }

    /**
     * Leaves failures of the producer to {@link ProductionFailureHandler}: Kafka Streams throws them at a later write, which
     * may be that of another record.
     */
    private static void blame(Quarantine quarantine, ErrorHandlerContext context, Exception exception) {
        if (Quarantine.isFaultOfRecord(exception) && !isRaisedByProducer(exception)) {
            quarantine.add(
                    context.topic(),
                    context.partition(),
                    context.offset(),
                    "its outcome cannot be written: " + exception.getClass().getSimpleName());
        } else {
            quarantine.failed(context.topic(), context.partition(), context.offset(), exception);
        }
    }

    private static boolean isRaisedByProducer(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ApiException) {
                return true;
            }
        }
        return false;
    }

    private static boolean isRaisedByWriting(Exception exception) {
        return Arrays.stream(exception.getStackTrace()).anyMatch(frame -> WRITING.contains(frame.getClassName()));
    }
}
