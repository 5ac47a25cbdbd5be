package dev.tidings.connectors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

class PoisonRecordsTest {

    private final SinkRecord record = FakeSinkContext.record("topic", 7, new byte[] {1});

    @Test
    void poisonIsHandedToTheReporter() {
        FakeSinkContext context = new FakeSinkContext(true);
        PoisonRecords.of(context).report(List.of(new PoisonRecord(record, new IllegalArgumentException("bad"))));
        assertEquals(List.of(record), context.reported);
    }

    @Test
    void withoutAReporterPoisonIsCounted() {
        PoisonRecords poison = PoisonRecords.of(new FakeSinkContext(false));
        poison.report(List.of(new PoisonRecord(record, new IllegalArgumentException("bad"))));
        assertEquals(1, poison.count());
    }
}
