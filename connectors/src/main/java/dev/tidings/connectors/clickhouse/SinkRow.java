package dev.tidings.connectors.clickhouse;

import dev.tidings.connectors.clickhouse.row.Row;
import org.apache.kafka.connect.sink.SinkRecord;

/** A row, with the record that it comes from. */
record SinkRow(SinkRecord origin, Row row) {}
