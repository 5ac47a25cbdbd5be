package dev.tidings.connectors.archive;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.command.CommandResponse;
import com.clickhouse.client.api.query.GenericRecord;
import dev.tidings.schemas.readmodel.ClickHouseCluster;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client of one ClickHouse server for statements that take long. Retries nothing. */
public final class ArchiveClient implements ArchiveServer, AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration STATEMENT_TIMEOUT = Duration.ofHours(2);

    private static final Logger LOG = LoggerFactory.getLogger(ArchiveClient.class);

    private final Client client;

    /**
     * Creates a client that does not connect yet.
     *
     * @param cluster of which the server is one; or none
     */
    public ArchiveClient(String url, String user, String password, ClickHouseCluster cluster) {
        Client.Builder builder = new Client.Builder()
                .addEndpoint(url)
                .setUsername(user)
                .setPassword(password)
                .setConnectTimeout(CONNECT_TIMEOUT.toMillis(), ChronoUnit.MILLIS)
                .setSocketTimeout(STATEMENT_TIMEOUT.toMillis(), ChronoUnit.MILLIS)
                .setExecutionTimeout(STATEMENT_TIMEOUT.toMillis(), ChronoUnit.MILLIS)
                .setMaxRetries(0);
        cluster.querySettings().forEach(builder::serverSetting);
        cluster.insertSettings().forEach(builder::serverSetting);
        this.client = builder.build();
    }

    @Override
    public void execute(String sql) {
        try (CommandResponse response = client.execute(sql).get()) {
            LOG.debug("executed duration_ns={}", response.getServerTime());
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for ClickHouse", e);
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

    @Override
    public void close() {
        client.close();
    }
}
