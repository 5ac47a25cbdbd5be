package dev.tidings.connectors.clickhouse;

/** The schema in ClickHouse does not fit this version's migrations. The message names the migration, for operators. */
final class MigrationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MigrationException(String message) {
        super(message);
    }
}
