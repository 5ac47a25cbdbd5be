package dev.tidings.processors.supervision;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.jspecify.annotations.Nullable;

/**
 * An output could not be written. The producer aborts the transaction in any case, so the thread stops and all of it is
 * computed again; the input record is skipped then, if what it leads to can never be written. Without that, the same
 * record would stop every thread after this one.
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

    /** @param context names the record that was processed; without a topic where there was none */
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
