package dev.tidings.processors.supervision;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns a record whose key or value cannot be deserialized into a dead letter, within the transaction. The topology
 * continues.
 */
public final class UnreadableRecordHandler implements DeserializationExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(UnreadableRecordHandler.class);

    @Override
    public void configure(Map<String, ?> configs) {
        // no configuration
    }

    @Override
    public Response handleError(
            ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception exception) {
        LOG.warn(
                "record cannot be read, see dead letters topic={} partition={} offset={} failure={}",
                record.topic(),
                record.partition(),
                record.offset(),
                Failures.kind(exception));
        return Response.resume(List.of(DeadLetter.of(record, String.valueOf(exception))));
    }
}
