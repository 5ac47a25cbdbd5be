package dev.tidings.processors.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.processor.internals.ProcessorRecordContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OutputTracerTest {

    private static final RecordMetadata INPUT = new ProcessorRecordContext(0, 7, 0, "t", new RecordHeaders());

    private final Supervisor supervisor =
            new Supervisor("intake", new DeadLetterProducer("no-broker:9092", Map.of()), () -> 0);
    private final TracedOutputs outputs = supervisor.quarantine().outputs();
    private final OutputTracer tracer = new OutputTracer();

    @BeforeEach
    void begin() {
        tracer.configure(Map.of(Supervisor.CONFIG, supervisor));
        outputs.turnOn();
        CurrentInput.set(INPUT);
    }

    @AfterEach
    void close() {
        CurrentInput.set(null);
        tracer.close();
        supervisor.close();
    }

    @Test
    void an_output_that_is_rejected_is_kept_for_the_handler_of_the_failure() {
        assertEquals(Optional.of(INPUT), outputs.inputOf(sent(new RecordTooLargeException())));
    }

    @Test
    void an_output_that_is_written_or_lost_with_its_transaction_is_forgotten() {
        assertEquals(
                List.of(Optional.empty(), Optional.empty()),
                List.of(outputs.inputOf(sent(null)), outputs.inputOf(sent(new TransactionAbortedException()))));
    }

    @Test
    void an_output_between_two_records_has_no_input() {
        CurrentInput.set(null);

        assertEquals(Optional.empty(), outputs.inputOf(sent(new RecordTooLargeException())));
    }

    private Headers sent(@Nullable Exception failure) {
        ProducerRecord<byte[], byte[]> output = new ProducerRecord<>("t", new byte[0]);
        tracer.onSend(output);
        tracer.onAcknowledgement(null, failure, output.headers());
        return output.headers();
    }
}
