package dev.tidings.processors.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.processor.internals.ProcessorRecordContext;
import org.junit.jupiter.api.Test;

class TracedOutputsTest {

    private final TracedOutputs outputs = new TracedOutputs();

    @Test
    void outputs_with_equal_headers_have_their_own_inputs() {
        Headers one = new RecordHeaders();
        Headers other = new RecordHeaders();
        outputs.sent(one, at(7));
        outputs.sent(other, at(8));

        assertEquals(7L, offsetOf(one));
        assertEquals(8L, offsetOf(other));
    }

    @Test
    void an_output_is_known_until_it_is_forgotten_or_its_thread_dies() {
        Headers written = new RecordHeaders();
        Headers lost = new RecordHeaders();
        outputs.sent(written, at(7));
        outputs.sent(lost, at(8));

        outputs.forget(written);
        assertEquals(Optional.empty(), outputs.inputOf(written));
        assertEquals(8L, offsetOf(lost));
        outputs.clear();
        assertEquals(Optional.empty(), outputs.inputOf(lost));
    }

    @Test
    void outputs_beyond_the_limit_are_not_traced() {
        List<Headers> sent = new ArrayList<>();
        for (int number = 0; number <= TracedOutputs.MAX_OUTPUTS; number++) {
            Headers headers = new RecordHeaders();
            sent.add(headers);
            outputs.sent(headers, at(number));
        }

        assertEquals(TracedOutputs.MAX_OUTPUTS - 1L, offsetOf(sent.get(TracedOutputs.MAX_OUTPUTS - 1)));
        assertEquals(Optional.empty(), outputs.inputOf(sent.getLast()));
    }

    private long offsetOf(Headers output) {
        return outputs.inputOf(output).orElseThrow().offset();
    }

    private static RecordMetadata at(long offset) {
        return new ProcessorRecordContext(0, offset, 0, "t", new RecordHeaders());
    }
}
