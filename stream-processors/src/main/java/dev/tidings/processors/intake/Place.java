package dev.tidings.processors.intake;

import dev.tidings.schemas.id.CommandId;

/**
 * Where a record lies in the log. It names the commands that are made of the record, so they have the same names
 * whenever it is read.
 *
 * @param epochMillis the record's time
 */
record Place(String topic, int partition, long offset, long epochMillis) {

    /** The id of the one command that the record asks for. */
    String commandId() {
        return CommandId.ofRecord(topic, partition, offset, epochMillis);
    }

    /** The id of one of the many commands that the record asks for. */
    String commandId(int index) {
        return CommandId.ofRecord(topic, partition, offset, index, epochMillis);
    }
}
