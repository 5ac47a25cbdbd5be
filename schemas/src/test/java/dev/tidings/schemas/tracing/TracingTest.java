package dev.tidings.schemas.tracing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TracingTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";
    private static final String HEADER = "00-" + TRACE + '-' + PARENT + "-01";
    private static final TopicPartition COMMANDS = new TopicPartition(Topics.COMMANDS.name(), 3);

    @Test
    void a_traceparent_is_read_and_written() {
        TraceParent parent = parse(HEADER);
        assertEquals(new TraceParent(TRACE, PARENT, true), parent);
        assertEquals(HEADER, parent.toString());
        assertFalse(parse("00-" + TRACE + '-' + PARENT + "-02").isSampled());
        assertTrue(
                parse("cc-" + TRACE + '-' + PARENT + "-03-of-a-later-version").isSampled());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00-abc",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more"
            })
    void an_invalid_traceparent_is_no_trace(String value) {
        assertNull(TraceParent.parse(value));
    }

    @Test
    void without_an_endpoint_clients_have_no_interceptors() {
        Map<String, Object> properties = new HashMap<>(Tracing.clientProperties(
                Settings.of(Map.of("kafka.client.security.protocol", "SSL", "tracing.sample-ratio", "1")), "test"));
        Tracing.addToProducer(properties);
        Tracing.addToStreams(properties);
        assertEquals(Map.of("security.protocol", "SSL"), properties);
        assertEquals(Map.of("a", "b"), Tracing.ofConsumer(Map.of("a", "b")));
    }

    @Test
    void wrong_settings_are_named() {
        assertEquals(
                "tracing.sample-ratio must be a number from 0 to 1; it is \"1.5\"",
                wrong("tracing.sample-ratio", "1.5"));
        assertEquals(
                "tracing.otlp-endpoint must be an http or https URL; it is \"localhost:4318\"",
                wrong("tracing.otlp-endpoint", "localhost:4318"));
    }

    @Test
    void a_gateway_starts_a_trace_for_a_sampled_command_and_for_no_other_record() {
        try (SpanReceiver receiver = new SpanReceiver()) {
            ProducerRecord<Object, Object> command = new ProducerRecord<>(Topics.COMMANDS.name(), "k", "v");
            ProducerRecord<Object, Object> other = new ProducerRecord<>(Topics.USER_COMMANDS.name(), "k", "v");
            TracingProducerInterceptor gateway = producer(receiver, 1);
            gateway.onSend(command);
            gateway.onSend(other);
            gateway.onAcknowledgement(metadata(7), null, command.headers());
            gateway.close();

            assertEquals(0, other.headers().toArray().length);
            TraceParent started = TraceParent.sampledIn(command.headers());
            assertNotNull(started);
            Span root = only(receiver);
            assertEquals(started.traceId(), hex(root.getTraceId()));
            assertEquals(started.spanId(), hex(root.getSpanId()));
            assertEquals("", hex(root.getParentSpanId()));
            assertEquals("send tidings.commands", root.getName());
            assertTrue(root.getEndTimeUnixNano() >= root.getStartTimeUnixNano());
        }
    }

    @Test
    void a_gateway_that_samples_nothing_adds_no_header() {
        try (SpanReceiver receiver = new SpanReceiver()) {
            ProducerRecord<Object, Object> command = new ProducerRecord<>(Topics.COMMANDS.name(), "k", "v");
            TracingProducerInterceptor gateway = producer(receiver, 0);
            gateway.onSend(command);
            gateway.onAcknowledgement(metadata(7), null, command.headers());
            gateway.close();

            assertEquals(0, command.headers().toArray().length);
            assertEquals(List.of(), receiver.received());
        }
    }

    @Test
    void a_command_of_a_traced_request_belongs_to_its_trace() {
        try (SpanReceiver receiver = new SpanReceiver()) {
            ProducerRecord<Object, Object> traced = new ProducerRecord<>(Topics.COMMANDS.name(), "k", "v");
            ProducerRecord<Object, Object> unsampled = new ProducerRecord<>(Topics.COMMANDS.name(), "k", "v");
            TracingProducerInterceptor gateway = producer(receiver, 0);
            RequestTrace.run(HEADER, () -> gateway.onSend(traced));
            RequestTrace.run("00-" + TRACE + '-' + PARENT + "-00", () -> gateway.onSend(unsampled));
            gateway.onAcknowledgement(metadata(7), new IllegalStateException("rejected"), traced.headers());
            gateway.close();

            assertEquals(0, unsampled.headers().toArray().length);
            assertEquals(new TraceParent(TRACE, PARENT, true), TraceParent.sampledIn(traced.headers()));
            Span span = only(receiver);
            assertEquals(TRACE, hex(span.getTraceId()));
            assertEquals(PARENT, hex(span.getParentSpanId()));
            assertNotEquals(PARENT, hex(span.getSpanId()));
            assertEquals(Status.StatusCode.STATUS_CODE_ERROR, span.getStatus().getCode());
        }
    }

    @Test
    void a_record_that_is_polled_again_has_the_same_span() {
        List<String> ids = new ArrayList<>();
        for (int time = 0; time < 2; time++) {
            try (SpanReceiver receiver = new SpanReceiver()) {
                TracingConsumerInterceptor consumer = new TracingConsumerInterceptor();
                consumer.configure(config(receiver, 0));
                consumer.onConsume(new ConsumerRecords<>(
                        Map.of(COMMANDS, List.of(record(5, HEADER), record(6, "00-abc"))), Map.of()));
                consumer.close();

                Span span = only(receiver);
                assertEquals("receive tidings.commands", span.getName());
                assertEquals(PARENT, hex(span.getParentSpanId()));
                assertEquals(1_000_000_000L, span.getStartTimeUnixNano());
                ids.add(hex(span.getSpanId()));
            }
        }
        assertEquals(ids.getFirst(), ids.getLast());
    }

    @Test
    void spans_that_cannot_be_queued_or_sent_are_counted() {
        SpanExporter exporter = new SpanExporter("http://127.0.0.1:1", "test");
        Span span = Span.getDefaultInstance();
        for (int i = 0; i < 3 * SpanExporter.QUEUE; i++) {
            exporter.export(span);
        }
        exporter.close();
        exporter.export(span);

        assertEquals(3 * SpanExporter.QUEUE + 1, exporter.getDroppedSpans());
        assertEquals(0, exporter.getExportedSpans());
    }

    private static TracingProducerInterceptor producer(SpanReceiver receiver, double ratio) {
        TracingProducerInterceptor interceptor = new TracingProducerInterceptor();
        interceptor.configure(config(receiver, ratio));
        return interceptor;
    }

    private static Map<String, String> config(SpanReceiver receiver, double ratio) {
        return Tracing.clientProperties(
                Settings.of(Map.of(
                        "tracing.otlp-endpoint",
                        receiver.endpoint() + '/',
                        "tracing.sample-ratio",
                        Double.toString(ratio))),
                "test");
    }

    private static String wrong(String key, String value) {
        SettingsException failure = assertThrows(
                SettingsException.class, () -> Tracing.clientProperties(Settings.of(Map.of(key, value)), "test"));
        return String.valueOf(failure.getMessage());
    }

    private static TraceParent parse(String value) {
        TraceParent parent = TraceParent.parse(value);
        assertNotNull(parent);
        return parent;
    }

    private static Span only(SpanReceiver receiver) {
        assertEquals(1, receiver.received().size());
        assertEquals("test", receiver.received().getFirst().service());
        return receiver.received().getFirst().span();
    }

    private static RecordMetadata metadata(long offset) {
        return new RecordMetadata(COMMANDS, offset, 0, 0, 1, 1);
    }

    private static ConsumerRecord<Object, Object> record(long offset, String header) {
        RecordHeaders headers = new RecordHeaders();
        headers.add(TraceParent.HEADER, header.getBytes(StandardCharsets.ISO_8859_1));
        return new ConsumerRecord<>(
                COMMANDS.topic(),
                COMMANDS.partition(),
                offset,
                1_000,
                TimestampType.LOG_APPEND_TIME,
                1,
                1,
                "k",
                "v",
                headers,
                Optional.empty());
    }

    private static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }
}
