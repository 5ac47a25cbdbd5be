package dev.tidings.ops.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.query.GenericRecord;
import dev.tidings.ops.RepositoryFiles;
import java.nio.file.Path;
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
    private static final Map<String, String> ARGUMENTS = Map.of(
            "active_users_by_day", "(zone = 'Europe/Berlin')",
            "retention_by_week", "(zone = 'Europe/Berlin')",
            "response_time_by_day", "(zone = 'Europe/Berlin')",
            "read_rate_by_day", "(zone = 'Europe/Berlin')",
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
                Events.message("g:team", 1)));
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
    void the_search_index_follows_edits_and_prunes() {
        assertEquals(
                List.of("['edited','by','4']"),
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
