package dev.tidings.ops.verify;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.ops.log.KafkaLog;
import dev.tidings.ops.log.PartitionReader;
import dev.tidings.ops.verify.VerificationWindows.Window;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.event.EventFacts;
import dev.tidings.v1.ConversationEvent;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Reads the committed, sequenced events of one partition. Events that cannot be read, which the sinks reject too, are skipped. */
final class PartitionLog {

    private final KafkaLog log;
    private final Window window;
    private final int partitions;
    private final int oneIn;
    private final TopicPartition partition;
    private final long comparedTo;

    /**
     * @param window the compared part
     * @param oneIn reads one in so many conversations; 1: all
     */
    PartitionLog(KafkaLog log, Window window, int partitions, int oneIn) {
        this.log = log;
        this.window = window;
        this.partitions = partitions;
        this.oneIn = oneIn;
        this.partition = new TopicPartition(Topics.CONVERSATION_EVENTS.name(), window.partition());
        this.comparedTo = Math.max(window.from(), window.to());
    }

    int partition() {
        return partition.partition();
    }

    int partitions() {
        return partitions;
    }

    boolean isSampled(String conversationId) {
        return Math.floorMod(conversationId.hashCode(), oneIn) == 0;
    }

    /** Reads the compared part. */
    void readCompared(Consumer<LoggedEvent> to) {
        read(window.from(), comparedTo, to);
    }

    /** Whether the compared part ends where the sinks are. Otherwise events after it are unknown. */
    boolean isAtEnd() {
        return window.isAtEnd();
    }

    /** Reads what follows the compared part, up to the present end; nothing if the part is not at the end. */
    void readLater(Consumer<LoggedEvent> to) {
        if (isAtEnd()) {
            read(comparedTo, end(), to);
        }
    }

    /** Returns the number of offsets after the compared part; 0 if the part is not at the end. */
    long notCompared() {
        return isAtEnd() ? Math.max(0, end() - comparedTo) : 0;
    }

    private long end() {
        return log.end(partition, IsolationLevel.READ_COMMITTED);
    }

    private void read(long from, long end, Consumer<LoggedEvent> to) {
        if (from >= end) {
            return;
        }
        try (PartitionReader reader = log.read(partition, from, end, IsolationLevel.READ_COMMITTED)) {
            for (ConsumerRecord<byte[], byte[]> record = reader.next(); record != null; record = reader.next()) {
                LoggedEvent event = parse(record.value());
                if (event != null && isSampled(event.conversationId())) {
                    to.accept(event);
                }
            }
        }
    }

    private static @Nullable LoggedEvent parse(byte @Nullable [] value) {
        if (value == null) {
            return null;
        }
        try {
            ConversationEvent event = ConversationEvent.parseFrom(value);
            return EventFacts.isSequenced(event)
                    ? new LoggedEvent(
                            event.getConversationId(), event.getSeq(), EventHash.of(value), event.hasMessageSent())
                    : null;
        } catch (InvalidProtocolBufferException e) {
            return null;
        }
    }
}
