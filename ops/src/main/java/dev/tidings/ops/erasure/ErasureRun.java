package dev.tidings.ops.erasure;

import com.google.protobuf.util.Timestamps;
import dev.tidings.ops.business.BusinessRequests;
import dev.tidings.ops.connect.ConnectorsConfig;
import dev.tidings.ops.log.KafkaLog;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.v1.AuditRecord;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessReply;
import dev.tidings.v1.ChangeUsers;
import dev.tidings.v1.DisableUser;
import dev.tidings.v1.ErasedMessage;
import dev.tidings.v1.ErasedUser;
import dev.tidings.v1.Erasure;
import dev.tidings.v1.LegalHold;
import dev.tidings.v1.PutUser;
import dev.tidings.v1.RecallMessage;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.UserChange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;

/**
 * Erases a message or a user in the running system: recalls the messages, records the erasures for the log, and removes the words from
 * Redis and ClickHouse. Each step can be repeated, so an erasure that fails is completed by running it again. Not thread-safe.
 */
public final class ErasureRun implements AutoCloseable {

    private static final int PAGE = 200;
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);

    private final ErasureLog log;
    private final LegalHolds holds;
    private final SinkCatchUp sinks;
    private final BusinessRequests requests;
    private final ClickHouseErasure clickHouse;
    private final RedisErasure redis;
    private final String operator;

    private final Set<String> conversations = new HashSet<>();
    private int messages;
    private int copies;
    private int recalled;

    /** @param operator for the audit log */
    public ErasureRun(Settings settings, String operator) {
        ConnectorsConfig config = ConnectorsConfig.from(settings);
        KafkaLog kafka = KafkaLog.of(settings);
        this.log = new ErasureLog(kafka);
        this.holds = new LegalHolds(kafka);
        this.sinks = new SinkCatchUp(kafka);
        this.operator = operator;
        this.clickHouse = new ClickHouseErasure(
                config.clickHouseUrl(),
                config.clickHouseUser(),
                config.clickHousePassword(),
                config.clickHouseCluster());
        this.redis = new RedisErasure(config.redisUrl());
        this.requests = BusinessRequests.open(
                settings.required("kafka.bootstrap-servers"), settings.under("kafka.client."), ANSWER_TIMEOUT);
    }

    /**
     * Erases a message and its forwarded copies.
     *
     * @throws CannotEraseException if there is no such message, a legal hold forbids it, or a part of the system does not answer
     */
    public ErasureReport eraseMessage(String conversationId, long seq, String reason) {
        AuditRecord.Builder act = ErasureLog.act("message.erase", conversationId, operator, reason, Instant.now())
                .setDetail("seq " + seq);
        sinks.await();
        List<StoredMessage> found = clickHouse.message(conversationId, seq);
        if (found.isEmpty()) {
            throw new CannotEraseException("ClickHouse has no message with seq " + seq + " in " + conversationId);
        }
        requireNoHold(
                act, LegalHolds.ofConversation(conversationId), new ClickHouseErasure.OfPlace(conversationId, seq));
        log.audit(act.setResult(AuditRecord.Result.REQUESTED).build());
        clickHouse.startDroppingParts();
        erase(found, act.getAuditId());
        return finished(act);
    }

    /**
     * Erases a user: disables them, empties their profile, and erases all messages that they have sent, and the forwarded copies.
     *
     * @throws CannotEraseException if a legal hold forbids it, or a part of the system does not answer
     */
    public ErasureReport eraseUser(String userId, String reason) {
        AuditRecord.Builder act = ErasureLog.act("user.erase", "user:" + userId, operator, reason, Instant.now())
                .addUserIds(userId);
        sinks.await();
        requireNoHold(act, LegalHolds.ofUser(userId), new ClickHouseErasure.OfSender(userId));
        log.audit(act.setResult(AuditRecord.Result.REQUESTED).build());
        clickHouse.startDroppingParts();
        disable(userId, reason);
        sinks.await();
        ErasedMessage last = ErasedMessage.getDefaultInstance();
        List<StoredMessage> page = clickHouse.messagesOf(userId, last, PAGE);
        while (!page.isEmpty()) {
            erase(page, act.getAuditId());
            last = page.getLast().id();
            page = clickHouse.messagesOf(userId, last, PAGE);
        }
        Instant now = Instant.now();
        Erasure erasure = erasure(act.getAuditId(), now)
                .setUser(ErasedUser.newBuilder().setUserId(userId))
                .build();
        log.append(List.of(erasure));
        redis.eraseUser(userId);
        clickHouse.eraseUser(userId, new Redaction(new ErasedSubjects(List.of(erasure))), now.toEpochMilli());
        return finished(act);
    }

    private void requireNoHold(AuditRecord.Builder act, String subject, ClickHouseErasure.Subject messages) {
        SortedMap<String, LegalHold> known = holds.read();
        String held = known.containsKey(subject) ? subject : clickHouse.firstHeld(messages, known.values());
        if (!held.isEmpty()) {
            String message = "a legal hold on " + held + " forbids this erasure";
            log.audit(act.clone()
                    .setResult(AuditRecord.Result.REFUSED)
                    .setRefusal(Refusal.newBuilder()
                            .setReason(Refusal.Reason.NOT_ALLOWED)
                            .setMessage(message))
                    .build());
            throw new CannotEraseException(message);
        }
    }

    /** Erases messages and their forwarded copies. */
    private void erase(List<StoredMessage> found, String auditId) {
        List<StoredMessage> all = new ArrayList<>(found);
        Set<ErasedMessage> originals = ids(found);
        for (StoredMessage copy : clickHouse.copiesOf(originals)) {
            if (!originals.contains(copy.id())) {
                all.add(copy);
                copies++;
            }
        }
        messages += all.size();
        recall(all.stream().filter(message -> !message.recalled()).toList());
        Instant now = Instant.now();
        List<Erasure> erasures = all.stream()
                .map(message -> erasure(auditId, now).setMessage(message.id()).build())
                .toList();
        log.append(erasures);
        sinks.await();
        Set<ErasedMessage> ids = ids(all);
        clickHouse.eraseMessages(ids, new Redaction(new ErasedSubjects(erasures)), now.toEpochMilli());
        for (String conversationId :
                ids.stream().map(ErasedMessage::getConversationId).distinct().toList()) {
            conversations.add(conversationId);
            redis.eraseConversation(conversationId);
            viewers(conversationId).forEach(userId -> redis.eraseView(userId, conversationId));
        }
    }

    private static Set<ErasedMessage> ids(List<StoredMessage> found) {
        Set<ErasedMessage> ids = new HashSet<>();
        found.forEach(message -> ids.add(message.id()));
        return ids;
    }

    /** The users whose views of the conversation can be in Redis. */
    private Collection<String> viewers(String conversationId) {
        return switch (ConversationId.parse(conversationId)) {
            case ConversationId.Private pair -> pair.users();
            case ConversationId.Group _ -> clickHouse.membersOf(conversationId);
            case ConversationId.SystemAccount account -> List.of(account.id());
            case ConversationId.Room _, ConversationId.Broadcast _ -> List.of();
            case null -> throw new IllegalStateException("ClickHouse has a conversation " + conversationId);
        };
    }

    private void recall(List<StoredMessage> present) {
        List<BusinessCommand.Builder> commands = present.stream()
                .map(message -> BusinessCommand.newBuilder()
                        .setReason("erasure")
                        .setRecall(RecallMessage.newBuilder()
                                .setConversationId(message.id().getConversationId())
                                .setSeq(message.id().getSeq())))
                .toList();
        List<BusinessReply> replies = requests.requestAll(commands);
        if (replies.size() < commands.size()) {
            throw new CannotEraseException(commands.size() - replies.size() + " of " + commands.size()
                    + " recalls are not answered within " + ANSWER_TIMEOUT.toSeconds() + " s; repeat the erasure");
        }
        for (BusinessReply reply : replies) {
            if (reply.hasRefusal() && reply.getRefusal().getReason() != Refusal.Reason.MESSAGE_RECALLED) {
                throw new CannotEraseException("a message in " + reply.getConversationId() + " cannot be recalled: "
                        + reply.getRefusal().getMessage());
            }
            recalled += reply.hasSequenced() ? 1 : 0;
        }
    }

    private void disable(String userId, String reason) {
        UserChange.Builder change = UserChange.newBuilder().setUserId(userId);
        List<BusinessReply> replies = requests.request(
                BusinessCommand.newBuilder()
                        .setReason(reason)
                        .setChangeUsers(ChangeUsers.newBuilder()
                                .addChanges(change.clone().setPut(PutUser.getDefaultInstance()))
                                .addChanges(change.clone().setDisable(DisableUser.getDefaultInstance()))),
                2);
        for (BusinessReply reply : replies) {
            if (reply.hasRefusal()) {
                throw new CannotEraseException(
                        userId + " cannot be disabled: " + reply.getRefusal().getMessage());
            }
        }
        if (replies.size() < 2) {
            throw new CannotEraseException(
                    "the directory has not answered within " + ANSWER_TIMEOUT.toSeconds() + " s; repeat the erasure");
        }
    }

    private ErasureReport finished(AuditRecord.Builder act) {
        ErasureReport report = new ErasureReport(
                messages, copies, recalled, conversations.size(), redis.rewriteFiles(), clickHouse.awaitDroppedParts());
        log.audit(ErasureLog.act(act.getAction(), act.getTarget(), act.getOperator(), act.getReason(), Instant.now())
                .addAllUserIds(act.getUserIdsList())
                .setDetail(report.summary())
                .setResult(AuditRecord.Result.APPLIED)
                .build());
        return report;
    }

    private static Erasure.Builder erasure(String auditId, Instant now) {
        return Erasure.newBuilder().setAuditId(auditId).setAt(Timestamps.fromMillis(now.toEpochMilli()));
    }

    @Override
    public void close() {
        requests.close();
        redis.close();
        clickHouse.close();
    }
}
