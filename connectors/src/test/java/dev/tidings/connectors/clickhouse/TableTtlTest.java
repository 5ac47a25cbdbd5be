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

    private final List<String> done = new ArrayList<>();

    @Test
    void events_are_recorded_as_deleted_before_their_ttl_lets_clickhouse_delete_them() {
        apply(RetentionClass.ROOM, ClickHouseCluster.NONE);

        assertEquals(RECORDED, done.getFirst());
        assertEquals(
                "ALTER TABLE tidings.events MODIFY TTL toDateTime(sent_at) + toIntervalDay(30) DELETE"
                        + " WHERE startsWith(conversation_id, 'r:')",
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
        apply(RetentionClass.RECEIPTS, new ClickHouseCluster("chat"));

        assertTrue(
                done.getFirst().startsWith("ALTER TABLE tidings_shard.receipts ON CLUSTER 'chat' MODIFY TTL"),
                done::toString);
    }

    private void apply(RetentionClass retained, ClickHouseCluster cluster) {
        TableTtl.apply(new NewServer(), cluster, new RetentionPolicy(Map.of(retained, 30)), () -> done.add(RECORDED));
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
