package dev.tidings.schemas.tracing;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/** Makes the spans of records, with the attributes of OpenTelemetry's conventions for messaging. */
final class MessageSpan {

    private static final int SPAN_ID_DIGITS = 16;

    private MessageSpan() {}

    /** The time in nanoseconds since 1970, with the precision of a microsecond or better where the system has it. */
    static long nowNanos() {
        Instant now = Instant.now();
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    }

    /** The wait of a record: from its timestamp until a consumer polled it. */
    static Span receive(
            TraceParent parent, String service, String topic, int partition, long offset, long timestampMillis) {
        long end = nowNanos();
        return record("receive", Span.SpanKind.SPAN_KIND_CONSUMER, parent, service, topic, partition, offset)
                .setStartTimeUnixNano(Math.min(end, TimeUnit.MILLISECONDS.toNanos(timestampMillis)))
                .setEndTimeUnixNano(end)
                .build();
    }

    /** The time from sending a record until the log confirmed it. */
    static Span send(TraceParent parent, String service, String topic, int partition, long offset, long startNanos) {
        return record("send", Span.SpanKind.SPAN_KIND_PRODUCER, parent, service, topic, partition, offset)
                .setStartTimeUnixNano(startNanos)
                .setEndTimeUnixNano(nowNanos())
                .build();
    }

    /** As {@link #send}, for the first record of a trace: its span id is the one in the header, and it has no parent. */
    static Span root(TraceParent own, String service, String topic, int partition, long offset, long startNanos) {
        return send(own, service, topic, partition, offset, startNanos).toBuilder()
                .setSpanId(bytes(own.spanId()))
                .clearParentSpanId()
                .build();
    }

    /** A record that the log did not accept. */
    static Span failed(Span span, Exception failure) {
        return span.toBuilder()
                .setStatus(Status.newBuilder()
                        .setCode(Status.StatusCode.STATUS_CODE_ERROR)
                        .setMessage(failure.getClass().getName()))
                .build();
    }

    private static Span.Builder record(
            String operation,
            Span.SpanKind kind,
            TraceParent parent,
            String service,
            String topic,
            int partition,
            long offset) {
        return Span.newBuilder()
                .setTraceId(bytes(parent.traceId()))
                .setParentSpanId(bytes(parent.spanId()))
                .setSpanId(bytes(spanId(parent, service, operation, topic, partition, offset)))
                .setName(operation + ' ' + topic)
                .setKind(kind)
                .addAttributes(text("messaging.system", "kafka"))
                .addAttributes(text("messaging.operation.name", operation))
                .addAttributes(text("messaging.destination.name", topic))
                .addAttributes(text("messaging.destination.partition.id", Integer.toString(partition)))
                .addAttributes(KeyValue.newBuilder()
                        .setKey("messaging.kafka.offset")
                        .setValue(AnyValue.newBuilder().setIntValue(offset)));
    }

    /** Derives the span's id: a record that is read again after a crash has the same span. */
    private static String spanId(
            TraceParent parent, String service, String operation, String topic, int partition, long offset) {
        String name = String.join(
                "\n", parent.toString(), service, operation, topic, Integer.toString(partition), Long.toString(offset));
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, SPAN_ID_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static KeyValue text(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    private static ByteString bytes(String hex) {
        return ByteString.copyFrom(HexFormat.of().parseHex(hex));
    }
}
