package dev.tidings.ops.rebuild;

import com.clickhouse.client.api.Client;
import dev.tidings.connectors.clickhouse.row.Table;
import dev.tidings.connectors.redis.RedisConnection;
import dev.tidings.connectors.redis.RedisServers;
import dev.tidings.ops.connect.ConnectorsConfig;
import dev.tidings.ops.connect.SinkGroups;
import dev.tidings.ops.log.KafkaLog;
import dev.tidings.schemas.Topic;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.readmodel.RedisKeys;
import dev.tidings.schemas.settings.Settings;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Empties a read model and resets the positions of its sink, so that the sink fills it from the beginning of the log. No process of the
 * role {@code connectors} may run; gateways may.
 */
public final class ReadModelRebuild {

    private static final int KEYS_AT_ONCE = 1_000;
    private static final int TIMEOUT_SECONDS = 60;

    private final Settings settings;
    private final ConnectorsConfig config;

    public ReadModelRebuild(Settings settings, ConnectorsConfig config) {
        this.settings = settings;
        this.config = config;
    }

    /**
     * Deletes the keys of the sink in Redis.
     *
     * @return the number of deleted keys
     * @throws CannotRebuildException if connectors run
     */
    public long redis() {
        try (ClusterAdmin admin = new ClusterAdmin(settings)) {
            admin.requireNoMembers(List.of(SinkGroups.REDIS), "connectors");
            return deleteKeys(admin);
        }
    }

    /**
     * Empties the tables of ClickHouse that can be filled from the log. Tables whose topics are kept for a time only are left as they
     * are; the sink writes the rows that are still in the log again, which changes nothing.
     *
     * @return the emptied tables
     * @throws CannotRebuildException if connectors run, or the beginning of the history is deleted
     */
    public List<String> clickHouse() {
        try (ClusterAdmin admin = new ClusterAdmin(settings)) {
            admin.requireNoMembers(List.of(SinkGroups.CLICKHOUSE), "connectors");
            requireWhole(Topics.CONVERSATION_EVENTS);
            requireWhole(Topics.AUDIT);
            List<String> emptied = Stream.of(Table.values())
                    .filter(ReadModelRebuild::isInLog)
                    .map(Table::qualifiedName)
                    .toList();
            try (Client client = new Client.Builder()
                    .addEndpoint(config.clickHouseUrl())
                    .setUsername(config.clickHouseUser())
                    .setPassword(config.clickHousePassword())
                    .build()) {
                if (!client.ping()) {
                    throw new CannotRebuildException("ClickHouse does not answer at " + config.clickHouseUrl());
                }
                resetPositions(admin, SinkGroups.CLICKHOUSE);
                emptied.forEach(
                        table -> execute(client, config.clickHouseCluster().truncateTable(table)));
            }
            return emptied;
        }
    }

    /**
     * Resets the positions of the sink to the beginning of the log. Must run before the deletion: if that fails, the sink stores the
     * missing rows, and writes the others again, which changes nothing.
     */
    private static void resetPositions(ClusterAdmin admin, String group) {
        admin.deleteGroup(group);
    }

    /** Whether all rows of the table follow from topics that are kept forever. */
    private static boolean isInLog(Table table) {
        return switch (table) {
            case MESSAGES,
                    MESSAGE_CHANGES,
                    EVENTS,
                    REACTIONS,
                    PIN_CHANGES,
                    READS,
                    RECEIPTS,
                    MEMBER_CHANGES,
                    GROUP_CHANGES,
                    RELATION_CHANGES,
                    USER_NAME_KEYS,
                    USERS,
                    AUDIT -> true;
            case MODERATION_CASES, NOTIFICATIONS, PUSH_OUTCOMES, SESSION_CHANGES, PRESENCE_CHANGES -> false;
            // in the log, but without them the retention deletes held rows while the sink fills the tables
            case LEGAL_HOLDS -> false;
        };
    }

    private void requireWhole(Topic<?, ?> topic) {
        KafkaLog log = KafkaLog.of(settings);
        for (int number = 0; number < log.partitions(topic.name()); number++) {
            TopicPartition partition = new TopicPartition(topic.name(), number);
            long begin = log.begin(partition);
            if (begin > 0) {
                throw new CannotRebuildException(
                        partition + " begins at offset " + begin
                                + ": earlier records are deleted, and their rows would be lost. Restore a backup of ClickHouse instead");
            }
        }
    }

    private long deleteKeys(ClusterAdmin admin) {
        try (RedisServers servers = RedisServers.of(config.redisUrl(), Duration.ofSeconds(TIMEOUT_SECONDS));
                RedisConnection<String, String> connection = servers.connect(StringCodec.UTF8)) {
            resetPositions(admin, SinkGroups.REDIS);
            long deleted = 0;
            ScanArgs pages = ScanArgs.Builder.limit(KEYS_AT_ONCE).match("tidings:*");
            KeyScanCursor<String> page = connection.sync().scan(pages);
            while (true) {
                String[] keys =
                        page.getKeys().stream().filter(RedisKeys::isRebuilt).toArray(String[]::new);
                if (keys.length > 0) {
                    deleted += connection.sync().unlink(keys);
                }
                if (page.isFinished()) {
                    return deleted;
                }
                page = connection.sync().scan(page, pages); // the cursor of a cluster names the server, too
            }
        }
    }

    private static void execute(Client client, String statement) {
        try {
            client.execute(statement).get(TIMEOUT_SECONDS, TimeUnit.SECONDS).close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while ClickHouse is emptied", e);
        } catch (Exception e) { // close() declares it
            throw new CannotRebuildException("ClickHouse rejects " + statement + ": " + e.getMessage());
        }
    }
}
