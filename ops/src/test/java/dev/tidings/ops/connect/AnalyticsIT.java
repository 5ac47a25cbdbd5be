package dev.tidings.ops.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.query.GenericRecord;
import dev.tidings.ops.RepositoryFiles;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The views and rights of analysts, on a real ClickHouse that the sink has filled. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class AnalyticsIT {

    private static final String PAIR = "p:alice:bob";

    /** The arguments of the views with parameters. */
    static final Map<String, String> ARGUMENTS = Map.of(
            "audit_by_day", "(zone = 'Europe/Berlin')",
            "active_users_by_day", "(zone = 'Europe/Berlin')",
            "retention_by_week", "(zone = 'Europe/Berlin')",
            "response_time_by_day", "(zone = 'Europe/Berlin')",
            "read_rate_by_day", "(zone = 'Europe/Berlin')",
            "read_time_by_day", "(zone = 'Europe/Berlin')",
            "delivery_time_by_day", "(zone = 'Europe/Berlin')",
            "push_funnel_by_day", "(zone = 'Europe/Berlin')",
            "where_is_my_message", "(message_id = '" + PAIR + "#1')",
            "find_messages", "(words = 'Text 3')");

    private DrivenSinks sinks;
    private Client analyst;

    @BeforeAll
    void fill(@TempDir Path directory) {
        sinks = DrivenSinks.start(directory);
        analyst = sinks.analyst();
        sinks.put(List.of(
                Events.message(PAIR, 1),
                Events.message(PAIR, 2),
                Events.message(PAIR, 3),
                Events.edit(PAIR, 4, 2),
                Events.read(PAIR, "bob", 2),
                Events.message("g:team", 1),
                Events.delivered(PAIR, 5, "bob", 3)));
        sinks.putUserEvents(List.of(
                Events.session("bob", "s-1", true, 10),
                Events.session("bob", "s-1", false, 25),
                Events.session("bob", "s-2", true, 40),
                Events.presence("bob", true, 10)));
    }

    @AfterAll
    void stop() {
        analyst.close();
        sinks.close();
    }

    @Test
    void every_table_and_view_answers_the_analyst() {
        List<String> names = sinks.column("SELECT name FROM system.tables WHERE database = 'tidings'");
        assertFalse(names.isEmpty());
        for (String name : names) {
            query("SELECT * FROM tidings." + name + ARGUMENTS.getOrDefault(name, ""));
        }
    }

    @Test
    void views_that_count_days_use_the_time_zone() {
        assertEquals(
                List.of("2026-03-31", "2026-04-01"),
                column("SELECT toString(day) FROM tidings.active_users_by_day(zone = 'UTC') ORDER BY day"));
        assertEquals(
                List.of("2026-04-01"),
                column("SELECT toString(day) FROM tidings.active_users_by_day(zone = 'Asia/Tokyo') ORDER BY day"));
    }

    @Test
    void views_return_what_the_events_say() {
        assertEquals(
                List.of("(3,1)"),
                column(
                        "SELECT toString((messages, read_messages)) FROM tidings.read_rate_by_day(zone = 'Asia/Tokyo')"));
        assertEquals(
                List.of("(2,1)"),
                column(
                        "SELECT toString((responses, median_seconds)) FROM tidings.response_time_by_day(zone = 'Asia/Tokyo')"));
        assertEquals(
                List.of("(1,['bob'],0)"),
                column(
                        "SELECT toString((seq, read_by, pushes_delivered)) FROM tidings.where_is_my_message(message_id = '"
                                + PAIR + "#1')"));
        assertEquals(
                List.of("p:alice:bob 3"),
                column("SELECT concat(conversation_id, ' ', seq) FROM tidings.find_messages(words = 'TEXT 3')"));
        assertEquals(
                List.of("group 1", "private 3"),
                column("SELECT concat(conversation_kind, ' ', sum(messages)) FROM tidings.messages_by_hour_and_kind"
                        + " GROUP BY conversation_kind ORDER BY conversation_kind"));
    }

    @Test
    void receipts_tell_how_long_delivery_and_reading_took() {
        assertEquals(
                List.of("(2,1.5)"),
                column(
                        "SELECT toString((deliveries, median_seconds)) FROM tidings.delivery_time_by_day(zone = 'Asia/Tokyo')"));
        assertEquals(
                List.of("(1,1)"),
                column(
                        "SELECT toString((read_messages, median_seconds)) FROM tidings.read_time_by_day(zone = 'Asia/Tokyo')"));
    }

    @Test
    void sessions_have_a_duration_once_they_are_closed() {
        assertEquals(
                List.of("('s-1','d-s-1','web',15)", "('s-2','d-s-2','web',NULL)"),
                column("SELECT toString((session_id, device_id, platform, seconds)) FROM tidings.sessions"
                        + " WHERE user_id = 'bob' ORDER BY session_id"));
        assertEquals(
                List.of("(true,['web'])"),
                column(
                        "SELECT toString((online, platforms)) FROM tidings.presence_changes FINAL WHERE user_id = 'bob'"));
    }

    /** In copies of the tables with many rows and a single part each, which is the worst case for indexes. */
    @Test
    void queries_by_conversation_time_sender_and_id_read_few_granules() throws Exception {
        sinks.execute("CREATE DATABASE IF NOT EXISTS pruning");
        for (String table : List.of("messages", "events")) {
            sinks.execute("CREATE TABLE pruning." + table + " AS tidings." + table);
        }
        // 2,000 conversations of 100 messages, each with senders of its own, one a day for 100 days
        String rows = " SELECT concat('p:', leftPad(toString(intDiv(number, 100)), 4, '0'), ':z') AS conversation_id,"
                + " number % 100 + 1 AS seq, concat('user-', toString(intDiv(number, 100))) AS author,"
                + " concat('id-', toString(number)) AS id, toDateTime64('2026-01-01', 3, 'UTC') + toIntervalDay(number % 100) AS at"
                + " FROM numbers(200000)";
        sinks.execute("INSERT INTO pruning.messages (conversation_id, seq, sender, message_id, sent_at)" + rows);
        sinks.execute("INSERT INTO pruning.events (conversation_id, seq, actor, command_id, sent_at)" + rows);
        sinks.execute("OPTIMIZE TABLE pruning.messages FINAL");
        sinks.execute("OPTIMIZE TABLE pruning.events FINAL");

        assertReadsAtMost(2, "messages FINAL WHERE conversation_id = 'p:0700:z' AND seq < 90 ORDER BY seq DESC");
        // one in each month
        assertReadsAtMost(4, "events WHERE conversation_id = 'p:0700:z' AND seq < 90 ORDER BY seq DESC LIMIT 50");
        // FINAL adds the granules around those that the index finds
        assertReadsAtMost(6, "messages FINAL WHERE sender = 'user-700'");
        assertReadsAtMost(3, "messages FINAL WHERE message_id = 'id-123456'");
        assertReadsAtMost(6, "events WHERE actor = 'user-700'");
        // one month of four
        String week = "sent_at >= '2026-02-03 00:00:00' AND sent_at < '2026-02-10 00:00:00'";
        assertReadsAtMost(7, "events WHERE " + week);
        assertReadsAtMost(
                7, "events FINAL WHERE " + week + " SETTINGS do_not_merge_across_partitions_select_final = 1");
    }

    private void assertReadsAtMost(int granules, String query) {
        String plan = String.join("\n", sinks.column("EXPLAIN indexes = 1 SELECT seq FROM pruning." + query));
        List<MatchResult> read = Pattern.compile("Granules: (\\d+)/(\\d+)")
                .matcher(plan)
                .results()
                .toList();
        assertFalse(read.isEmpty(), plan);
        assertTrue(Integer.parseInt(read.getFirst().group(2)) >= 24, plan);
        assertTrue(Integer.parseInt(read.getLast().group(1)) <= granules, plan);
    }

    @Test
    void the_search_index_follows_edits_and_prunes() {
        assertEquals(
                List.of("['edited','by','4','edi*']"),
                column("SELECT toString(search_terms) FROM tidings.messages FINAL WHERE conversation_id = '" + PAIR
                        + "' AND seq = 2"));
        String plan = String.join(
                "\n",
                sinks.column("EXPLAIN indexes = 1 SELECT seq FROM tidings.messages"
                        + " WHERE hasAllTokens(search_terms, ['missing'])"));
        assertTrue(plan.contains("Name: search_terms_index") && plan.contains("Granules: 0/"), plan);
    }

    @Test
    void every_table_and_every_column_has_a_comment() {
        assertEquals(
                List.of(), sinks.column("SELECT name FROM system.tables WHERE database = 'tidings' AND comment = ''"));
        assertEquals(
                List.of(),
                sinks.column(
                        "SELECT concat(table, '.', name) FROM system.columns WHERE database = 'tidings' AND comment = ''"
                                + " AND NOT startsWith(table, '.inner')"));
    }

    @Test
    void the_data_dictionary_is_in_plain_terms() {
        Pattern vague = Pattern.compile(
                "(?i)\\b(nobody|somebody|whoever|he|his|him|himself|from here on|in vain|of his own"
                        + "|taken? back|took|what became|what happened|who did it|people|say so|said so|was said|stands?|calls)\\b");
        List<String> comments = sinks.column("SELECT concat(name, ': ', comment) FROM system.tables"
                + " WHERE database = 'tidings' UNION ALL SELECT concat(table, '.', name, ': ', comment)"
                + " FROM system.columns WHERE database = 'tidings'");
        assertFalse(comments.isEmpty());
        assertEquals(
                List.of(),
                comments.stream().filter(one -> vague.matcher(one).find()).toList());
    }

    @Test
    void the_analyst_cannot_write_or_leave_the_database_or_raise_limits() {
        for (String forbidden : List.of(
                "INSERT INTO tidings.reads (conversation_id) VALUES ('p:a:b')",
                "ALTER TABLE tidings.messages DELETE WHERE 1",
                "DROP TABLE tidings.messages",
                "CREATE TABLE tidings.mine (a Int32) ENGINE = Memory",
                "SELECT * FROM file('/etc/hostname', 'LineAsString')",
                "SELECT * FROM url('http://127.0.0.1/', 'LineAsString')",
                "SELECT 1 SETTINGS max_execution_time = 600",
                "SELECT 1 SETTINGS readonly = 0",
                "SYSTEM FLUSH LOGS")) {
            assertThrows(RuntimeException.class, () -> query(forbidden), forbidden);
        }
    }

    @Test
    void the_analyst_reads_by_jdbc_and_cannot_write() throws SQLException {
        try (Connection connection = sinks.analystJdbc();
                Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery("SELECT count() FROM messages FINAL")) {
                assertTrue(rows.next());
                assertEquals(4, rows.getLong(1));
            }
            try (ResultSet tables = connection.getMetaData().getTables(null, "tidings", "messages", null)) {
                assertTrue(tables.next());
            }
            assertThrows(
                    SQLException.class,
                    () -> statement.executeUpdate("INSERT INTO reads (conversation_id) VALUES ('p:a:b')"));
        }
    }

    @Test
    void a_word_with_an_asterisk_is_the_beginning_of_a_word() {
        assertEquals(
                List.of("(1,1)", "(3,1)"),
                column("SELECT toString((seq, text = concat('text ', toString(seq)))) FROM"
                        + " tidings.find_messages(words = 'tex*') WHERE conversation_id = '" + PAIR
                        + "' ORDER BY seq"));
        assertEquals(
                List.of("2"),
                column("SELECT toString(seq) FROM tidings.find_messages(words = 'edit* by') ORDER BY relevance DESC"));
        assertEquals(List.of(), column("SELECT toString(seq) FROM tidings.find_messages(words = 'exte*')"));
    }

    @Test
    void the_queries_in_the_documents_run() {
        Pattern command = Pattern.compile("tidings sql(?: --[a-z]+ \\S+)* \"([^\"]+)\"");
        List<String> queries = Stream.of("README.md", "ops/docs/analytics.md")
                .map(RepositoryFiles.ROOT::resolve)
                .map(RepositoryFiles::read)
                .flatMap(text -> command.matcher(text).results())
                .map((MatchResult match) -> match.group(1))
                .toList();
        assertFalse(queries.isEmpty());
        for (String sql : queries) {
            query(sql.replaceAll("(FROM|JOIN) ([a-z_]+)", "$1 tidings.$2"));
        }
    }

    private List<String> column(String sql) {
        return query(sql).stream().map(row -> row.getString(1)).toList();
    }

    private List<GenericRecord> query(String sql) {
        return analyst.queryAll(sql);
    }
}
