package dev.tidings.processors.supervision;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.jspecify.annotations.Nullable;

/**
 * Handles an output that cannot be written. The producer aborts the transaction, so the thread stops and its input is
 * processed again. If the failure is permanent and caused by the record, the input record is quarantined: otherwise it
 * would stop every later thread, too.
 */
public final class ProductionFailureHandler implements ProductionExceptionHandler {

    private @Nullable Quarantine quarantine;

    @Override
    public void configure(Map<String, ?> configs) {
        quarantine = Supervisor.quarantineIn(configs);
    }

    @Override
    public Response handleError(
            ErrorHandlerContext context, ProducerRecord<byte[], byte[]> output, Exception exception) {
        if (exception instanceof RetriableException) {
            return Response.retry();
        }
        if (Quarantine.isFaultOfRecord(exception)) {
            skip(context, output.topic(), exception);
        }
        return Response.fail();
    }

    @Override
    @SuppressWarnings("rawtypes") // of Kafka Streams
    public Response handleSerializationError(
            ErrorHandlerContext context,
            ProducerRecord output,
            Exception exception,
            SerializationExceptionOrigin origin) {
        skip(context, output.topic(), exception);
        return Response.fail();
    }

    /**
     * Quarantines the input record, if there is one.
     *
     * @param context names the input record; its topic is null if there is none
     */
    private void skip(ErrorHandlerContext context, String outputTopic, Exception exception) {
        if (quarantine != null && context.topic() != null) {
            quarantine.add(
                    context.topic(),
                    context.partition(),
                    context.offset(),
                    "its outcome cannot be written to " + outputTopic + ": " + Failures.kind(exception));
        }
    }
}
