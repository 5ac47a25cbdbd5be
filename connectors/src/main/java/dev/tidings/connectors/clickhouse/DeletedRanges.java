package dev.tidings.connectors.clickhouse;

import dev.tidings.connectors.archive.ArchiveServer;
import dev.tidings.connectors.clickhouse.row.EventRow;
import dev.tidings.connectors.clickhouse.row.Row;
import dev.tidings.connectors.retention.RetentionClass;
import dev.tidings.connectors.retention.RetentionPolicy;
import dev.tidings.schemas.readmodel.SqlLiterals;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Records in {@code tidings.deleted_ranges} up to which seq the retention deletes the events of a conversation. Readers of history do not
 * wait for events below that seq. It is recorded 12 hours before ClickHouse may delete the events; until then they are read. The TTL deletes
 * nothing if the last record is older, so ClickHouse deletes no event that is not recorded.
 */
final class DeletedRanges {

    /** Twelve times the period in which the statements run. */
    private static final int HOURS_AHEAD = 12;

    private static final String INSERT = "INSERT INTO tidings.deleted_ranges (conversation_id, last_seq) ";

    private static final String RUNS = "tidings.retention_runs";
    private static final String IN_TIME = "at > now64(3, 'UTC') - toIntervalHour(" + HOURS_AHEAD + ')';

    /** The condition on a row of {@code events} that all events whose retention has ended are recorded, in SQL. */
    static final String IS_RECORDED = "((seq > 0) IN (SELECT 1 FROM " + RUNS + " WHERE " + IN_TIME + "))";

    private DeletedRanges() {}

    /**
     * Records the events whose retention ends within the next hours.
     *
     * @return whether the last record is so old that ClickHouse may have kept rows past their retention, which it does not evaluate again
     */
    static boolean record(ArchiveServer server, RetentionPolicy policy) {
        String begin =
                server.query("SELECT toString(now64(3, 'UTC'))").getFirst().getString(1);
        boolean isLate = server.query("SELECT 1 FROM " + RUNS + " WHERE " + IN_TIME + " LIMIT 1")
                .isEmpty();
        ofEnding(policy).forEach(server::execute);
        server.execute(
                "INSERT INTO " + RUNS + " (name, at) VALUES ('deleted_ranges', " + SqlLiterals.quoted(begin) + ')');
        return isLate;
    }

    /**
     * Returns the statements for rows before they are stored whose retention has ended or ends within the next hours: those of a rebuild.
     * Ignores rows of other tables.
     */
    static List<String> ofRows(List<Row> stored, RetentionPolicy policy, long nowMillis) {
        Map<String, Long> lastSeqs = new TreeMap<>();
        for (Row row : stored) {
            if (row instanceof EventRow event
                    && policy.isOver(
                            event.conversationId(),
                            event.sentAtMillis(),
                            nowMillis + Duration.ofHours(HOURS_AHEAD).toMillis())) {
                lastSeqs.merge(event.conversationId(), event.seq(), Math::max);
            }
        }
        List<String> values = lastSeqs.entrySet().stream()
                .map(last -> SqlLiterals.position(last.getKey(), last.getValue()))
                .toList();
        return SqlLiterals.lists(values).stream()
                .map(list -> INSERT + "VALUES " + list)
                .toList();
    }

    /** Returns the statements for events whose retention ends within the next hours. */
    static List<String> ofEnding(RetentionPolicy policy) {
        return RetentionClass.conversationKinds()
                .filter(kind -> policy.days(kind) > 0)
                .map(kind -> INSERT
                        + "SELECT conversation_id, max(seq) FROM tidings.events WHERE startsWith(conversation_id, "
                        + SqlLiterals.quoted(kind.idPrefix()) + ") AND sent_at < now64(3, 'UTC') - toIntervalDay("
                        + policy.days(kind) + ") + toIntervalHour(" + HOURS_AHEAD + ") GROUP BY conversation_id")
                .toList();
    }
}
