package dev.tidings.ops.export;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.query.QueryResponse;
import com.clickhouse.client.api.query.QuerySettings;
import com.clickhouse.data.ClickHouseFormat;
import dev.tidings.schemas.readmodel.ClickHouseCluster;
import dev.tidings.schemas.readmodel.HistoryTables;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/** Reads the rows about a user from ClickHouse, as JSON, one on a line. Holds no result in memory. */
final class ExportedTables implements AutoCloseable {

    private static final int TIMEOUT_MINUTES = 10;

    /** By the name of the file. */
    private static final Map<String, String> QUERIES = queries();

    private final Client client;

    ExportedTables(String url, String user, String password, ClickHouseCluster cluster) {
        Client.Builder builder = new Client.Builder()
                .addEndpoint(url)
                .setUsername(user)
                .setPassword(password)
                .setDefaultDatabase(HistoryTables.DATABASE)
                .compressServerResponse(false)
                .setSocketTimeout(TIMEOUT_MINUTES, ChronoUnit.MINUTES)
                .setExecutionTimeout(TIMEOUT_MINUTES, ChronoUnit.MINUTES);
        cluster.querySettings().forEach(builder::serverSetting);
        this.client = builder.build();
    }

    private static Map<String, String> queries() {
        Map<String, String> queries = new LinkedHashMap<>();
        queries.put("profile", "SELECT * FROM users FINAL WHERE user_id = {user:String}");
        queries.put("conversations", """
                SELECT DISTINCT conversation_id
                FROM
                (
                    SELECT conversation_id FROM messages WHERE sender = {user:String}
                    UNION ALL SELECT conversation_id FROM member_changes WHERE user_id = {user:String}
                    UNION ALL SELECT conversation_id FROM reads WHERE user_id = {user:String}
                )
                ORDER BY conversation_id
                """);
        queries.put("messages", """
                SELECT * EXCEPT (search_terms) FROM messages FINAL
                WHERE sender = {user:String} ORDER BY conversation_id, seq
                """);
        queries.put("changes", """
                SELECT * EXCEPT (raw, search_terms) FROM message_changes FINAL
                WHERE changed_by = {user:String} ORDER BY conversation_id, event_seq
                """);
        queries.put("reactions", ofUser("reactions", "conversation_id, seq"));
        queries.put("memberships", ofUser("member_changes", "conversation_id, event_seq"));
        queries.put("relations", ofUser("relation_changes", "conversation_id, changed_at"));
        queries.put("reads", ofUser("reads", "conversation_id"));
        queries.put("receipts", ofUser("receipts", "conversation_id, seq"));
        queries.put("sessions", ofUser("session_changes", "changed_at"));
        queries.put("presence", ofUser("presence_changes", "changed_at"));
        queries.put("notifications", ofUser("notifications", "at"));
        queries.put("pushes", ofUser("push_outcomes", "at"));
        return queries;
    }

    private static String ofUser(String table, String order) {
        return "SELECT * FROM " + table + " FINAL WHERE user_id = {user:String} ORDER BY " + order;
    }

    /** The names of the files, without an ending. */
    static Set<String> names() {
        return QUERIES.keySet();
    }

    /** Writes the rows of one file. */
    void write(String name, String userId, OutputStream out) throws IOException {
        String query = QUERIES.get(name);
        if (query == null) {
            throw new IllegalArgumentException("there is no query " + name);
        }
        QuerySettings settings = new QuerySettings().setFormat(ClickHouseFormat.JSONEachRow);
        try (QueryResponse response =
                        client.query(query, Map.of("user", userId), settings).get();
                InputStream rows = response.getInputStream()) {
            rows.transferTo(out);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for ClickHouse", e);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("closing ClickHouse's answer failed", e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
