package dev.tidings.connectors.clickhouse;

/** The schema in ClickHouse and the migrations at hand do not fit; the message names the migration, and is meant for operators. */
final class MigrationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MigrationException(String message) {
        super(message);
    }
}
