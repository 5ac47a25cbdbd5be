package dev.tidings.connectors;

import org.apache.kafka.connect.sink.SinkRecord;

/**
 * A record that can never be stored.
 *
 * @param reason its message is logged and holds no content of users
 */
public record PoisonRecord(SinkRecord record, Throwable reason) {}
