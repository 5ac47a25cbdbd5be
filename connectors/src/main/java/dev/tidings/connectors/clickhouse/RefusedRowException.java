package dev.tidings.connectors.clickhouse;

import com.clickhouse.client.api.ServerException;
import dev.tidings.connectors.clickhouse.row.Table;

/**
 * ClickHouse cannot store this one row. The message gives ClickHouse's error code without its text, which may quote users' content;
 * the text is in the cause.
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
