package dev.tidings.connectors.clickhouse.row;

import com.clickhouse.client.api.data_formats.RowBinaryFormatSerializer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows in memory, value after value, as ClickHouse's format RowBinary has them. Times are milliseconds since 1970 in UTC. */
public final class RowBinary {

    private static final int BYTES_OF_A_ROW = 256;

    private final ByteArrayOutputStream bytes;
    private final RowBinaryFormatSerializer out;

    private RowBinary(int rows) {
        this.bytes = new ByteArrayOutputStream(rows * BYTES_OF_A_ROW);
        this.out = new RowBinaryFormatSerializer(bytes);
    }

    public static byte[] of(List<Row> rows) {
        RowBinary binary = new RowBinary(rows.size());
        rows.forEach(row -> row.writeTo(binary));
        return binary.bytes.toByteArray();
    }

    RowBinary string(String value) {
        return written(() -> out.writeString(value));
    }

    RowBinary string(byte[] value) {
        return written(() -> out.writeString(value));
    }

    /** A column Array(String). */
    RowBinary strings(List<String> values) {
        return written(() -> {
            RowBinaryFormatSerializer.writeSize(bytes, values.size());
            for (String value : values) {
                out.writeString(value);
            }
        });
    }

    /** Whole numbers, and times. */
    RowBinary int64(long value) {
        return written(() -> out.writeInt64(value));
    }

    RowBinary bool(boolean value) {
        return written(() -> out.writeBool(value));
    }

    RowBinary nullableString(@Nullable String value) {
        return written(() -> {
            if (value == null) {
                out.writeNull();
            } else {
                out.writeNotNull();
                out.writeString(value);
            }
        });
    }

    RowBinary nullableInt64(@Nullable Long value) {
        return written(() -> {
            if (value == null) {
                out.writeNull();
            } else {
                out.writeNotNull();
                out.writeInt64(value);
            }
        });
    }

    RowBinary nullableBool(@Nullable Boolean value) {
        return written(() -> {
            if (value == null) {
                out.writeNull();
            } else {
                out.writeNotNull();
                out.writeBool(value);
            }
        });
    }

    private interface Writing {
        void run() throws IOException;
    }

    private RowBinary written(Writing writing) {
        try {
            writing.run();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return this;
    }
}
