package dev.tidings.connectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
    void aPoisonValueOfAMegabyteBecomesASmallLetter() {
        FakeSinkContext context = new FakeSinkContext(true);
        SinkRecord large = FakeSinkContext.record("topic", 7, new byte[1_048_000]);
        PoisonRecords.of(context)
                .report(List.of(new PoisonRecord(large, new IllegalArgumentException("x".repeat(1_000_000)))));

        SinkRecord letter = context.reported.getFirst();
        assertEquals(DeadLetterSize.CUT_VALUE_BYTES, ((byte[]) letter.value()).length);
        assertEquals(
                "bytes of key: 0, value: 1048000, headers: 0",
                letter.headers().lastWithName("tidings.cut").value());
        assertEquals(7, letter.kafkaOffset());
        assertTrue(String.valueOf(context.reasons.getFirst().getMessage()).length() <= DeadLetterSize.MAX_REASON_CHARS);
    }

    @Test
    void withoutAReporterPoisonIsCounted() {
        PoisonRecords poison = PoisonRecords.of(new FakeSinkContext(false));
        poison.report(List.of(new PoisonRecord(record, new IllegalArgumentException("bad"))));
        assertEquals(1, poison.count());
    }
}
