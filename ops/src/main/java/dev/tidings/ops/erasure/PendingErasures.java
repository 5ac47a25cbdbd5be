package dev.tidings.ops.erasure;

import dev.tidings.ops.erasure.RecordRedaction.LogRecord;
import dev.tidings.ops.erasure.RecordRedaction.Outcome;
import dev.tidings.ops.log.KafkaLog;
import dev.tidings.ops.log.PartitionReader;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.Erasure;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** Finds words of erased messages and users in the log of a running cluster: brokers whose segments are not rewritten yet. */
public final class PendingErasures {

    /** A rebuild reads these topics. Commands are on the same brokers as their events. */
    private static final List<String> SOURCES = List.of(
            Topics.CONVERSATION_EVENTS.name(),
            Topics.USER_COMMANDS.name(),
            Topics.DIRECTORY.name(),
            Topics.AUDIT.name(),
            Topics.MODERATION.name());

    private PendingErasures() {}

    /** Returns the first partition with such words. Reads the whole log of events if there are erasures. */
    public static Optional<TopicPartition> find(KafkaLog log) {
        List<Erasure> erasures = log.partitions(Topics.ERASURES.name()) == 0 ? List.of() : new ErasureLog(log).read();
        if (erasures.isEmpty()) {
            return Optional.empty();
        }
        RecordRedaction redaction = new RecordRedaction(new ErasedSubjects(erasures));
        for (String topic : SOURCES) {
            for (int number = 0; number < log.partitions(topic); number++) {
                TopicPartition partition = new TopicPartition(topic, number);
                if (hasWords(log, partition, redaction)) {
                    return Optional.of(partition);
                }
            }
        }
        return Optional.empty();
    }

    private static boolean hasWords(KafkaLog log, TopicPartition partition, RecordRedaction redaction) {
        long end = log.end(partition, IsolationLevel.READ_COMMITTED);
        try (PartitionReader reader = log.read(partition, log.begin(partition), end, IsolationLevel.READ_COMMITTED)) {
            for (ConsumerRecord<byte[], byte[]> record = reader.next(); record != null; record = reader.next()) {
                LogRecord known = new LogRecord(
                        record.topic(), record.headers(), record.key(), record.value(), record.timestamp());
                if (!(redaction.redact(known) instanceof Outcome.Unchanged)) {
                    return true;
                }
            }
        }
        return false;
    }
}
