package dev.tidings.ops.deadletters;

import dev.tidings.ops.log.KafkaLog;
import dev.tidings.ops.log.PartitionReader;
import dev.tidings.schemas.Topics;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Reads the committed dead letters of a cluster. */
public final class DeadLetterTopic {

    /** The topic has one partition. */
    private static final TopicPartition LETTERS = new TopicPartition(Topics.DEAD_LETTERS.name(), 0);

    private final KafkaLog log;

    public DeadLetterTopic(KafkaLog log) {
        this.log = log;
    }

    /** Passes all current letters to the reader, oldest first. */
    public void forEach(Consumer<DeadLetterRecord> reader) {
        long end = log.end(LETTERS, IsolationLevel.READ_COMMITTED);
        try (PartitionReader letters = log.read(LETTERS, log.begin(LETTERS), end, IsolationLevel.READ_COMMITTED)) {
            for (ConsumerRecord<byte[], byte[]> next = letters.next(); next != null; next = letters.next()) {
                reader.accept(DeadLetterRecord.of(next));
            }
        }
    }

    /** Returns the letter with this id, or null if there is none. */
    public @Nullable DeadLetterRecord find(long id) {
        ConsumerRecord<byte[], byte[]> found = log.find(LETTERS, id, IsolationLevel.READ_COMMITTED);
        return found == null ? null : DeadLetterRecord.of(found);
    }
}
