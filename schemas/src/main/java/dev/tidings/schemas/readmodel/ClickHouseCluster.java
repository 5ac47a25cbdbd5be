package dev.tidings.schemas.readmodel;

import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The cluster of ClickHouse servers that has the read model ({@code clickhouse.cluster}), or none: one server.
 *
 * <p>In a cluster the tables of database {@code tidings} are distributed: they are read and filled as those of one server. Their rows are
 * in replicated tables of the same names in database {@code tidings_shard} of each server. A change of stored rows goes to those (decision
 * 72).
 *
 * @param name as in {@code remote_servers} of the servers' configuration; empty: no cluster
 */
public record ClickHouseCluster(String name) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{0,64}");

    /** One server. */
    public static final ClickHouseCluster NONE = new ClickHouseCluster("");

    /** The database with the rows of a shard. */
    public static final String SHARD_DATABASE = HistoryTables.DATABASE + "_shard";

    /**
     * All queries and inserts use the first replica that is up, so that a reader finds what the sink has stored. A subquery on a
     * distributed table is computed once, for all shards. A query by the sharding key asks one shard.
     */
    private static final Map<String, String> QUERY_SETTINGS = Map.of(
            "load_balancing", "in_order",
            "prefer_localhost_replica", "0",
            "distributed_product_mode", "global",
            "optimize_skip_unused_shards", "1");

    /** An insert returns when its shards have the rows. A block that was inserted before is stored again: see decision 10. */
    private static final Map<String, String> INSERT_SETTINGS =
            Map.of("distributed_foreground_insert", "1", "insert_deduplicate", "0");

    public ClickHouseCluster {
        if (!NAME.matcher(name).matches()) {
            throw new SettingsException("clickhouse.cluster is \"" + name
                    + "\"; at most 64 letters, digits and the characters _.- are allowed");
        }
    }

    /** @throws SettingsException if the name is not allowed */
    public static ClickHouseCluster from(Settings settings) {
        return new ClickHouseCluster(settings.text("clickhouse.cluster", ""));
    }

    public boolean isNone() {
        return name.isEmpty();
    }

    /** Returns the settings of every query. */
    public Map<String, String> querySettings() {
        return isNone() ? Map.of() : QUERY_SETTINGS;
    }

    /** Returns the settings of every insert, besides those of queries. */
    public Map<String, String> insertSettings() {
        return isNone() ? Map.of() : INSERT_SETTINGS;
    }

    /** Returns the database that has the rows. */
    public String storedDatabase() {
        return isNone() ? HistoryTables.DATABASE : SHARD_DATABASE;
    }

    /**
     * Returns the table that has the rows.
     *
     * @param table with its database
     */
    public String stored(String table) {
        return storedDatabase() + table.substring(table.indexOf('.'));
    }

    /** Returns the clause that runs a statement on all servers, with a space before it; empty without a cluster. */
    public String onAllServers() {
        return isNone() ? "" : " ON CLUSTER '" + name + '\'';
    }

    /**
     * Returns the beginning of a statement that changes the rows or settings of a table on all servers.
     *
     * @param table with its database
     */
    public String alterTable(String table) {
        return "ALTER TABLE " + stored(table) + onAllServers();
    }

    /** Returns a statement that deletes all rows of a table. Does nothing if the table does not exist. */
    public String truncateTable(String table) {
        return "TRUNCATE TABLE IF EXISTS " + stored(table) + onAllServers();
    }

    /**
     * Returns a system table with the rows of all servers.
     *
     * @param table with its database
     */
    public String systemTable(String table) {
        return isNone() ? table : "clusterAllReplicas('" + name + "', " + table + ')';
    }
}
