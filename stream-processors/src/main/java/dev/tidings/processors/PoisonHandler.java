package dev.tidings.processors;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.LogAndContinueProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Sends a record that a processor cannot make sense of to the dead letters, with its bytes and the reason, and goes on.
 * Nothing was written for it: processors decide before they write. What Kafka itself or a state store raises is no
 * fault of the record; it stops the thread, which starts again from the last commit.
 */
public final class PoisonHandler extends LogAndContinueProcessingExceptionHandler {

    @Override
    public Response handleError(ErrorHandlerContext context, Record<?, ?> record, Exception exception) {
        return exception instanceof KafkaException ? Response.fail() : super.handleError(context, record, exception);
    }
}
