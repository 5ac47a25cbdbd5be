package dev.tidings.connectors.clickhouse;

import dev.tidings.connectors.PoisonRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * What one {@code put} brought: rows by table, in the order of the log, and the records that no row could be made of.
 */
record Batch(Map<Table, List<SinkRow>> rows, List<PoisonRecord> poison) {

    static Batch of(Collection<SinkRecord> records) {
        Map<Table, List<SinkRow>> rows = new EnumMap<>(Table.class);
        List<PoisonRecord> poison = new ArrayList<>();
        for (SinkRecord record : records) {
            try {
                for (Row row : EventRows.of((byte[]) record.value())) {
                    rows.computeIfAbsent(row.table(), table -> new ArrayList<>())
                            .add(new SinkRow(record, row));
                }
            } catch (IllegalArgumentException | ClassCastException e) {
                poison.add(new PoisonRecord(record, e));
            }
        }
        return new Batch(rows, poison);
    }
}
