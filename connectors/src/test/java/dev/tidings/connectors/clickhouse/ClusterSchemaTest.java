package dev.tidings.connectors.clickhouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.schemas.readmodel.ClickHouseCluster;
import dev.tidings.schemas.settings.SettingsException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The statements for a cluster. ClickHouseClusterIT gives them to a real ClickHouse. */
class ClusterSchemaTest {

    private static final List<String> SCHEMA = Migrations.bundled().statements();
    private static final ClusterSchema CLUSTER = new ClusterSchema(new ClickHouseCluster("chat"), SCHEMA);

    private static final Pattern SHARDED = Pattern.compile(
            "CREATE OR REPLACE TABLE tidings\\.(\\w+) .*'\\w+', " + "cityHash64\\((.*?)\\)\\) COMMENT '[^']+'");

    @Test
    void a_table_becomes_a_replicated_table_and_a_distributed_table() {
        String table = """
                CREATE TABLE IF NOT EXISTS tidings.reads
                (
                    user_id String COMMENT 'The user (not a bot)',
                    read_seq Int64
                )
                ENGINE = ReplacingMergeTree(read_seq)
                ORDER BY user_id
                COMMENT 'It''s read'""";
        ClusterSchema schema = new ClusterSchema(new ClickHouseCluster("chat"), List.of(table));

        assertEquals(List.of("""
                        CREATE TABLE IF NOT EXISTS tidings_shard.reads ON CLUSTER 'chat'
                        (
                            user_id String COMMENT 'The user (not a bot)',
                            read_seq Int64
                        )
                        ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', read_seq)
                        ORDER BY user_id
                        COMMENT 'It''s read'""", """
                        CREATE OR REPLACE TABLE tidings.reads ON CLUSTER 'chat' AS tidings_shard.reads ENGINE = \
                        Distributed('chat', 'tidings_shard', 'reads', cityHash64(user_id)) COMMENT 'It''s read'"""), schema.statements(table));
    }

    @Test
    void rows_of_one_key_are_on_one_shard() {
        Map<String, String> keys = new TreeMap<>();
        for (String statement : SCHEMA) {
            for (String produced : CLUSTER.statements(statement)) {
                Matcher sharded = SHARDED.matcher(produced);
                if (sharded.matches()) {
                    keys.put(sharded.group(1), sharded.group(2));
                }
            }
        }

        assertEquals("conversation_id", keys.remove("events"));
        assertEquals("conversation_id", keys.remove("messages"));
        assertEquals("conversation_id", keys.remove("member_changes"));
        assertEquals("user_id", keys.remove("users"));
        assertEquals("user_id", keys.remove("user_name_keys"));
        assertEquals("user_id", keys.remove("notifications"));
        assertEquals("at, audit_id", keys.remove("audit"));
        assertEquals("notification_id, device_id", keys.remove("push_outcomes"));
        assertEquals("version", keys.remove("schema_migrations"));
    }

    @Test
    void a_change_of_columns_creates_the_distributed_table_again() {
        String column = "ALTER TABLE tidings.messages ADD COLUMN IF NOT EXISTS masked Bool COMMENT 'x'";
        List<String> produced = CLUSTER.statements(column);

        assertEquals(2, produced.size());
        assertEquals(
                "ALTER TABLE tidings_shard.messages ON CLUSTER 'chat' ADD COLUMN IF NOT EXISTS masked Bool COMMENT 'x'",
                produced.getFirst());
        assertTrue(produced.getLast().startsWith("CREATE OR REPLACE TABLE tidings.messages ON CLUSTER 'chat' AS"));
        assertEquals(
                List.of("ALTER TABLE tidings_shard.events ON CLUSTER 'chat' ADD INDEX IF NOT EXISTS i seq TYPE minmax"),
                CLUSTER.statements("ALTER TABLE tidings.events ADD INDEX IF NOT EXISTS i seq TYPE minmax"));
    }

    @Test
    void views_are_created_and_described_on_all_servers() {
        assertEquals(
                List.of("CREATE OR REPLACE VIEW tidings.v ON CLUSTER 'chat'\nAS SELECT 1"),
                CLUSTER.statements("CREATE OR REPLACE VIEW tidings.v\nAS SELECT 1"));
        assertEquals(
                List.of("ALTER TABLE tidings.members ON CLUSTER 'chat' MODIFY COMMENT 'x'"),
                CLUSTER.statements("ALTER TABLE tidings.members MODIFY COMMENT 'x'"));
    }

    @Test
    void every_statement_of_the_schema_has_a_form_for_a_cluster() {
        for (String statement : SCHEMA) {
            for (String produced : CLUSTER.statements(statement)) {
                assertTrue(produced.startsWith("INSERT ") || produced.contains(" ON CLUSTER 'chat'"), produced);
            }
        }
        assertThrows(MigrationException.class, () -> CLUSTER.statements("DROP TABLE tidings.messages"));
    }

    @Test
    void one_server_has_the_schema_as_it_is_written() {
        ClusterSchema schema = new ClusterSchema(ClickHouseCluster.NONE, SCHEMA);

        SCHEMA.forEach(statement -> assertEquals(List.of(statement), schema.statements(statement)));
    }

    @Test
    void a_name_of_a_cluster_cannot_end_the_quotes() {
        assertThrows(SettingsException.class, () -> new ClickHouseCluster("a' b"));
    }
}
