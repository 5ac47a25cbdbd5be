package dev.tidings.connectors.clickhouse;

import dev.tidings.connectors.clickhouse.row.EventRow;
import dev.tidings.connectors.clickhouse.row.Row;
import dev.tidings.connectors.retention.RetentionClass;
import dev.tidings.connectors.retention.RetentionPolicy;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Records in {@code tidings.deleted_ranges} up to which seq the retention deletes the events of a conversation. Readers of history do not
 * wait for events below that seq. It is recorded some hours before ClickHouse may delete the events; until then they are read.
 */
final class DeletedRanges {

    /** Twelve times the period in which the statements run. */
    private static final int HOURS_AHEAD = 12;

    private static final String INSERT = "INSERT INTO tidings.deleted_ranges (conversation_id, last_seq) ";

    private DeletedRanges() {}

    /** Returns the statements for stored rows that are past their retention: those of a rebuild. Ignores rows of other tables. */
    static List<String> ofRows(List<Row> stored, RetentionPolicy policy, long nowMillis) {
        Map<String, Long> lastSeqs = new TreeMap<>();
        for (Row row : stored) {
            if (row instanceof EventRow event
                    && policy.isOver(event.conversationId(), event.sentAtMillis(), nowMillis)) {
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
