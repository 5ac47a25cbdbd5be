package dev.tidings.connectors.clickhouse;

import com.clickhouse.client.api.query.GenericRecord;
import dev.tidings.connectors.archive.ArchiveServer;
import dev.tidings.connectors.retention.HeldRows;
import dev.tidings.connectors.retention.RetentionClass;
import dev.tidings.connectors.retention.RetentionPolicy;
import dev.tidings.schemas.readmodel.ClickHouseCluster;
import dev.tidings.schemas.readmodel.HistoryTables;
import dev.tidings.schemas.readmodel.SqlLiterals;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets the TTL of tables to the retention policy. ClickHouse then deletes rows when it merges parts, so a row may stay for some hours
 * after its time. Rows that a legal hold protects stay (decision 71). Changes nothing if the tables have the right TTL already.
 */
final class TableTtl {

    private static final Logger LOG = LoggerFactory.getLogger(TableTtl.class);

    private static final String EVENTS = "events";

    private static final List<RetentionClass> CONVERSATIONS =
            RetentionClass.conversationKinds().toList();

    /** Tables of the state of users and groups are absent: they have no retention. */
    private static final List<TableTtl> ALL = List.of(
            new TableTtl(EVENTS, "sent_at", CONVERSATIONS, ofConversation("actor")),
            new TableTtl("messages", "sent_at", CONVERSATIONS, ofConversation("sender")),
            new TableTtl("message_changes", "changed_at", CONVERSATIONS, ofConversation("changed_by")),
            new TableTtl("reactions", "changed_at", CONVERSATIONS, ofConversation("user_id")),
            new TableTtl("pin_changes", "changed_at", CONVERSATIONS, ofConversation("changed_by")),
            new TableTtl("moderation_cases", "found_at", CONVERSATIONS, ofConversation("sender")),
            new TableTtl("receipts", "at", List.of(RetentionClass.RECEIPTS), ofConversation("user_id")),
            new TableTtl(
                    "session_changes", "changed_at", List.of(RetentionClass.SESSIONS), HeldRows.ofUsers("user_id")),
            new TableTtl(
                    "presence_changes", "changed_at", List.of(RetentionClass.PRESENCE), HeldRows.ofUsers("user_id")),
            new TableTtl(
                    "notifications",
                    "at",
                    List.of(RetentionClass.NOTIFICATIONS),
                    HeldRows.ofConversation("conversation_id", "user_id", "sender")),
            new TableTtl("push_outcomes", "at", List.of(RetentionClass.NOTIFICATIONS), HeldRows.ofUsers("user_id")),
            new TableTtl(
                    "audit",
                    "at",
                    List.of(RetentionClass.AUDIT),
                    // the target of an act is a conversation, or already has the form of a subject
                    new HeldRows(List.of("target", "concat('conversation:', target)"))));

    private final String table;
    private final String timeColumn;
    private final List<RetentionClass> classes;
    private final HeldRows held;

    private TableTtl(String table, String timeColumn, List<RetentionClass> classes, HeldRows held) {
        this.table = table;
        this.timeColumn = timeColumn;
        this.classes = classes;
        this.held = held;
    }

    private static HeldRows ofConversation(String userColumn) {
        return HeldRows.ofConversation("conversation_id", userColumn);
    }

    /**
     * Sets the TTL of all tables whose TTL differs.
     *
     * @param cluster of which the server is one; or none
     * @param recordEnding records the events that a TTL deletes; runs before the TTL of {@code events} changes, because ClickHouse begins to
     *     delete at once
     */
    static void apply(ArchiveServer server, ClickHouseCluster cluster, RetentionPolicy policy, Runnable recordEnding) {
        Map<String, String> current = current(server, cluster);
        for (TableTtl ttl : ALL) {
            String wanted = ttl.expression(policy);
            String present = current.getOrDefault(ttl.table, "");
            if (wanted.isEmpty() || present.isEmpty()
                    ? wanted.equals(present)
                    : present.equals(normalized(server, wanted))) {
                continue;
            }
            if (ttl.table.equals(EVENTS)) {
                recordEnding.run();
            }
            server.execute(cluster.alterTable(HistoryTables.DATABASE + '.' + ttl.table)
                    + (wanted.isEmpty() ? " REMOVE TTL" : " MODIFY TTL " + wanted));
            LOG.info("retention changed table={} ttl={}", ttl.table, wanted.isEmpty() ? "none" : wanted);
        }
    }

    /** Lets ClickHouse delete the rows that a legal hold protected until now. Returns before they are deleted. */
    static void evaluateAgain(ArchiveServer server, ClickHouseCluster cluster, RetentionPolicy policy) {
        for (TableTtl ttl : ALL) {
            if (!ttl.expression(policy).isEmpty()) {
                server.execute(cluster.alterTable(HistoryTables.DATABASE + '.' + ttl.table) + " MATERIALIZE TTL");
            }
        }
    }

    /** Returns the TTL of the table in SQL; empty: all rows stay. */
    private String expression(RetentionPolicy policy) {
        return classes.stream()
                .filter(retained -> policy.days(retained) > 0)
                .map(retained -> "toDateTime(" + timeColumn + ") + toIntervalDay(" + policy.days(retained)
                        + ") DELETE WHERE " + ofKind(retained) + held.isFree()
                        + (table.equals(EVENTS) ? " AND " + DeletedRanges.IS_RECORDED : ""))
                .collect(Collectors.joining(", "));
    }

    private static String ofKind(RetentionClass retained) {
        return retained.isConversationKind()
                ? "startsWith(conversation_id, " + SqlLiterals.quoted(retained.idPrefix()) + ") AND "
                : "";
    }

    /** Returns the TTL of each table as ClickHouse writes it; empty: none. */
    private static Map<String, String> current(ArchiveServer server, ClickHouseCluster cluster) {
        Map<String, String> current = new HashMap<>();
        for (GenericRecord row : server.query("SELECT name, engine_full FROM system.tables WHERE database = '"
                + cluster.storedDatabase() + "' AND endsWith(engine, 'MergeTree')")) {
            current.put(row.getString(1), ttlOf(row.getString(2)));
        }
        return current;
    }

    /** Returns a TTL as ClickHouse writes it. */
    private static String normalized(ArchiveServer server, String ttl) {
        String table =
                "CREATE TABLE t (a UInt8) ENGINE = MergeTree ORDER BY a TTL " + ttl + " SETTINGS index_granularity = 1";
        return ttlOf(server.query("SELECT formatQuerySingleLine(" + SqlLiterals.quoted(table) + ')')
                .getFirst()
                .getString(1));
    }

    private static String ttlOf(String engine) {
        int begin = engine.indexOf(" TTL ");
        if (begin < 0) {
            return "";
        }
        int end = engine.indexOf(" SETTINGS ", begin);
        return engine.substring(begin + " TTL ".length(), end < 0 ? engine.length() : end);
    }
}
