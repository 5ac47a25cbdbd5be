package dev.tidings.processors.intake;

import dev.tidings.processors.intake.Reading.Poison;
import dev.tidings.processors.intake.Reading.Understood;
import dev.tidings.processors.parts.AtomicProcessor;
import dev.tidings.processors.parts.DeadLetter;
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

/** Makes commands of what business systems ask for, and dead letters of what cannot be read. */
final class IntakeProcessor extends AtomicProcessor<byte[], byte[], Object, Object> {

    private static final Logger LOG = LoggerFactory.getLogger(IntakeProcessor.class);
    private static final String TRACEPARENT = "traceparent";

    @Override
    protected void open(ProcessorContext<Object, Object> context) {
        // keeps nothing
    }

    @Override
    protected void handle(Record<byte[], byte[]> record) {
        RecordMetadata at = context().recordMetadata().orElseThrow();
        switch (BusinessCommandReader.read(record.value(), record.headers())) {
            case Understood(String source, BusinessCommand business) -> {
                Place place = new Place(at.topic(), at.partition(), at.offset(), record.timestamp());
                Headers onward = onward(record.headers());
                for (Command command : Expansion.of(source, business, place)) {
                    context()
                            .forward(
                                    new Record<>(command.getConversationId(), command, record.timestamp(), onward),
                                    IntakeSinks.COMMANDS);
                }
            }
            case Poison poison -> {
                LOG.warn(
                        "poison record, see dead letters topic={} partition={} offset={} reason={}",
                        at.topic(),
                        at.partition(),
                        at.offset(),
                        poison.summary());
                context().forward(DeadLetter.of(record, at, poison.reason()), IntakeSinks.DEAD_LETTERS);
            }
        }
    }

    /** Headers go along with all that follows from a command; what a stranger puts there does not. */
    private static Headers onward(Headers headers) {
        Headers onward = new RecordHeaders();
        Header trace = headers.lastHeader(TRACEPARENT);
        if (trace != null && trace.value() != null && trace.value().length <= 128) {
            onward.add(trace);
        }
        return onward;
    }
}
