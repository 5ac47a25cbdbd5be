package dev.tidings.schemas.tracing;

import dev.tidings.schemas.Topics;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Makes a span for each sent record of a sampled trace. In a gateway it also starts traces: a command of a conversation belongs to
 * the trace of its request, or else to a new one with the probability {@code tracing.sample-ratio}. Kafka creates it by its name.
 */
public final class TracingProducerInterceptor implements ProducerInterceptor<Object, Object> {

    /** Records without a confirmation that are remembered at most; further ones have no span. */
    private static final int MAX_PENDING = 10_000;

    /** @param startsTrace whether the record's header names the span of this record, rather than its parent */
    private record Sent(TraceParent parent, boolean startsTrace, long startNanos) {}

    /** By the identity of the headers, which Kafka passes to both methods. */
    private final Map<Headers, Sent> pending = new IdentityHashMap<>();

    private String service = "";
    private double sampleRatio;
    private @Nullable SpanExporter exporter;

    @Override
    public void configure(Map<String, ?> configs) {
        service = String.valueOf(configs.get(Tracing.SERVICE));
        Object ratio = configs.get(Tracing.SAMPLE_RATIO);
        sampleRatio = ratio == null ? 0 : Double.parseDouble(ratio.toString());
        exporter = new SpanExporter(String.valueOf(configs.get(Tracing.ENDPOINT)), service);
    }

    @Override
    public ProducerRecord<Object, Object> onSend(ProducerRecord<Object, Object> record) {
        TraceParent parent = TraceParent.sampledIn(record.headers());
        boolean startsTrace = false;
        if (parent == null && record.topic().equals(Topics.COMMANDS.name())) {
            if (RequestTrace.CURRENT.isBound()) {
                parent = RequestTrace.CURRENT.get();
                parent.addTo(record.headers());
            } else if (ThreadLocalRandom.current().nextDouble() < sampleRatio) {
                parent = TraceParent.random(ThreadLocalRandom.current());
                startsTrace = true;
                parent.addTo(record.headers());
            }
        }
        if (parent != null) {
            synchronized (pending) {
                if (pending.size() < MAX_PENDING) {
                    pending.put(record.headers(), new Sent(parent, startsTrace, MessageSpan.nowNanos()));
                }
            }
        }
        return record;
    }

    @Override
    public void onAcknowledgement(
            @Nullable RecordMetadata metadata, @Nullable Exception failure, @Nullable Headers headers) {
        Sent sent;
        synchronized (pending) {
            sent = pending.remove(headers);
        }
        if (sent == null || metadata == null) {
            return;
        }
        Span span = sent.startsTrace()
                ? MessageSpan.root(
                        sent.parent(),
                        service,
                        metadata.topic(),
                        metadata.partition(),
                        metadata.offset(),
                        sent.startNanos())
                : MessageSpan.send(
                        sent.parent(),
                        service,
                        metadata.topic(),
                        metadata.partition(),
                        metadata.offset(),
                        sent.startNanos());
        Objects.requireNonNull(exporter).export(failure == null ? span : MessageSpan.failed(span, failure));
    }

    @Override
    public void close() {
        if (exporter != null) {
            exporter.close();
        }
    }
}
