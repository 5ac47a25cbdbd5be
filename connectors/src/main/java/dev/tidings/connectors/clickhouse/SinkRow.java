package dev.tidings.connectors.clickhouse;

import dev.tidings.connectors.clickhouse.row.Row;
import org.apache.kafka.connect.sink.SinkRecord;

/** A row with its record. */
record SinkRow(SinkRecord origin, Row row) {}
