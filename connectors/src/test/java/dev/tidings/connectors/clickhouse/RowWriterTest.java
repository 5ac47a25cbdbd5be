package dev.tidings.connectors.clickhouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.clickhouse.client.api.ServerException;
import dev.tidings.connectors.FakeSinkContext;
import dev.tidings.connectors.PoisonRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowWriterTest {

    private static final int VIOLATED_CONSTRAINT = 469;
    private static final int MEMORY_LIMIT_EXCEEDED = 241;

    private final Set<String> stored = new TreeSet<>();
    private final List<PoisonRecord> poison = new ArrayList<>();
    private int inserts;

    @Test
    void oneInsertStoresAllRows() {
        new RowWriter(this::insertRefusing).write(Table.READS, rows("user-a", "user-b", "user-c"), poison::add);
        assertEquals(Set.of("user-a", "user-b", "user-c"), stored);
        assertEquals(1, inserts);
    }

    @Test
    void rowsAtFaultAreFoundAndTheOthersAreStored() {
        new RowWriter(this::insertRefusing)
                .write(Table.READS, rows("user-a", "bad-one", "user-b", "user-c", "user-d", "bad-two"), poison::add);
        assertEquals(Set.of("user-a", "user-b", "user-c", "user-d"), stored);
        assertEquals(
                List.of(1L, 5L),
                poison.stream().map(one -> one.record().kafkaOffset()).toList());
    }

    @Test
    void theReasonDoesNotQuoteTheServer() {
        new RowWriter(this::insertRefusing).write(Table.READS, rows("bad-one"), poison::add);
        assertFalse(poison.getFirst().reason().toString().contains("secret"));
    }

    @Test
    void aFailureThatMayPassIsThrownAtOnce() {
        RowWriter writer = new RowWriter((table, rows) -> {
            inserts++;
            throw new ServerException(MEMORY_LIMIT_EXCEEDED, "memory", 500, "q");
        });
        assertThrows(ServerException.class, () -> writer.write(Table.READS, rows("a", "b"), poison::add));
        assertEquals(1, inserts);
        assertEquals(List.of(), poison);
    }

    private void insertRefusing(Table table, List<Row> rows) {
        inserts++;
        List<String> users = rows.stream().map(row -> ((Row.Read) row).userId()).toList();
        if (users.stream().anyMatch(user -> user.startsWith("bad-"))) {
            throw new ServerException(VIOLATED_CONSTRAINT, "refused: secret words", 500, "q");
        }
        stored.addAll(users);
    }

    private static List<SinkRow> rows(String... users) {
        return IntStream.range(0, users.length)
                .mapToObj(i -> new SinkRow(
                        FakeSinkContext.record("topic", i, new byte[0]), new Row.Read("g:x", users[i], 1, 1, 0)))
                .toList();
    }
}
