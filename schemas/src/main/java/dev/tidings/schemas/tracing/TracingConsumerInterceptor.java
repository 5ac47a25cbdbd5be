package dev.tidings.schemas.tracing;

import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Makes a span for each polled record of a sampled trace. Kafka creates it by its name. */
public final class TracingConsumerInterceptor implements ConsumerInterceptor<Object, Object> {

    private String service = "";
    private @Nullable SpanExporter exporter;

    @Override
    public void configure(Map<String, ?> configs) {
        service = String.valueOf(configs.get(Tracing.SERVICE));
        exporter = new SpanExporter(String.valueOf(configs.get(Tracing.ENDPOINT)), service);
    }

    @Override
    public ConsumerRecords<Object, Object> onConsume(ConsumerRecords<Object, Object> records) {
        records.forEach(record -> {
            TraceParent parent = TraceParent.sampledIn(record.headers());
            if (parent != null) {
                Objects.requireNonNull(exporter)
                        .export(MessageSpan.receive(
                                parent,
                                service,
                                record.topic(),
                                record.partition(),
                                record.offset(),
                                record.timestamp()));
            }
        });
        return records;
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

    @Override
    public void close() {
        if (exporter != null) {
            exporter.close();
        }
    }
}
