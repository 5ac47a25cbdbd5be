package dev.tidings.ops.verify;

import com.clickhouse.client.api.Client;
import dev.tidings.schemas.readmodel.ClickHouseCluster;
import dev.tidings.schemas.readmodel.HistoryTables;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads hashes of events and seqs of messages from ClickHouse. */
final class ClickHouseCopy implements AutoCloseable {

    /** Conversations of one query. Their ids are part of its text, of which ClickHouse takes 256 KiB. */
    static final int MAX_CONVERSATIONS = 100;

    private static final int PAGE = 10_000;

    /** Of a message only its existence is compared. */
    private static final String NO_HASH = "toInt64(0)";

    private static final String PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:._-";

    /**
     * The events of one conversation in a range, and its last seq in any range.
     *
     * @param hashSum of the events in the range, modulo 2^64
     */
    record Summary(long events, long hashSum, long newestSeq) {

        static final Summary NONE = new Summary(0, 0, 0);
    }

    private final Client client;

    /** @param cluster of which the server is one; or none */
    ClickHouseCopy(String url, String user, String password, ClickHouseCluster cluster) {
        Client.Builder builder =
                new Client.Builder().addEndpoint(url).setUsername(user).setPassword(password);
        cluster.querySettings().forEach(builder::serverSetting);
        this.client = builder.build();
    }

    /** Returns the summary of each range, by conversation. Conversations without a row are left out. */
    Map<String, Summary> events(List<EventRange> ranges) {
        return summaries(HistoryTables.EVENTS, EventHash.SQL, ranges);
    }

    /** Like {@link #events}, of messages, with hash 0. */
    Map<String, Summary> messages(List<EventRange> ranges) {
        return summaries(HistoryTables.MESSAGES, NO_HASH, ranges);
    }

    /** Returns the hashes of all events of a conversation by seq. */
    NavigableMap<Long, Long> eventHashes(String conversationId) {
        return hashes(HistoryTables.EVENTS, EventHash.SQL, conversationId);
    }

    /** Returns the seqs of all messages of a conversation, each with hash 0. */
    NavigableMap<Long, Long> messageSeqs(String conversationId) {
        return hashes(HistoryTables.MESSAGES, NO_HASH, conversationId);
    }

    /** Returns the last seq up to which events may be archived or deleted by the retention, by conversation of a partition. */
    Map<String, Long> removedUpTo(int partition, int partitions) {
        String ofPartition = " WHERE kafkaMurmurHash(conversation_id) % " + partitions + " = " + partition;
        Map<String, Long> removedUpTo = new HashMap<>();
        client.queryAll("SELECT conversation_id, max(last_seq) FROM (SELECT conversation_id, last_seq FROM "
                        + HistoryTables.DELETED_RANGES + ofPartition
                        + " UNION ALL SELECT conversation_id, last_seq FROM "
                        + HistoryTables.ARCHIVED_RANGES + ofPartition + ") GROUP BY conversation_id")
                .forEach(row -> removedUpTo.put(row.getString(1), row.getLong(2)));
        return removedUpTo;
    }

    /**
     * Returns a page of the conversations that belong to a partition, with their first and last seq, in the order of their ids.
     *
     * @param after the last id of the page before; empty: none
     */
    List<EventRange> conversations(int partition, int partitions, String after) {
        return client
                .queryAll("SELECT conversation_id, min(seq), max(seq) FROM " + HistoryTables.EVENTS
                        + " WHERE conversation_id > " + quoted(after) + " AND kafkaMurmurHash(conversation_id) % "
                        + partitions + " = " + partition + " GROUP BY conversation_id ORDER BY conversation_id LIMIT "
                        + PAGE + " SETTINGS optimize_aggregation_in_order = 1")
                .stream()
                .map(row -> new EventRange(row.getString(1), row.getLong(2), row.getLong(3)))
                .toList();
    }

    @Override
    public void close() {
        client.close();
    }

    private Map<String, Summary> summaries(String table, String hash, List<EventRange> ranges) {
        if (ranges.isEmpty()) {
            return Map.of();
        }
        String ids = joined(ranges, range -> quoted(range.conversationId()));
        String statement = """
                WITH [%s] AS ids, [%s] AS first_seqs, [%s] AS last_seqs
                SELECT conversation_id, toInt64(countIf(is_compared)), sumIf(hash, is_compared), max(seq)
                FROM
                (
                    SELECT
                        conversation_id,
                        seq,
                        %s AS hash,
                        indexOf(ids, conversation_id) AS place,
                        seq >= first_seqs[place] AND seq <= last_seqs[place] AS is_compared
                    FROM %s FINAL
                    WHERE conversation_id IN (%s)
                )
                GROUP BY conversation_id
                """.formatted(
                        ids,
                        joined(ranges, range -> Long.toString(range.fromSeq())),
                        joined(ranges, range -> Long.toString(range.toSeq())),
                        hash,
                        table,
                        ids);
        Map<String, Summary> summaries = new HashMap<>();
        client.queryAll(statement)
                .forEach(row ->
                        summaries.put(row.getString(1), new Summary(row.getLong(2), row.getLong(3), row.getLong(4))));
        return summaries;
    }

    private NavigableMap<Long, Long> hashes(String table, String hash, String conversationId) {
        NavigableMap<Long, Long> hashes = new TreeMap<>();
        client.queryAll("SELECT seq, " + hash + " FROM " + table + " FINAL WHERE conversation_id = "
                        + quoted(conversationId))
                .forEach(row -> hashes.put(row.getLong(1), row.getLong(2)));
        return hashes;
    }

    private static String joined(List<EventRange> ranges, Function<EventRange, String> text) {
        return ranges.stream().map(text).collect(Collectors.joining(", "));
    }

    /** A SQL string literal. Every byte that is not plain is escaped, so no character has a meaning to SQL. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("'");
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (PLAIN.indexOf(b) >= 0) {
                quoted.append((char) b);
            } else {
                quoted.append("\\x%02X".formatted(b));
            }
        }
        return quoted.append('\'').toString();
    }
}
