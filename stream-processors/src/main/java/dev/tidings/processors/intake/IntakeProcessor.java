package dev.tidings.processors.intake;

import dev.tidings.processors.intake.ParsedRequest.Unreadable;
import dev.tidings.processors.intake.ParsedRequest.Valid;
import dev.tidings.processors.store.AtomicProcessor;
import dev.tidings.processors.supervision.DeadLetter;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.Command;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the commands of each request, and a dead letter for each unreadable record. */
final class IntakeProcessor extends AtomicProcessor<byte[], byte[], Object, Object> {

    private static final Logger LOG = LoggerFactory.getLogger(IntakeProcessor.class);
    private static final String TRACEPARENT = "traceparent";

    @Override
    protected void open(ProcessorContext<Object, Object> context) {
        // no state
    }

    @Override
    protected void handle(Record<byte[], byte[]> record) {
        RecordMetadata at = context().recordMetadata().orElseThrow();
        switch (BusinessCommandReader.read(record.value(), record.headers())) {
            case Valid(String source, BusinessCommand business) -> {
                RequestPosition position =
                        new RequestPosition(at.topic(), at.partition(), at.offset(), record.timestamp());
                Headers headers = forwarded(record.headers());
                for (Command command : CommandExpansion.of(source, business, position)) {
                    context()
                            .forward(
                                    new Record<>(command.getConversationId(), command, record.timestamp(), headers),
                                    IntakeSinks.COMMANDS);
                }
            }
            case Unreadable unreadable -> {
                LOG.warn(
                        "poison record, see dead letters topic={} partition={} offset={} reason={}",
                        at.topic(),
                        at.partition(),
                        at.offset(),
                        unreadable.summary());
                context().forward(DeadLetter.of(record, at, unreadable.reason()), IntakeSinks.DEAD_LETTERS);
            }
        }
    }

    /** Only the trace header is copied to the commands, and from there to all later records. */
    private static Headers forwarded(Headers headers) {
        Headers forwarded = new RecordHeaders();
        Header trace = headers.lastHeader(TRACEPARENT);
        if (trace != null && trace.value() != null && trace.value().length <= 128) {
            forwarded.add(trace);
        }
        return forwarded;
    }
}
