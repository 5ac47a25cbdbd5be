package dev.tidings.ops.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.clickhouse.client.api.Client;
import com.google.protobuf.MessageLite;
import dev.tidings.connectors.clickhouse.ClickHouseSinkTask;
import dev.tidings.gateway.history.HistoryRange;
import dev.tidings.gateway.history.HistoryStores;
import dev.tidings.gateway.history.SearchIndex;
import dev.tidings.gateway.readmodel.ReadModelConfig;
import dev.tidings.gateway.readmodel.ReadModels;
import dev.tidings.ops.embedded.ShardedClickHouse;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.readmodel.ClickHouseCluster;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.MembersAdded;
import dev.tidings.v1.Search;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The sink and the readers of a gateway on two real ClickHouse servers, each of which has a shard of the rows. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(240)
class ClickHouseClusterIT {

    private static final ClickHouseCluster CLUSTER = new ClickHouseCluster(ShardedClickHouse.CLUSTER);
    private static final int GROUPS = 20;

    private final UnwatchedContext context = new UnwatchedContext();
    private final ClickHouseSinkTask sink = new ClickHouseSinkTask();
    private ShardedClickHouse servers;
    private ReadModels readModels;
    private Client client;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        servers = ShardedClickHouse.start(directory);
        readModels = new ReadModels(new ReadModelConfig(
                "redis://127.0.0.1:1", servers.url(), ShardedClickHouse.USER, ShardedClickHouse.PASSWORD, CLUSTER));
        Client.Builder builder = new Client.Builder()
                .addEndpoint(servers.url())
                .setUsername(ShardedClickHouse.USER)
                .setPassword(ShardedClickHouse.PASSWORD);
        CLUSTER.querySettings().forEach(builder::serverSetting);
        client = builder.build();
        sink.initialize(context);
        sink.start(Map.of(
                "clickhouse.url", servers.url(),
                "clickhouse.user", ShardedClickHouse.USER,
                "clickhouse.password", ShardedClickHouse.PASSWORD,
                "clickhouse.cluster", ShardedClickHouse.CLUSTER,
                "clickhouse.retention.room.days", "30"));
        for (int i = 0; i < 2; i++) {
            put(Topics.CONVERSATION_EVENTS.name(), log());
            put(Topics.USER_EVENTS.name(), List.of(Events.session("alice", "s-1", true, 10)));
        }
    }

    @AfterAll
    void stop() {
        sink.stop();
        client.close();
        readModels.close();
        servers.close();
    }

    private static List<ConversationEvent> log() {
        List<ConversationEvent> log = new ArrayList<>();
        for (int group = 0; group < GROUPS; group++) {
            String id = group(group);
            log.add(Events.event(id, 1)
                    .setMembersAdded(MembersAdded.newBuilder().addUserIds("alice"))
                    .build());
            log.add(Events.message(id, 2));
            log.add(Events.message(id, 3));
            log.add(Events.edit(id, 4, 2));
            log.add(Events.recall(id, 5, 3));
        }
        return log;
    }

    @Test
    @Order(1)
    void each_server_has_some_conversations_and_each_row_is_stored_once() throws Exception {
        assertEquals(List.of(), context.reported);
        List<String> shards = servers.onEach("SELECT uniqExact(conversation_id) FROM tidings_shard.messages");
        assertEquals(GROUPS, shards.stream().mapToInt(Integer::parseInt).sum());
        shards.forEach(conversations -> assertTrue(Integer.parseInt(conversations) > 0, shards::toString));
        assertEquals(List.of("" + 2 * GROUPS), column("SELECT toString(count()) FROM tidings.messages FINAL"));
        assertEquals(List.of("" + 5 * GROUPS), column("SELECT toString(count()) FROM tidings.events FINAL"));
        assertTrue(servers.onCluster().stream()
                .anyMatch(sql -> sql.startsWith("ALTER TABLE tidings_shard.events ON CLUSTER 'chat' MODIFY TTL")));
    }

    @Test
    @Order(2)
    void history_and_search_read_all_servers() {
        HistoryStores stores = new HistoryStores(readModels);
        for (int group = 0; group < GROUPS; group++) {
            HistoryRange range = stores.history(System::currentTimeMillis).read(group(group), 1, Long.MAX_VALUE, 10);
            assertTrue(range.complete());
            assertEquals(5, range.events().size());
            assertEquals(4, range.events().get(1).getMessageSent().getState().getEditedSeq());
            assertEquals(5, range.events().get(2).getMessageSent().getState().getRecalledSeq());
        }
        for (Search.Order order : List.of(Search.Order.NEWEST_FIRST, Search.Order.RELEVANCE)) {
            assertEquals(
                    GROUPS,
                    stores.searchIndex()
                            .candidates(
                                    new SearchIndex.Query(
                                            List.of("4"), "edit", "alice", "", "", "", 0, Long.MAX_VALUE, order, null),
                                    100)
                            .size());
        }
    }

    @Test
    @Order(3)
    void every_table_and_view_answers_and_is_described() {
        List<String> failures = new ArrayList<>();
        for (String name : column("SELECT name FROM system.tables WHERE database = 'tidings'")) {
            try {
                var _ = client.queryAll(
                        "SELECT * FROM tidings." + name + AnalyticsIT.ARGUMENTS.getOrDefault(name, "") + " LIMIT 1");
            } catch (RuntimeException e) {
                failures.add(name + ": " + (e.getCause() == null ? e : e.getCause()).getMessage());
            }
        }
        assertEquals(List.of(), failures);
        assertEquals(List.of(), column("SELECT name FROM system.tables WHERE database = 'tidings' AND comment = ''"));
        assertEquals(
                List.of(),
                column(
                        "SELECT concat(table, '.', name) FROM system.columns WHERE database = 'tidings' AND comment = ''"));
    }

    @Test
    @Order(4)
    void changes_of_stored_rows_reach_all_servers() throws Exception {
        execute(CLUSTER.alterTable("tidings.messages")
                + " UPDATE text = 'erased' WHERE seq = 2 SETTINGS mutations_sync = 2");

        assertEquals(
                List.of("" + GROUPS),
                column("SELECT toString(count()) FROM tidings.messages FINAL WHERE text = 'erased'"));
        assertEquals(
                List.of("2"),
                column("SELECT toString(uniqExact(substring(path, 1, position(path, '/data/')))) FROM "
                        + CLUSTER.systemTable("system.parts") + " WHERE database = '" + CLUSTER.storedDatabase()
                        + "' AND table = 'messages' AND active"));

        execute(CLUSTER.truncateTable("tidings.messages"));
        assertEquals(List.of("0"), column("SELECT toString(count()) FROM tidings.messages"));
    }

    @Test
    @Order(5)
    void a_second_start_applies_no_migration_again() {
        int before = servers.onCluster().size();
        ClickHouseSinkTask second = new ClickHouseSinkTask();
        second.initialize(context);
        second.start(Map.of(
                "clickhouse.url", servers.url(),
                "clickhouse.user", ShardedClickHouse.USER,
                "clickhouse.password", ShardedClickHouse.PASSWORD,
                "clickhouse.cluster", ShardedClickHouse.CLUSTER,
                "clickhouse.retention.room.days", "30"));
        second.stop();

        assertFalse(servers.onCluster().subList(before, servers.onCluster().size()).stream()
                .anyMatch(sql -> sql.contains("tidings.messages") || sql.contains("TTL")));
    }

    private void put(String topic, List<? extends MessageLite> events) {
        sink.put(events.stream()
                .map(event -> new SinkRecord(topic, 0, null, null, null, event.toByteArray(), 0))
                .toList());
    }

    private List<String> column(String sql) {
        return client.queryAll(sql).stream().map(row -> row.getString(1)).toList();
    }

    private void execute(String sql) throws Exception {
        client.execute(sql).get().close();
    }

    private static String group(int number) {
        return "g:cluster-" + number;
    }
}
