package dev.tidings.ops.deadletters;

import org.apache.kafka.clients.producer.ProducerRecord;

/** Whether a letter can be tried again. */
public sealed interface Retry {

    /** It can: by appending this. */
    record Possible(ProducerRecord<byte[], byte[]> record) implements Retry {}

    /**
     * It cannot.
     *
     * @param reason for the operator, such as "the original is gone"
     */
    record Refused(String reason) implements Retry {}
}
