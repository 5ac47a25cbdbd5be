package dev.tidings.connectors.clickhouse;

import com.clickhouse.client.api.query.GenericRecord;
import dev.tidings.schemas.readmodel.ClickHouseCluster;
import dev.tidings.schemas.readmodel.HistoryTables;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies missing migrations and records each in {@code tidings.schema_migrations}.
 *
 * <p>ClickHouse has no lock, so several workers that start at once may apply the same migration. Every statement is idempotent, a
 * migration is recorded only when all of it has run, and one that is recorded twice is one row. Recorded migrations that this
 * version does not know belong to a newer version beside it; they only add columns, so this version ignores them.
 */
final class Migrations {

    private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);

    private static final String FOLDER = "migrations";
    private static final List<String> FILES = List.of(
            "V001__events_messages_reads.sql",
            "V002__views.sql",
            "V003__conversations_in_full.sql",
            "V004__push.sql",
            "V005__pins.sql",
            "V006__search.sql",
            "V007__views_for_analysts.sql",
            "V008__users.sql",
            "V009__comments.sql",
            "V010__user_name_keys.sql",
            "V011__audit.sql",
            "V012__receipts_sessions_presence.sql",
            "V013__time_index.sql",
            "V014__deleted_ranges.sql",
            "V015__archive.sql",
            "V016__search_by_prefix.sql",
            "V017__legal_holds.sql",
            "V018__find_messages.sql",
            "V019__order_of_legal_holds.sql",
            "V020__deleted_files.sql");

    private static final String RECORD = HistoryTables.DATABASE + ".schema_migrations";

    private static final List<String> GROUND = List.of(
            "CREATE DATABASE IF NOT EXISTS " + HistoryTables.DATABASE, "CREATE TABLE IF NOT EXISTS " + RECORD + """
                     (
                        version UInt32 COMMENT 'Number of the migration',
                        name String COMMENT 'What its file is called',
                        checksum String COMMENT 'SHA-256 of the file',
                        applied_at DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'When it was applied (last, if more than one worker did)'
                    )
                    ENGINE = ReplacingMergeTree
                    ORDER BY version
                    COMMENT 'Which migrations of the schema were applied'
                    """);

    private final List<Migration> migrations;

    /** @param migrations in the order of their numbers, without gaps, from 1 */
    Migrations(List<Migration> migrations) {
        for (int i = 0; i < migrations.size(); i++) {
            if (migrations.get(i).version() != i + 1) {
                throw new MigrationException(
                        "migration " + migrations.get(i).name() + " must have the number " + (i + 1));
            }
        }
        this.migrations = List.copyOf(migrations);
    }

    /** The migrations of this version. */
    static Migrations bundled() {
        return new Migrations(
                FILES.stream().map(file -> Migration.resource(FOLDER, file)).toList());
    }

    List<Migration> all() {
        return migrations;
    }

    /** Returns all statements of the schema in their order. */
    List<String> statements() {
        return Stream.concat(GROUND.stream(), migrations.stream().flatMap(migration -> migration.statements().stream()))
                .toList();
    }

    /**
     * Applies the missing migrations.
     *
     * @param cluster of which the server is one; or none
     * @throws MigrationException if a migration was changed after it had been applied
     */
    void apply(ClickHouse server, ClickHouseCluster cluster) {
        ClusterSchema schema = new ClusterSchema(cluster, statements());
        GROUND.forEach(statement -> schema.statements(statement).forEach(server::execute));
        Map<Integer, String> applied = applied(server);
        for (Migration migration : migrations) {
            String checksum = applied.get(migration.version());
            if (checksum == null) {
                migration
                        .statements()
                        .forEach(statement -> schema.statements(statement).forEach(server::execute));
                server.execute("INSERT INTO " + RECORD + " (version, name, checksum) VALUES (" + migration.version()
                        + ", '" + migration.name() + "', '" + migration.checksum() + "')");
                LOG.info("migration applied version={} name={}", migration.version(), migration.name());
            } else if (!checksum.equals(migration.checksum())) {
                throw new MigrationException(
                        "migration V%03d__%s was changed after it had been applied to this ClickHouse"
                                        .formatted(migration.version(), migration.name())
                                + " (applied checksum " + checksum + ", this one " + migration.checksum()
                                + "): restore the file as it was, and put the change into a new migration");
            }
        }
    }

    private static Map<Integer, String> applied(ClickHouse server) {
        Map<Integer, String> applied = new HashMap<>();
        for (GenericRecord row : server.query("SELECT version, checksum FROM " + RECORD + " FINAL")) {
            applied.put((int) row.getLong("version"), row.getString("checksum"));
        }
        return applied;
    }
}
