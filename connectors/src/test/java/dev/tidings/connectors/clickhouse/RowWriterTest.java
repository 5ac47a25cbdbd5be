package dev.tidings.connectors.clickhouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.clickhouse.client.api.ServerException;
import dev.tidings.connectors.FakeSinkContext;
import dev.tidings.connectors.PoisonRecord;
import dev.tidings.connectors.clickhouse.row.ReadRow;
import dev.tidings.connectors.clickhouse.row.Table;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowWriterTest {

    private static final int VIOLATED_CONSTRAINT = 469;
    private static final int MEMORY_LIMIT_EXCEEDED = 241;
    private static final int UNKNOWN_TABLE = 60;
    private static final int UNLISTED = 12_345;

    private final Set<String> stored = new TreeSet<>();
    private final List<PoisonRecord> poison = new ArrayList<>();
    private int inserts;
    private int probes;

    @Test
    void oneInsertStoresAllRows() {
        new RowWriter(insertRefusing(VIOLATED_CONSTRAINT), RowWriter.NO_PROBE)
                .write(Table.READS, rows("user-a", "user-b", "user-c"), poison::add);
        assertEquals(Set.of("user-a", "user-b", "user-c"), stored);
        assertEquals(1, inserts);
    }

    @Test
    void rowsAtFaultAreFoundAndTheOthersAreStored() {
        new RowWriter(insertRefusing(VIOLATED_CONSTRAINT), RowWriter.NO_PROBE)
                .write(Table.READS, rows("user-a", "bad-one", "user-b", "user-c", "user-d", "bad-two"), poison::add);
        assertEquals(Set.of("user-a", "user-b", "user-c", "user-d"), stored);
        assertEquals(
                List.of(1L, 5L),
                poison.stream().map(one -> one.record().kafkaOffset()).toList());
    }

    @Test
    void theReasonDoesNotQuoteTheServer() {
        new RowWriter(insertRefusing(VIOLATED_CONSTRAINT), RowWriter.NO_PROBE)
                .write(Table.READS, rows("bad-one"), poison::add);
        assertFalse(poison.getFirst().reason().toString().contains("secret"));
    }

    @Test
    void aFailureThatMayPassIsThrownAtOnce() {
        RowWriter writer = new RowWriter(
                (table, rows) -> {
                    inserts++;
                    throw new ServerException(MEMORY_LIMIT_EXCEEDED, "memory", 500, "q");
                },
                RowWriter.NO_PROBE);
        assertThrows(ServerException.class, () -> writer.write(Table.READS, rows("a", "b"), poison::add));
        assertEquals(1, inserts);
        assertEquals(List.of(), poison);
    }

    @Test
    void aRowWithAnUnlistedErrorIsFoundAndTheOthersAreStored() {
        new RowWriter(insertRefusing(UNLISTED), table -> probes++)
                .write(Table.READS, rows("user-a", "bad-one", "user-b"), poison::add);
        assertEquals(Set.of("user-a", "user-b"), stored);
        assertEquals(
                List.of(1L),
                poison.stream().map(one -> one.record().kafkaOffset()).toList());
        assertEquals(1, probes);
    }

    @Test
    void aRowAloneWithAnUnlistedErrorIsAtFaultIfTheProbeSucceeds() {
        new RowWriter(insertRefusing(UNLISTED), table -> probes++).write(Table.READS, rows("bad-one"), poison::add);
        assertEquals(1, poison.size());
    }

    @Test
    void aServerThatTakesNoRowIsToBlameItself() {
        RowWriter writer = new RowWriter(insertRefusing(UNLISTED), table -> probes++);
        assertThrows(ServerException.class, () -> writer.write(Table.READS, rows("bad-one", "bad-two"), poison::add));
        RowWriter without = new RowWriter(insertRefusing(UNLISTED), table -> {
            throw new ServerException(UNKNOWN_TABLE, "no such table", 500, "q");
        });
        assertThrows(ServerException.class, () -> without.write(Table.READS, rows("bad-one"), poison::add));
        assertEquals(List.of(), poison);
    }

    @Test
    void anUnlistedErrorIsThrownAtOnceWithoutAProbe() {
        RowWriter writer = new RowWriter(insertRefusing(UNLISTED), RowWriter.NO_PROBE);
        assertThrows(ServerException.class, () -> writer.write(Table.READS, rows("a", "bad-one"), poison::add));
        assertEquals(1, inserts);
    }

    @Test
    void oneInsertIsBoundedInRowsAndInBytes() {
        RowWriter writer = new RowWriter(insertRefusing(VIOLATED_CONSTRAINT), RowWriter.NO_PROBE);
        writer.write(
                Table.READS,
                Collections.nCopies(RowWriter.MAX_ROWS + 1, rows("a").getFirst()),
                poison::add);
        assertEquals(2, inserts);

        inserts = 0;
        SinkRow large = new SinkRow(
                FakeSinkContext.record("topic", 0, new byte[(int) RowWriter.MAX_RECORD_BYTES / 4 + 1]),
                new ReadRow("g:x", "b", 1, 1, 0));
        writer.write(Table.READS, Collections.nCopies(7, large), poison::add);
        assertEquals(3, inserts);
    }

    private RowWriter.Insert insertRefusing(int code) {
        return (table, rows) -> {
            inserts++;
            List<String> users =
                    rows.stream().map(row -> ((ReadRow) row).userId()).toList();
            if (users.stream().anyMatch(user -> user.startsWith("bad-"))) {
                throw new ServerException(code, "refused: secret words", 500, "q");
            }
            stored.addAll(users);
        };
    }

    private static List<SinkRow> rows(String... users) {
        return IntStream.range(0, users.length)
                .mapToObj(i -> new SinkRow(
                        FakeSinkContext.record("topic", i, new byte[0]), new ReadRow("g:x", users[i], 1, 1, 0)))
                .toList();
    }
}
