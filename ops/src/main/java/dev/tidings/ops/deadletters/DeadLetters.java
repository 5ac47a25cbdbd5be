package dev.tidings.ops.deadletters;

import dev.tidings.ops.log.KafkaLog;
import dev.tidings.ops.log.PartitionReader;
import dev.tidings.schemas.Topics;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The dead letters of a cluster, as far as they are committed. */
public final class DeadLetters {

    /** The topic has one partition. */
    private static final TopicPartition LETTERS = new TopicPartition(Topics.DEAD_LETTERS.name(), 0);

    private final KafkaLog log;

    public DeadLetters(KafkaLog log) {
        this.log = log;
    }

    /** All there are now, oldest first. */
    public void forEach(Consumer<DeadLetter> reader) {
        long end = log.end(LETTERS, IsolationLevel.READ_COMMITTED);
        try (PartitionReader letters = log.read(LETTERS, log.begin(LETTERS), end, IsolationLevel.READ_COMMITTED)) {
            for (ConsumerRecord<byte[], byte[]> next = letters.next(); next != null; next = letters.next()) {
                reader.accept(DeadLetter.of(next));
            }
        }
    }

    /** Null where there is no letter of this id. */
    public @Nullable DeadLetter find(long id) {
        ConsumerRecord<byte[], byte[]> found = log.find(LETTERS, id, IsolationLevel.READ_COMMITTED);
        return found == null ? null : DeadLetter.of(found);
    }
}
