package dev.tidings.connectors.clickhouse;

import dev.tidings.connectors.PoisonRecord;
import dev.tidings.connectors.clickhouse.row.Row;
import dev.tidings.connectors.clickhouse.row.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Inserts rows into their table, in as few inserts as the limits allow. If ClickHouse refuses an insert because of its content, tries
 * halves until the rows at fault stand alone: those are reported, all others are stored.
 *
 * <p>An unlisted error may be caused by a row or by the setup. With a probe, halves are tried for such errors, too. A row is then at
 * fault only if the probe succeeds and ClickHouse takes another row of the same write, so a server that takes no row never empties
 * the topic into the dead letters.
 */
final class RowWriter {

    private static final Logger LOG = LoggerFactory.getLogger(RowWriter.class);

    /** Rows of one insert. Its values are built in memory: a few times the bytes of the records. */
    static final int MAX_ROWS = 20_000;

    static final long MAX_RECORD_BYTES = 4 * 1024 * 1024;

    /** Stores rows of one table. */
    @FunctionalInterface
    interface Insert {
        void into(Table table, List<Row> rows);
    }

    /** Throws if the table would refuse any row. */
    @FunctionalInterface
    interface Probe {
        void of(Table table);
    }

    /** Errors that are in no list are thrown at once. */
    static final Probe NO_PROBE = table -> {};

    private final Insert insert;
    private final Probe probe;
    private boolean hasStored;

    RowWriter(Insert insert, Probe probe) {
        this.insert = insert;
        this.probe = probe;
    }

    /** Throws the insert's exception, unless a row was at fault. */
    void write(Table table, List<SinkRow> rows, Consumer<PoisonRecord> poison) {
        hasStored = false;
        List<PoisonRecord> refused = new ArrayList<>();
        int from = 0;
        while (from < rows.size()) {
            int to = end(rows, from);
            writeAtOnce(table, rows.subList(from, to), refused);
            from = to;
        }
        if (refused.size() > 1
                && !hasStored
                && refused.getFirst().reason().getCause() instanceof RuntimeException cause) {
            if (FailureKind.of(cause) == FailureKind.UNLISTED) {
                throw cause;
            }
        }
        refused.forEach(poison);
    }

    /** The end of the next insert: a first row of any size, and the following rows within the limits. */
    private static int end(List<SinkRow> rows, int from) {
        long bytes = bytes(rows.get(from));
        int end = from + 1;
        while (end < rows.size() && end - from < MAX_ROWS) {
            bytes += bytes(rows.get(end));
            if (bytes > MAX_RECORD_BYTES) {
                break;
            }
            end++;
        }
        return end;
    }

    private static long bytes(SinkRow row) {
        return row.origin().value() instanceof byte[] value ? value.length : 0;
    }

    private void writeAtOnce(Table table, List<SinkRow> rows, List<PoisonRecord> refused) {
        try {
            insert.into(table, rows.stream().map(SinkRow::row).toList());
            hasStored = true;
        } catch (RuntimeException e) {
            if (!isOfRows(e)) {
                throw e;
            }
            if (rows.size() == 1) {
                if (FailureKind.of(e) == FailureKind.UNLISTED) {
                    probe.of(table);
                }
                refused.add(new PoisonRecord(rows.getFirst().origin(), new RefusedRowException(table, e)));
                return;
            }
            LOG.warn("insert refused, trying halves table={} rows={}", table.qualifiedName(), rows.size());
            int half = rows.size() / 2;
            writeAtOnce(table, rows.subList(0, half), refused);
            writeAtOnce(table, rows.subList(half, rows.size()), refused);
        }
    }

    private boolean isOfRows(RuntimeException failure) {
        FailureKind kind = FailureKind.of(failure);
        return kind == FailureKind.BAD_DATA || kind == FailureKind.UNLISTED && probe != NO_PROBE;
    }
}
