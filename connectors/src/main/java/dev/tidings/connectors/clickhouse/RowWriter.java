package dev.tidings.connectors.clickhouse;

import dev.tidings.connectors.PoisonRecord;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rows into their table by one insert. Where ClickHouse refuses the insert for what is in it, halves are tried until the
 * rows at fault stand alone: those are handed on, all others are stored.
 */
final class RowWriter {

    private static final Logger LOG = LoggerFactory.getLogger(RowWriter.class);

    /** Stores rows of one table. */
    @FunctionalInterface
    interface Insert {
        void into(Table table, List<Row> rows);
    }

    private final Insert insert;

    RowWriter(Insert insert) {
        this.insert = insert;
    }

    /** Throws what the insert threw, unless that was {@link FailureKind#BAD_DATA}. */
    void write(Table table, List<SinkRow> rows, Consumer<PoisonRecord> poison) {
        if (rows.isEmpty()) {
            return;
        }
        try {
            insert.into(table, rows.stream().map(SinkRow::row).toList());
        } catch (RuntimeException e) {
            if (FailureKind.of(e) != FailureKind.BAD_DATA) {
                throw e;
            }
            if (rows.size() == 1) {
                poison.accept(new PoisonRecord(rows.getFirst().origin(), new RefusedRowException(table, e)));
                return;
            }
            LOG.warn("insert refused, trying halves table={} rows={}", table.qualifiedName(), rows.size());
            int half = rows.size() / 2;
            write(table, rows.subList(0, half), poison);
            write(table, rows.subList(half, rows.size()), poison);
        }
    }
}
