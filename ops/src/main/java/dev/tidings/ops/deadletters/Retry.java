package dev.tidings.ops.deadletters;

import org.apache.kafka.clients.producer.ProducerRecord;

/** The answer to a retry of a dead letter. */
public sealed interface Retry {

    /** Appending this record retries the letter. */
    record Possible(ProducerRecord<byte[], byte[]> record) implements Retry {}

    /**
     * The letter cannot be retried.
     *
     * @param reason for the operator, such as "the original record is no longer there"
     */
    record Refused(String reason) implements Retry {}
}
