package dev.tidings.connectors.clickhouse;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.command.CommandResponse;
import com.clickhouse.client.api.insert.InsertResponse;
import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.client.api.query.GenericRecord;
import com.clickhouse.data.ClickHouseFormat;
import dev.tidings.connectors.archive.ArchiveServer;
import dev.tidings.connectors.clickhouse.row.Row;
import dev.tidings.connectors.clickhouse.row.RowBinary;
import dev.tidings.connectors.clickhouse.row.Table;
import dev.tidings.schemas.readmodel.ClickHouseCluster;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client of one ClickHouse server. Throws failures as the unchecked exceptions they are (see {@link FailureKind}) and retries
 * nothing, because Connect delivers the batch again.
 */
final class ClickHouse implements ArchiveServer, AutoCloseable {

    private static final long CONNECT_TIMEOUT_MILLIS = 3_000;

    private static final Logger LOG = LoggerFactory.getLogger(ClickHouse.class);

    private final Client client;

    private ClickHouse(Client client) {
        this.client = client;
    }

    /**
     * Creates a client that does not connect yet.
     *
     * @param cluster of which the server is one; or none
     */
    static ClickHouse at(String url, String user, String password, long timeoutMillis, ClickHouseCluster cluster) {
        Client.Builder client = new Client.Builder()
                .addEndpoint(url)
                .setUsername(user)
                .setPassword(password)
                .setConnectTimeout(CONNECT_TIMEOUT_MILLIS, ChronoUnit.MILLIS)
                .setSocketTimeout(timeoutMillis, ChronoUnit.MILLIS)
                .setExecutionTimeout(timeoutMillis, ChronoUnit.MILLIS)
                .setMaxRetries(0);
        cluster.querySettings().forEach(client::serverSetting);
        cluster.insertSettings().forEach(client::serverSetting);
        return new ClickHouse(client.build());
    }

    @Override
    public void execute(String sql) {
        try (CommandResponse response = await(client.execute(sql))) {
            LOG.debug("executed duration_ns={}", response.getServerTime());
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("closing ClickHouse's answer failed", e);
        }
    }

    @Override
    public List<GenericRecord> query(String sql) {
        return client.queryAll(sql);
    }

    /** @param rows of this table */
    void insert(Table table, List<Row> rows) {
        byte[] values = RowBinary.of(rows);
        // A rebuild may insert many years at once; the limit of 100 partitions guards against other mistakes.
        InsertSettings settings = new InsertSettings().serverSetting("max_partitions_per_insert_block", "0");
        CompletableFuture<InsertResponse> answer = client.insert(
                table.qualifiedName(), table.columns(), out -> out.write(values), ClickHouseFormat.RowBinary, settings);
        await(answer).close();
    }

    /** Fails as any insert into the table would fail: a missing table or column, or missing rights. */
    void insertNothing(Table table) {
        String columns = String.join(", ", table.columns());
        execute("INSERT INTO %s (%s) SELECT %s FROM %s LIMIT 0"
                .formatted(table.qualifiedName(), columns, columns, table.qualifiedName()));
    }

    @Override
    public void close() {
        client.close();
    }

    private static <T> T await(CompletableFuture<T> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for ClickHouse", e);
        }
    }
}
