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
            if (GuardedConsumer.isOnStreamThread()) {
                skip(context, output.topic(), exception);
            } else {
                skipInputOf(output, exception);
            }
        }
        return Response.fail();
    }

    /**
     * Quarantines the input of an output that the broker has rejected. By then the thread may process another record, which the
     * context names. So the first rejected output turns tracing on: the input is processed again, and its output is rejected
     * again and traced.
     */
    private void skipInputOf(ProducerRecord<byte[], byte[]> output, Exception exception) {
        Quarantine known = quarantine;
        if (known == null) {
            return;
        }
        known.outputs().turnOn();
        known.outputs()
                .inputOf(output.headers())
                .ifPresent(input ->
                        known.add(input.topic(), input.partition(), input.offset(), reason(output.topic(), exception)));
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
            quarantine.add(context.topic(), context.partition(), context.offset(), reason(outputTopic, exception));
        }
    }

    private static String reason(String outputTopic, Exception exception) {
        return "its outcome cannot be written to " + outputTopic + ": " + Failures.kind(exception);
    }
}
