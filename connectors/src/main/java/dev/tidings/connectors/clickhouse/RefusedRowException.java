package dev.tidings.connectors.clickhouse;

import dev.tidings.connectors.clickhouse.row.Table;
import com.clickhouse.client.api.ServerException;

/**
 * ClickHouse cannot store this one row. The message gives ClickHouse's error code and not its words, which may quote what
 * users wrote; those are in the cause.
 */
final class RefusedRowException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RefusedRowException(Table table, RuntimeException refusal) {
        super("ClickHouse refuses the row for " + table.qualifiedName() + ", code " + code(refusal), refusal);
    }

    private static int code(RuntimeException refusal) {
        for (Throwable cause = refusal; cause != null; cause = cause.getCause()) {
            if (cause instanceof ServerException server) {
                return server.getCode();
            }
        }
        return ServerException.CODE_UNKNOWN;
    }
}
