package dev.tidings.ops.erasure;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.tidings.ops.business.BusinessRequests;
import dev.tidings.ops.log.InboxState;
import dev.tidings.ops.log.KafkaLog;
import dev.tidings.schemas.Topics;
import dev.tidings.state.v1.PresenceRecord;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessReply;
import dev.tidings.v1.ChangeProfile;
import dev.tidings.v1.ChangeSettings;
import dev.tidings.v1.FriendCommand;
import dev.tidings.v1.SetRemark;
import dev.tidings.v1.UserCommand;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Clears the drafts, the status and the remarks of a user by commands. The state is written again whenever another user writes to them;
 * such a record is later than the erasure, so the erasure of the log would keep it.
 */
final class OwnState {

    private static final String INBOX = "tidings-inbox";
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final long POLL_NANOS = Duration.ofMillis(100).toNanos();

    private final KafkaLog log;
    private final BusinessRequests requests;

    OwnState(KafkaLog log, BusinessRequests requests) {
        this.log = log;
        this.requests = requests;
    }

    /** @throws CannotEraseException if a command is refused, or not processed within 60 s */
    void clear(String userId) {
        InboxState state = new InboxState(log);
        List<UserCommand> commands = new ArrayList<>();
        List<BusinessCommand.Builder> remarks = new ArrayList<>();
        for (Map.Entry<String, byte[]> value : state.newest("views", userId).entrySet()) {
            ViewRecord view = parse(ViewRecord.parser(), value.getValue());
            String conversationId = InboxState.conversationId(value.getKey());
            if (!view.getDraft().isEmpty()) {
                commands.add(UserCommand.newBuilder()
                        .setUserId(userId)
                        .setChangeSettings(ChangeSettings.newBuilder()
                                .setConversationId(conversationId)
                                .setDraft(""))
                        .build());
            }
            if (!view.getRelation().getRemark().isEmpty()) {
                remarks.add(BusinessCommand.newBuilder()
                        .setActor(userId)
                        .setReason("erasure")
                        .setFriend(FriendCommand.newBuilder()
                                .setConversationId(conversationId)
                                .setSetRemark(SetRemark.getDefaultInstance())));
            }
        }
        for (byte[] value : state.newest("presence", userId).values()) {
            if (!parse(PresenceRecord.parser(), value).getStatus().isEmpty()) {
                commands.add(UserCommand.newBuilder()
                        .setUserId(userId)
                        .setChangeProfile(ChangeProfile.newBuilder().setStatus(""))
                        .build());
            }
        }
        clearRemarks(remarks);
        append(userId, commands);
    }

    private void clearRemarks(List<BusinessCommand.Builder> remarks) {
        List<BusinessReply> replies = requests.requestAll(remarks);
        for (BusinessReply reply : replies) {
            if (reply.hasRefusal()) {
                throw new CannotEraseException("the remark in " + reply.getConversationId() + " cannot be removed: "
                        + reply.getRefusal().getMessage());
            }
        }
        if (replies.size() < remarks.size()) {
            throw new CannotEraseException((remarks.size() - replies.size()) + " of " + remarks.size()
                    + " remarks are not removed in time; repeat the erasure");
        }
    }

    private void append(String userId, List<UserCommand> commands) {
        RecordMetadata last = null;
        try (KafkaLog.Appender appender = log.appender()) {
            for (UserCommand command : commands) {
                last = appender.append(new ProducerRecord<>(
                        Topics.USER_COMMANDS.name(), userId.getBytes(StandardCharsets.UTF_8), command.toByteArray()));
            }
        }
        if (last != null) {
            await(new TopicPartition(last.topic(), last.partition()), last.offset());
        }
    }

    /** Waits until INBOX has processed a command. */
    private void await(TopicPartition partition, long offset) {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (committed(partition) <= offset) {
            if (System.nanoTime() > deadline) {
                throw new CannotEraseException(INBOX + " has not processed " + partition + " at offset " + offset
                        + " within " + TIMEOUT.toSeconds() + " s; repeat the erasure when processors run");
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private long committed(TopicPartition partition) {
        @Nullable Long committed = log.committed(INBOX, partition);
        return committed == null ? 0 : committed;
    }

    private static <M extends Message> M parse(Parser<M> parser, byte[] value) {
        try {
            return parser.parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            throw new KafkaException("a changelog of INBOX has another format: " + e.getMessage(), e);
        }
    }
}
