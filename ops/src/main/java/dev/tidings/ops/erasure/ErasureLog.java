package dev.tidings.ops.erasure;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Timestamps;
import dev.tidings.ops.business.BusinessRequests;
import dev.tidings.ops.log.KafkaLog;
import dev.tidings.ops.log.PartitionReader;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.id.CommandId;
import dev.tidings.v1.AuditRecord;
import dev.tidings.v1.Erasure;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Appends erasures to {@code tidings.erasures} and administrative acts to {@code tidings.audit}, and reads the erasures. */
public final class ErasureLog {

    private static final TopicPartition PARTITION = new TopicPartition(Topics.ERASURES.name(), 0);

    private final KafkaLog log;

    public ErasureLog(KafkaLog log) {
        this.log = log;
    }

    /** Returns all erasures, in the order of the topic. */
    public List<Erasure> read() {
        List<Erasure> erasures = new ArrayList<>();
        long end = log.end(PARTITION, IsolationLevel.READ_COMMITTED);
        try (PartitionReader reader = log.read(PARTITION, log.begin(PARTITION), end, IsolationLevel.READ_COMMITTED)) {
            for (ConsumerRecord<byte[], byte[]> record = reader.next(); record != null; record = reader.next()) {
                erasures.add(Erasure.parseFrom(record.value()));
            }
        } catch (InvalidProtocolBufferException e) {
            throw new KafkaException(PARTITION + " has a record that is not an erasure: " + e.getMessage(), e);
        }
        return erasures;
    }

    /** Appends erasures, and returns once they are durable. */
    void append(List<Erasure> erasures) {
        try (KafkaLog.Appender appender = log.appender()) {
            for (Erasure erasure : erasures) {
                String key = erasure.hasUser()
                        ? erasure.getUser().getUserId()
                        : erasure.getMessage().getConversationId();
                appender.append(new ProducerRecord<>(
                        PARTITION.topic(),
                        PARTITION.partition(),
                        key.getBytes(StandardCharsets.UTF_8),
                        erasure.toByteArray()));
            }
        }
    }

    /** Appends an audit record, and returns once it is durable. */
    public void audit(AuditRecord record) {
        try (KafkaLog.Appender appender = log.appender()) {
            appender.append(new ProducerRecord<>(
                    Topics.AUDIT.name(), record.getTarget().getBytes(StandardCharsets.UTF_8), record.toByteArray()));
        }
    }

    /** Returns an audit record of an act of the command line, with a new id and without a result. */
    public static AuditRecord.Builder act(String action, String target, String operator, String reason, Instant now) {
        return AuditRecord.newBuilder()
                .setAuditId(CommandId.next())
                .setAt(Timestamps.fromMillis(now.toEpochMilli()))
                .setSource(BusinessRequests.SOURCE)
                .setOperator(operator)
                .setAction(action)
                .setTarget(target)
                .setReason(reason);
    }
}
