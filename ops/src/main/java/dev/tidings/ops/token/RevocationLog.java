package dev.tidings.ops.token;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Timestamps;
import dev.tidings.gateway.auth.RevocationList;
import dev.tidings.ops.business.BusinessRequests;
import dev.tidings.ops.log.KafkaLog;
import dev.tidings.ops.log.PartitionReader;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.id.CommandId;
import dev.tidings.schemas.id.TokenSubject;
import dev.tidings.v1.AuditRecord;
import dev.tidings.v1.TokenRevocation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Appends revocations to topic {@code tidings.token-revocations}, and reads those that apply. */
public final class RevocationLog {

    private static final TopicPartition PARTITION = new TopicPartition(Topics.TOKEN_REVOCATIONS.name(), 0);

    /** A revocation that applies, and the time from which it does. */
    public record Revocation(Instant at, String subject, TokenRevocation value) {}

    private final KafkaLog log;
    private final Duration maxLifetime;

    /** @param maxLifetime of a token; older revocations have lapsed */
    public RevocationLog(KafkaLog log, Duration maxLifetime) {
        this.log = log;
        this.maxLifetime = maxLifetime;
    }

    /** Returns the revocations that apply at a time, in the order of their subjects. */
    public List<Revocation> read(Instant now) {
        TreeMap<String, Revocation> bySubject = new TreeMap<>();
        long end = log.end(PARTITION, IsolationLevel.READ_COMMITTED);
        try (PartitionReader reader = log.read(PARTITION, log.begin(PARTITION), end, IsolationLevel.READ_COMMITTED)) {
            for (ConsumerRecord<byte[], byte[]> record = reader.next(); record != null; record = reader.next()) {
                Instant at = Instant.ofEpochMilli(record.timestamp());
                if (record.value() != null && at.plus(maxLifetime).isAfter(now)) {
                    TokenRevocation value = TokenRevocation.parseFrom(record.value());
                    String subject = TokenSubject.of(value);
                    bySubject.put(subject, new Revocation(at, subject, value));
                }
            }
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw new KafkaException(
                    PARTITION.topic() + " has a record that is not a revocation: " + e.getMessage(), e);
        }
        return List.copyOf(bySubject.values());
    }

    /**
     * Appends revocations, each after its audit record, and returns once they are durable.
     *
     * @param operator for the audit log
     * @return false if there would be too many: nothing is appended then
     */
    public boolean append(List<TokenRevocation> revocations, String operator, Instant now) {
        Set<String> subjects = new HashSet<>();
        read(now).forEach(revocation -> subjects.add(revocation.subject()));
        revocations.forEach(revocation -> subjects.add(TokenSubject.of(revocation)));
        if (subjects.size() > RevocationList.MAX_REVOCATIONS) {
            return false;
        }
        try (KafkaLog.Appender appender = log.appender()) {
            for (TokenRevocation revocation : revocations) {
                byte[] key = TokenSubject.of(revocation).getBytes(StandardCharsets.UTF_8);
                appender.append(audit(revocation, operator, now));
                appender.append(
                        new ProducerRecord<>(PARTITION.topic(), PARTITION.partition(), key, revocation.toByteArray()));
            }
        }
        return true;
    }

    private static ProducerRecord<byte[], byte[]> audit(TokenRevocation revocation, String operator, Instant now) {
        AuditRecord.Builder record = AuditRecord.newBuilder()
                .setAuditId(CommandId.next())
                .setAt(Timestamps.fromMillis(now.toEpochMilli()))
                .setSource(BusinessRequests.SOURCE)
                .setOperator(operator)
                .setAction("token.revoke")
                .setTarget(TokenSubject.of(revocation))
                .setReason(revocation.getReason())
                .setResult(AuditRecord.Result.REQUESTED);
        if (!revocation.getUserId().isEmpty()) {
            record.addUserIds(revocation.getUserId());
        }
        byte[] key = record.getTarget().getBytes(StandardCharsets.UTF_8);
        return new ProducerRecord<>(Topics.AUDIT.name(), key, record.build().toByteArray());
    }
}
