package dev.tidings.processors.intake;

import dev.tidings.schemas.id.CommandId;

/**
 * The position of a record in the log, which determines the ids of its commands: they are the same each time it is read.
 *
 * @param epochMillis the record's timestamp
 */
record RequestPosition(String topic, int partition, long offset, long epochMillis) {

    /** The id of the record's single command. */
    String commandId() {
        return CommandId.ofRecord(topic, partition, offset, epochMillis);
    }

    /** The id of one of the record's commands. */
    String commandId(int index) {
        return CommandId.ofRecord(topic, partition, offset, index, epochMillis);
    }
}
