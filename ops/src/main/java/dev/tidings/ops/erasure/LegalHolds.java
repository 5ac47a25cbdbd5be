package dev.tidings.ops.erasure;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.ops.log.KafkaLog;
import dev.tidings.ops.log.PartitionReader;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.AuditRecord;
import dev.tidings.v1.LegalHold;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Sets, removes and reads legal holds: topic {@code tidings.legal-holds}. Each change comes after its audit record. */
public final class LegalHolds {

    private static final TopicPartition PARTITION = new TopicPartition(Topics.LEGAL_HOLDS.name(), 0);

    private final KafkaLog log;

    public LegalHolds(KafkaLog log) {
        this.log = log;
    }

    /** The key of a hold on a user. */
    public static String ofUser(String userId) {
        return "user:" + userId;
    }

    /** The key of a hold on a conversation. */
    public static String ofConversation(String conversationId) {
        return "conversation:" + conversationId;
    }

    /** Returns the holds that apply, by key. */
    public SortedMap<String, LegalHold> read() {
        SortedMap<String, LegalHold> holds = new TreeMap<>();
        long end = log.end(PARTITION, IsolationLevel.READ_COMMITTED);
        try (PartitionReader reader = log.read(PARTITION, log.begin(PARTITION), end, IsolationLevel.READ_COMMITTED)) {
            for (ConsumerRecord<byte[], byte[]> record = reader.next(); record != null; record = reader.next()) {
                String key = new String(record.key(), StandardCharsets.UTF_8);
                if (record.value() == null) {
                    holds.remove(key);
                } else {
                    holds.put(key, LegalHold.parseFrom(record.value()));
                }
            }
        } catch (InvalidProtocolBufferException e) {
            throw new KafkaException(PARTITION + " has a record that is not a legal hold: " + e.getMessage(), e);
        }
        return holds;
    }

    /**
     * Sets a hold, or replaces one of the same subject. Returns once ClickHouse has it, so that its retention deletes no held row.
     *
     * @throws CannotEraseException if the connectors do not store it within 60 s. It forbids erasures, nevertheless
     */
    public void set(LegalHold hold, Instant now) {
        change(key(hold), "hold.set", hold.getOperator(), hold.getReason(), hold.toByteArray(), now);
        new SinkCatchUp(log).awaitHolds();
    }

    /** Removes a hold. Does nothing but an audit record if there is none. */
    public void remove(LegalHold hold, Instant now) {
        change(key(hold), "hold.remove", hold.getOperator(), hold.getReason(), null, now);
    }

    private void change(
            String key, String action, String operator, String reason, byte @Nullable [] value, Instant now) {
        new ErasureLog(log)
                .audit(ErasureLog.act(action, key, operator, reason, now)
                        .setResult(AuditRecord.Result.REQUESTED)
                        .build());
        try (KafkaLog.Appender appender = log.appender()) {
            appender.append(new ProducerRecord<>(
                    PARTITION.topic(), PARTITION.partition(), key.getBytes(StandardCharsets.UTF_8), value));
        }
    }

    private static String key(LegalHold hold) {
        return hold.hasUserId() ? ofUser(hold.getUserId()) : ofConversation(hold.getConversationId());
    }
}
