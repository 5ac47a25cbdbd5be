package dev.tidings.processors.supervision;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * The inputs of the outputs that the broker has not confirmed yet. Is off until the broker rejects an output, because it costs a
 * little for each output; then on until the process ends. Thread-safe.
 *
 * <p>An output is identified by its headers object: the producer passes the same one to the interceptor and to the handler of the
 * failure, and no two outputs share one.
 */
final class TracedOutputs {

    /** More outputs are never in flight: the producer's buffer has 32 MB. Further ones are not traced. */
    static final int MAX_OUTPUTS = 100_000;

    private final Map<Headers, RecordMetadata> inputs = new IdentityHashMap<>();
    private volatile boolean on;

    void turnOn() {
        on = true;
    }

    boolean isOn() {
        return on;
    }

    synchronized void sent(Headers output, RecordMetadata input) {
        if (inputs.size() < MAX_OUTPUTS) {
            inputs.put(output, input);
        }
    }

    synchronized void forget(Headers output) {
        inputs.remove(output);
    }

    /** Returns the position of the input; empty if the output was not traced. */
    synchronized Optional<RecordMetadata> inputOf(Headers output) {
        return Optional.ofNullable(inputs.get(output));
    }

    /** Forgets all outputs: a thread has died, and its outputs are never confirmed. */
    synchronized void clear() {
        inputs.clear();
    }
}
