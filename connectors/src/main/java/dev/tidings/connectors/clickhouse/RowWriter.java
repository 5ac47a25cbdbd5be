package dev.tidings.connectors.clickhouse;

import com.clickhouse.client.api.data_formats.RowBinaryFormatSerializer;
import dev.tidings.connectors.PoisonRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
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

    /** Stores rows, given as RowBinary. */
    @FunctionalInterface
    interface Insert {
        void into(Table table, byte[] rows);
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
            insert.into(table, encode(rows));
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

    private static byte[] encode(List<SinkRow> rows) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(rows.size() * 256);
        RowBinaryFormatSerializer out = new RowBinaryFormatSerializer(bytes);
        try {
            for (SinkRow row : rows) {
                row.row().writeTo(out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }
}
