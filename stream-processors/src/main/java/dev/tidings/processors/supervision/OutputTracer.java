package dev.tidings.processors.supervision;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Notes the input of each output that a topology sends, once {@link TracedOutputs} is on. The producer calls {@link #onSend} in the
 * thread that processes the input, so the input is exact. When the broker rejects an output, the thread may process another
 * record, and Kafka Streams names that one.
 */
public final class OutputTracer implements ProducerInterceptor<byte[], byte[]> {

    private @Nullable TracedOutputs outputs;

    @Override
    public void configure(Map<String, ?> configs) {
        Quarantine quarantine = Supervisor.quarantineIn(configs);
        outputs = quarantine == null ? null : quarantine.outputs();
    }

    @Override
    public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> output) {
        if (outputs != null && outputs.isOn()) {
            org.apache.kafka.streams.processor.api.RecordMetadata input = CurrentInput.get();
            if (input != null) {
                outputs.sent(output.headers(), input);
            }
        }
        return output;
    }

    /**
     * Forgets an output that is written, or lost with its transaction. Keeps one that is rejected for its content, because the
     * handler of the failure asks for it next.
     */
    @Override
    public void onAcknowledgement(@Nullable RecordMetadata written, @Nullable Exception failure, Headers headers) {
        if (outputs != null && outputs.isOn() && !Quarantine.isFaultOfRecord(failure)) {
            outputs.forget(headers);
        }
    }

    @Override
    public void close() {
        // nothing to close
    }
}
