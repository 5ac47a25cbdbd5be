package dev.tidings.ops.deadletters;

/** Where a record lies, or lay. */
public record Place(String topic, int partition, long offset) {

    @Override
    public String toString() {
        return topic + '/' + partition + '/' + offset;
    }
}
