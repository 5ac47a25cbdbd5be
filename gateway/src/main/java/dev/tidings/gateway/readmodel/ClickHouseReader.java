package dev.tidings.gateway.readmodel;

import com.clickhouse.client.api.ServerException;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Properties;

/** Reads from ClickHouse. Thread-safe. */
public final class ClickHouseReader implements AutoCloseable {

    private static final int CONNECTIONS = 4;

    /** A query of tables that takes longer has failed. */
    public static final int ANSWER_TIMEOUT_MILLIS = 5_000;

    private static final int CONNECT_TIMEOUT_MILLIS = 2_000;

    /** Sets the parameters of a statement. */
    public interface Binding {
        void bind(PreparedStatement statement) throws SQLException;
    }

    /** Reads all rows of a result. */
    public interface RowReader<T> {
        T read(ResultSet rows) throws SQLException;
    }

    private final HikariDataSource pool;

    /** Returns a reader for queries that are answered fast. */
    static ClickHouseReader ofTables(ReadModelConfig where) {
        return new ClickHouseReader(where, "clickhouse", CONNECTIONS, ANSWER_TIMEOUT_MILLIS, new Properties());
    }

    /**
     * Returns a reader of object storage. The client repeats no query: ClickHouse repeats its requests to an object storage that is
     * down, so a query does not fail before the time-out.
     */
    static ClickHouseReader ofObjects(ReadModelConfig where, int connections, int answerTimeoutMillis) {
        Properties noRetry = new Properties();
        noRetry.setProperty("retry", "0");
        return new ClickHouseReader(where, "archive", connections, answerTimeoutMillis, noRetry);
    }

    private ClickHouseReader(
            ReadModelConfig where, String name, int connections, int answerTimeoutMillis, Properties client) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl("jdbc:clickhouse:" + where.clickHouseUrl());
        config.setUsername(where.clickHouseUser());
        config.setPassword(where.clickHousePassword());
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(CONNECT_TIMEOUT_MILLIS);
        config.addDataSourceProperty("connection_timeout", Integer.toString(CONNECT_TIMEOUT_MILLIS));
        config.addDataSourceProperty("socket_timeout", Integer.toString(answerTimeoutMillis));
        where.clickHouseCluster()
                .querySettings()
                .forEach((key, value) -> config.addDataSourceProperty("clickhouse_setting_" + key, value));
        client.stringPropertyNames().forEach(key -> config.addDataSourceProperty(key, client.getProperty(key)));
        config.setInitializationFailTimeout(-1); // ClickHouse may start after the gateway
        config.setReadOnly(false); // the driver has no read-only mode; the user's rights decide
        this.pool = new HikariDataSource(config);
    }

    /**
     * Runs a query and returns what the reader makes of its rows.
     *
     * @throws ReadModelUnavailableException if ClickHouse does not answer in time
     * @throws IllegalStateException if ClickHouse rejects the query
     */
    public <T> T query(String sql, Binding binding, RowReader<T> reader) {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            binding.bind(statement);
            try (ResultSet rows = statement.executeQuery()) {
                return reader.read(rows);
            }
        } catch (SQLException e) {
            if (isServerError(e)) {
                throw new IllegalStateException("ClickHouse rejected a query", e);
            }
            throw new ReadModelUnavailableException("ClickHouse does not answer", e);
        }
    }

    private static boolean isServerError(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ServerException) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        pool.close();
    }
}
