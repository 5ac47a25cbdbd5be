package dev.tidings.processors;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Kafka clients of a topology that reads its input again to rebuild its state. Its producers write to the given topics only, which are
 * the changelogs, and drop all other output: it is in the log since the input was processed for the first time.
 */
final class RebuildClientSupplier extends DefaultKafkaClientSupplier {

    private static final long NO_TIMESTAMP = -1;

    private final Set<String> written;

    /** @param written the topics to which output is written */
    RebuildClientSupplier(Set<String> written) {
        this.written = Set.copyOf(written);
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        return new SelectiveProducer(config, written);
    }

    private static final class SelectiveProducer extends KafkaProducer<byte[], byte[]> {

        private final Set<String> written;

        SelectiveProducer(Map<String, Object> config, Set<String> written) {
            super(config, new ByteArraySerializer(), new ByteArraySerializer());
            this.written = written;
        }

        @Override
        public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> output, @Nullable Callback callback) {
            if (written.contains(output.topic())) {
                return super.send(output, callback);
            }
            RecordMetadata dropped = metadata(output);
            if (callback != null) {
                callback.onCompletion(dropped, null);
            }
            return CompletableFuture.completedFuture(dropped);
        }

        private static RecordMetadata metadata(ProducerRecord<byte[], byte[]> output) {
            int partition = output.partition() == null ? 0 : output.partition();
            long timestamp = output.timestamp() == null ? NO_TIMESTAMP : output.timestamp();
            return new RecordMetadata(new TopicPartition(output.topic(), partition), 0, 0, timestamp, 0, 0);
        }
    }
}
