package dev.tidings.connectors.clickhouse;

import dev.tidings.connectors.PoisonRecord;
import dev.tidings.connectors.clickhouse.row.Row;
import dev.tidings.connectors.clickhouse.row.Table;
import dev.tidings.schemas.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * The records of one {@code put}: rows by table, in the order of the log, and the records of which no row can be made.
 */
record Batch(Map<Table, List<SinkRow>> rows, List<PoisonRecord> poison) {

    /** The topics that this sink reads. */
    static final Set<String> TOPICS = Set.of(
            Topics.CONVERSATION_EVENTS.name(),
            Topics.USER_EVENTS.name(),
            Topics.MODERATION.name(),
            Topics.NOTIFICATIONS.name(),
            Topics.PUSH_OUTCOMES.name(),
            Topics.DIRECTORY.name(),
            Topics.AUDIT.name(),
            Topics.LEGAL_HOLDS.name());

    static Batch of(Collection<SinkRecord> records) {
        Map<Table, List<SinkRow>> rows = new EnumMap<>(Table.class);
        List<PoisonRecord> poison = new ArrayList<>();
        for (SinkRecord record : records) {
            try {
                for (Row row : rowsOf(record)) {
                    rows.computeIfAbsent(row.table(), table -> new ArrayList<>())
                            .add(new SinkRow(record, row));
                }
            } catch (IllegalArgumentException | ClassCastException e) {
                poison.add(new PoisonRecord(record, e));
            }
        }
        return new Batch(rows, poison);
    }

    private static List<Row> rowsOf(SinkRecord record) {
        if (record.topic().equals(Topics.LEGAL_HOLDS.name())) {
            return List.of(LegalHoldRows.of(record));
        }
        byte[] value = (byte[]) record.value();
        if (record.topic().equals(Topics.USER_EVENTS.name())) {
            return UserEventRows.of(value);
        }
        if (record.topic().equals(Topics.MODERATION.name())) {
            return List.of(CaseRows.of(value));
        }
        if (record.topic().equals(Topics.NOTIFICATIONS.name())) {
            return List.of(PushRows.notification(value));
        }
        if (record.topic().equals(Topics.PUSH_OUTCOMES.name())) {
            return List.of(PushRows.outcome(value));
        }
        if (record.topic().equals(Topics.DIRECTORY.name())) {
            return UserRows.of(value);
        }
        if (record.topic().equals(Topics.AUDIT.name())) {
            return List.of(AuditRows.of(value));
        }
        return EventRows.of(value);
    }
}
