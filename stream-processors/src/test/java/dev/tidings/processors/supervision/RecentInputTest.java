package dev.tidings.processors.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class RecentInputTest {

    private final RecentInput recent = new RecentInput();

    @Test
    void the_only_record_with_a_timestamp_is_found_in_any_partition() {
        read(0, 7, 100);
        read(1, 7, 101);

        assertEquals(Optional.of(new RecentInput.Position("t", 1, 7)), recent.only(101));
        assertEquals(Optional.empty(), recent.only(102));
    }

    @Test
    void records_with_the_same_timestamp_cannot_be_told_apart() {
        read(0, 7, 100);
        read(1, 7, 100);

        assertEquals(Optional.empty(), recent.only(100));
    }

    @Test
    void a_record_that_is_read_again_is_the_same() {
        read(0, 7, 100);
        read(0, 7, 100);

        assertEquals(Optional.of(new RecentInput.Position("t", 0, 7)), recent.only(100));
    }

    @Test
    void the_oldest_records_of_a_partition_are_forgotten() {
        for (int offset = 0; offset <= RecentInput.MAX_RECORDS; offset++) {
            read(0, offset, offset);
        }

        assertEquals(Optional.empty(), recent.only(0));
        assertEquals(Optional.of(new RecentInput.Position("t", 0, 1)), recent.only(1));
    }

    private void read(int partition, long offset, long timestampMillis) {
        recent.add(new ConsumerRecord<>(
                "t",
                partition,
                offset,
                timestampMillis,
                TimestampType.LOG_APPEND_TIME,
                0,
                0,
                "k",
                "v",
                new RecordHeaders(),
                Optional.empty()));
    }
}
