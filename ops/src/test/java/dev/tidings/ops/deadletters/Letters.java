package dev.tidings.ops.deadletters;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** Dead letters as the three writers write them. */
final class Letters {

    private Letters() {}

    static DeadLetterRecord letter(byte @Nullable [] key, byte @Nullable [] value, String... headers) {
        Headers all = new RecordHeaders();
        for (int i = 0; i < headers.length; i += 2) {
            all.add(headers[i], utf8(headers[i + 1]));
        }
        return DeadLetterRecord.of(record(key, value, all));
    }

    static DeadLetterRecord fromIntake(String topic, byte @Nullable [] value, String... more) {
        Headers all = new RecordHeaders()
                .add("source", utf8("billing"))
                .add("tidings.topic", utf8(topic))
                .add("tidings.partition", utf8("4"))
                .add("tidings.offset", utf8("17"))
                .add("tidings.reason", utf8("no JSON"));
        for (int i = 0; i < more.length; i += 2) {
            all.add(more[i], utf8(more[i + 1]));
        }
        return DeadLetterRecord.of(record(utf8("key"), value, all));
    }

    static DeadLetterRecord fromTopology(String topic, byte[] key, byte[] value) {
        return letter(
                key,
                value,
                "traceparent",
                "00-1",
                "__streams.errors.exception",
                "java.lang.IllegalArgumentException",
                "__streams.errors.message",
                "has no body",
                "__streams.errors.stacktrace",
                "at …\nat …",
                "__streams.errors.topic",
                topic,
                "__streams.errors.partition",
                "1",
                "__streams.errors.offset",
                "33");
    }

    static DeadLetterRecord fromSink(String topic) {
        return letter(
                utf8("key"),
                utf8("value"),
                "__connect.errors.topic",
                topic,
                "__connect.errors.partition",
                "2",
                "__connect.errors.offset",
                "5",
                "__connect.errors.connector.name",
                "tidings-redis",
                "__connect.errors.exception.class.name",
                "java.io.IOException",
                "__connect.errors.exception.message",
                "wrong type",
                "__connect.errors.exception.stacktrace",
                "at …");
    }

    static ConsumerRecord<byte[], byte[]> record(byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
        return new ConsumerRecord<>(
                "tidings.dead-letters",
                0,
                9,
                1_700_000_000_000L,
                TimestampType.CREATE_TIME,
                0,
                0,
                key,
                value,
                headers,
                Optional.empty());
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
