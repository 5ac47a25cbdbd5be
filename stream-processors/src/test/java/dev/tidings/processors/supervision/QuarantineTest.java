package dev.tidings.processors.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

class QuarantineTest {

    private final Quarantine quarantine = new Quarantine("intake", new DeadLetterProducer("no-broker:9092", Map.of()));

    @Test
    void only_the_quarantined_record_is_skipped() {
        quarantine.add("t", 1, 5, "its outcome cannot be written");

        assertEquals("its outcome cannot be written", quarantine.reasonToSkip(record(1, 5, 0)));
        assertNull(quarantine.reasonToSkip(record(1, 6, 0)));
        assertNull(quarantine.reasonToSkip(record(2, 5, 0)));
    }

    @Test
    void a_record_with_an_impossible_timestamp_is_skipped_by_itself() {
        assertEquals(
                "the record has the impossible timestamp -1; the topic must have"
                        + " message.timestamp.type=LogAppendTime",
                quarantine.reasonToSkip(record(1, 5, -1)));
    }

    @Test
    void the_oldest_of_too_many_positions_is_forgotten() {
        for (int offset = 0; offset <= Quarantine.MAX_RECORDS; offset++) {
            quarantine.add("t", 1, offset, "x");
        }

        assertNull(quarantine.reasonToSkip(record(1, 0, 0)));
        assertNotNull(quarantine.reasonToSkip(record(1, 1, 0)));
        assertNotNull(quarantine.reasonToSkip(record(1, Quarantine.MAX_RECORDS, 0)));
    }

    @Test
    void permanent_write_failures_are_the_records_fault_and_broker_failures_are_not() {
        assertTrue(Quarantine.isFaultOfRecord(new RecordTooLargeException()));
        assertTrue(Quarantine.isFaultOfRecord(new KafkaException(new SerializationException())));
        assertFalse(Quarantine.isFaultOfRecord(new TimeoutException()));
        assertFalse(Quarantine.isFaultOfRecord(new ProducerFencedException("fenced")));
        assertFalse(Quarantine.isFaultOfRecord(new KafkaException("in an error state")));
    }

    @Test
    void a_record_that_stops_three_threads_for_an_unknown_reason_is_skipped() {
        StreamsException unknown = new StreamsException("cannot be written", new IllegalStateException("a secret"));
        quarantine.failed("t", 1, 5, unknown);
        quarantine.failed("t", 1, 6, unknown);
        quarantine.failed("t", 1, 5, unknown);
        assertNull(quarantine.reasonToSkip(record(1, 5, 0)));

        quarantine.failed("t", 1, 5, unknown);

        assertEquals(
                "it has stopped 3 threads of the topology, the last with StreamsException from IllegalStateException",
                quarantine.reasonToSkip(record(1, 5, 0)));
        assertNull(quarantine.reasonToSkip(record(1, 6, 0)));
    }

    @Test
    void failures_of_broker_store_or_memory_never_skip_a_record() {
        List<Throwable> failures = List.of(
                new StreamsException(new TimeoutException()),
                new StreamsException(new UnknownServerException()),
                new ProcessorStateException("no space left on device"),
                new StreamsException(new UncheckedIOException(new IOException("no space left on device"))),
                new StreamsException(new OutOfMemoryError()),
                new KafkaException("in an error state"));
        for (Throwable failure : failures) {
            for (int attempt = 0; attempt <= Quarantine.MAX_ATTEMPTS; attempt++) {
                quarantine.failed("t", 1, 5, failure);
            }
        }

        assertNull(quarantine.reasonToSkip(record(1, 5, 0)));
    }

    @Test
    void attempts_are_counted_at_the_newest_positions_only() {
        StreamsException unknown = new StreamsException(new IllegalStateException());
        for (int attempt = 0; attempt < Quarantine.MAX_ATTEMPTS; attempt++) {
            for (int offset = 0; offset <= Quarantine.MAX_ATTEMPTED; offset++) {
                quarantine.failed("t", 1, offset, unknown);
            }
        }

        assertNull(quarantine.reasonToSkip(record(1, 0, 0)));
    }

    private static ConsumerRecord<byte[], byte[]> record(int partition, long offset, long timestamp) {
        return new ConsumerRecord<>(
                "t",
                partition,
                offset,
                timestamp,
                TimestampType.CREATE_TIME,
                0,
                0,
                new byte[0],
                new byte[0],
                new RecordHeaders(),
                Optional.empty());
    }
}
