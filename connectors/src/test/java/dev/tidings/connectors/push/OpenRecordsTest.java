package dev.tidings.connectors.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.connectors.FakeSinkContext;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

class OpenRecordsTest {

    private static final TopicPartition PARTITION = new TopicPartition("topic", 0);

    private final OpenRecords open = new OpenRecords();

    @Test
    void offsets_are_committed_up_to_the_first_open_record() {
        open.opened(record(5));
        open.opened(record(6));
        open.opened(record(8));
        assertEquals(5, committable(9));
        open.settled(record(6));
        assertEquals(5, committable(9));
        open.settled(record(5));
        assertEquals(8, committable(9));
        open.settled(record(8));
        assertEquals(9, committable(9));
    }

    @Test
    void what_is_open_is_counted_in_records_and_bytes() {
        open.opened(record(5));
        open.opened(record(5));
        open.opened(record(6));
        assertEquals(2, open.count("topic"));
        assertEquals(20, open.bytes("topic"));
        open.settled(record(6));
        open.settled(record(6));
        assertEquals(1, open.count("topic"));
        assertTrue(open.isOpen(record(5)));
        open.forget(List.of(PARTITION));
        assertEquals(0, open.count("topic"));
        assertEquals(0, open.bytes("topic"));
        assertFalse(open.isOpen(record(5)));
    }

    private long committable(long read) {
        Map<TopicPartition, OffsetAndMetadata> offsets =
                open.committable(Map.of(PARTITION, new OffsetAndMetadata(read)));
        OffsetAndMetadata offset = offsets.get(PARTITION);
        return offset == null ? -1 : offset.offset();
    }

    private static SinkRecord record(long offset) {
        return FakeSinkContext.record("topic", offset, new byte[10]);
    }
}
