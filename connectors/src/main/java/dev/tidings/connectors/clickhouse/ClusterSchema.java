package dev.tidings.connectors.clickhouse;

import dev.tidings.schemas.readmodel.ClickHouseCluster;
import dev.tidings.schemas.readmodel.HistoryTables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns the statements of the schema, which are written for one server, into those of a cluster. Without a cluster it changes nothing.
 *
 * <ul>
 *   <li>A table becomes a replicated table in {@code tidings_shard}, and a distributed table in {@code tidings}.
 *   <li>Rows of one conversation are on one shard; else rows of one user; else rows of one key. So rows of one key, of which one stays,
 *       are on one shard, too.
 *   <li>A change of a table's columns changes the replicated table and creates the distributed table again, which has no rows.
 *   <li>Views select from the distributed tables.
 * </ul>
 */
final class ClusterSchema {

    private static final Pattern DATABASE = Pattern.compile("CREATE DATABASE IF NOT EXISTS " + HistoryTables.DATABASE);

    private static final Pattern TABLE = Pattern.compile(
            "CREATE TABLE IF NOT EXISTS tidings\\.(\\w+)\\s*\\((.*)\\)\\s*ENGINE = ReplacingMergeTree(?:\\((\\w+)\\))?\\s(.*)",
            Pattern.DOTALL);

    private static final Pattern SORTING_KEY = Pattern.compile("ORDER BY (?:\\(([^)]*)\\)|(\\w+))");
    private static final String TEXT = "('(?:[^'\\\\]|\\\\.|'')*')";
    private static final Pattern COMMENT = Pattern.compile("COMMENT " + TEXT + "\\s*$");
    private static final Pattern MODIFIED_COMMENT = Pattern.compile("MODIFY COMMENT " + TEXT);
    private static final Pattern ALTER = Pattern.compile("ALTER TABLE tidings\\.(\\w+)\\s+(.*)", Pattern.DOTALL);

    private static final Pattern VIEW =
            Pattern.compile("(CREATE (?:OR REPLACE )?VIEW (?:IF NOT EXISTS )?tidings\\.\\w+)(\\s.*)", Pattern.DOTALL);

    /** A table of the schema. */
    private record DistributedTable(String name, String shardingKey, String comment) {

        DistributedTable withCommentOf(String change) {
            Matcher newer = MODIFIED_COMMENT.matcher(change);
            return newer.find() ? new DistributedTable(name, shardingKey, " COMMENT " + newer.group(1)) : this;
        }
    }

    private final ClickHouseCluster cluster;
    private final Map<String, DistributedTable> tables = new HashMap<>();

    /** @param statements all statements of the schema, applied ones included: a later one may change a table of an earlier one */
    ClusterSchema(ClickHouseCluster cluster, List<String> statements) {
        this.cluster = cluster;
        for (String statement : statements) {
            Matcher table = TABLE.matcher(statement);
            if (table.matches()) {
                tables.put(table.group(1), distributed(table.group(1), table.group(4)));
            }
            Matcher alter = ALTER.matcher(statement);
            if (alter.matches()) {
                tables.computeIfPresent(alter.group(1), (_, altered) -> altered.withCommentOf(alter.group(2)));
            }
        }
    }

    private static DistributedTable distributed(String name, String afterEngine) {
        Matcher key = SORTING_KEY.matcher(afterEngine);
        if (!key.find()) {
            throw new MigrationException("table " + name + " has no ORDER BY");
        }
        String columns = key.group(1) == null ? key.group(2) : key.group(1);
        Matcher comment = COMMENT.matcher(afterEngine);
        return new DistributedTable(name, shardingKey(columns), comment.find() ? " COMMENT " + comment.group(1) : "");
    }

    private static String shardingKey(String sortingKey) {
        List<String> columns = Arrays.asList(sortingKey.split(",\\s*"));
        for (String column : List.of("conversation_id", "user_id")) {
            if (columns.contains(column)) {
                return "cityHash64(" + column + ')';
            }
        }
        return "cityHash64(" + sortingKey + ')';
    }

    /** Returns the statements that have the effect of one statement of the schema, in their order. */
    List<String> statements(String statement) {
        if (cluster.isNone()) {
            return List.of(statement);
        }
        if (DATABASE.matcher(statement).matches()) {
            return List.of(
                    statement + cluster.onAllServers(),
                    "CREATE DATABASE IF NOT EXISTS " + ClickHouseCluster.SHARD_DATABASE + cluster.onAllServers());
        }
        Matcher table = TABLE.matcher(statement);
        if (table.matches()) {
            return List.of(replicated(table), distributed(known(table.group(1))));
        }
        Matcher alter = ALTER.matcher(statement);
        if (alter.matches()) {
            return alter(statement, alter);
        }
        Matcher view = VIEW.matcher(statement);
        if (view.matches()) {
            return List.of(view.group(1) + cluster.onAllServers() + view.group(2));
        }
        if (statement.startsWith("INSERT INTO ")) {
            return List.of(statement);
        }
        throw new MigrationException("this statement has no form for a cluster: " + statement);
    }

    /** The path is the same for all replicas of a shard; the servers' configuration has the macros. */
    private String replicated(Matcher table) {
        String version = table.group(3) == null ? "" : ", " + table.group(3);
        return "CREATE TABLE IF NOT EXISTS " + ClickHouseCluster.SHARD_DATABASE + '.' + table.group(1)
                + cluster.onAllServers() + "\n(" + table.group(2)
                + ")\nENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}'"
                + version + ")\n" + table.group(4);
    }

    private String distributed(DistributedTable table) {
        return "CREATE OR REPLACE TABLE " + HistoryTables.DATABASE + '.' + table.name() + cluster.onAllServers()
                + " AS "
                + ClickHouseCluster.SHARD_DATABASE + '.' + table.name() + " ENGINE = Distributed('" + cluster.name()
                + "', '" + ClickHouseCluster.SHARD_DATABASE + "', '" + table.name() + "', " + table.shardingKey() + ')'
                + table.comment();
    }

    private List<String> alter(String statement, Matcher alter) {
        DistributedTable table = tables.get(alter.group(1));
        if (table == null) {
            return List.of("ALTER TABLE " + HistoryTables.DATABASE + '.' + alter.group(1) + cluster.onAllServers() + ' '
                    + alter.group(2));
        }
        List<String> statements = new ArrayList<>();
        statements.add(cluster.alterTable(HistoryTables.DATABASE + '.' + table.name()) + ' ' + alter.group(2));
        if (!alter.group(2).startsWith("ADD INDEX ") && !alter.group(2).startsWith("MODIFY SETTING ")) {
            statements.add(distributed(table));
        }
        return statements;
    }

    private DistributedTable known(String name) {
        DistributedTable table = tables.get(name);
        if (table == null) {
            throw new MigrationException("table " + name + " is not part of the schema");
        }
        return table;
    }
}
