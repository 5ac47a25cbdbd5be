package dev.tidings.ops.deadletters;

/** The position of a record. Its text form is {@code topic/partition/offset}. */
public record RecordPosition(String topic, int partition, long offset) {

    @Override
    public String toString() {
        return topic + '/' + partition + '/' + offset;
    }
}
