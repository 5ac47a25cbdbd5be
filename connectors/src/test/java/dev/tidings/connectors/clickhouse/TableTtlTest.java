package dev.tidings.connectors.clickhouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.clickhouse.client.api.query.GenericRecord;
import dev.tidings.connectors.archive.ArchiveServer;
import dev.tidings.connectors.retention.RetentionClass;
import dev.tidings.connectors.retention.RetentionPolicy;
import dev.tidings.schemas.readmodel.ClickHouseCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests the order of the statements. RetentionIT runs them on a real ClickHouse. */
class TableTtlTest {

    private static final String RECORDED = "recorded";
    private static final String HELD =
            "(SELECT subject FROM tidings.legal_holds FINAL GROUP BY subject HAVING argMax(held, log_position))";

    private final List<String> done = new ArrayList<>();

    @Test
    void events_are_recorded_as_deleted_before_their_ttl_lets_clickhouse_delete_them() {
        apply(RetentionClass.ROOM, ClickHouseCluster.NONE);

        assertEquals(RECORDED, done.getFirst());
        assertEquals(
                "ALTER TABLE tidings.events MODIFY TTL toDateTime(sent_at) + toIntervalDay(30) DELETE"
                        + " WHERE startsWith(conversation_id, 'r:')"
                        + " AND (concat('conversation:', conversation_id) NOT IN " + HELD + ")"
                        + " AND (concat('user:', actor) NOT IN " + HELD + ")"
                        + " AND ((seq > 0) IN (SELECT 1 FROM tidings.retention_runs"
                        + " WHERE at > now64(3, 'UTC') - toIntervalHour(12)))",
                done.get(1));
    }

    @Test
    void a_ttl_of_other_tables_records_nothing() {
        apply(RetentionClass.AUDIT, ClickHouseCluster.NONE);

        assertEquals(1, done.size());
        assertTrue(done.getFirst().startsWith("ALTER TABLE tidings.audit MODIFY TTL"), done::toString);
    }

    @Test
    void a_cluster_changes_the_tables_with_the_rows_on_all_servers() {
        ClickHouseCluster cluster = new ClickHouseCluster("chat");
        apply(RetentionClass.RECEIPTS, cluster);
        TableTtl.evaluateAgain(new NewServer(), cluster, new RetentionPolicy(Map.of(RetentionClass.RECEIPTS, 30)));

        assertTrue(
                done.getFirst().startsWith("ALTER TABLE tidings_shard.receipts ON CLUSTER 'chat' MODIFY TTL"),
                done::toString);
        assertEquals("ALTER TABLE tidings_shard.receipts ON CLUSTER 'chat' MATERIALIZE TTL", done.getLast());
    }

    private void apply(RetentionClass retained, ClickHouseCluster cluster) {
        TableTtl.apply(new NewServer(), cluster, new RetentionPolicy(Map.of(retained, 30)), () -> done.add(RECORDED));
    }

    @Test
    void after_a_hold_is_removed_only_tables_with_a_ttl_are_evaluated_again() {
        TableTtl.evaluateAgain(
                new NewServer(),
                ClickHouseCluster.NONE,
                new RetentionPolicy(Map.of(RetentionClass.RECEIPTS, 30, RetentionClass.AUDIT, 30)));

        assertEquals(
                List.of("ALTER TABLE tidings.receipts MATERIALIZE TTL", "ALTER TABLE tidings.audit MATERIALIZE TTL"),
                done);
    }

    /** A server whose tables have no TTL. */
    private final class NewServer implements ArchiveServer {

        @Override
        public void execute(String sql) {
            done.add(sql);
        }

        @Override
        public List<GenericRecord> query(String sql) {
            return List.of();
        }
    }
}
