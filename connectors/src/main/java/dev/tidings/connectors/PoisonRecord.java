package dev.tidings.connectors;

import org.apache.kafka.connect.sink.SinkRecord;

/**
 * A record that no number of attempts would store.
 *
 * @param reason why; its own message is logged, so there is nothing in it of what users wrote
 */
public record PoisonRecord(SinkRecord record, Throwable reason) {}
