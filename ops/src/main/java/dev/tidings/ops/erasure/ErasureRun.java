package dev.tidings.ops.erasure;

import com.google.protobuf.util.Timestamps;
import dev.tidings.connectors.archive.ArchiveRun;
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
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Erases a message or a user in the running system: recalls the messages, records the erasures for the log, and removes the words from
 * Redis, ClickHouse and the archive. Each step can be repeated, so an erasure that fails is completed by running it again. Not thread-safe.
 */
public final class ErasureRun implements AutoCloseable {

    private static final int PAGE = 200;
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);

    private final ConnectorsConfig config;
    private final ErasureLog log;
    private final LegalHolds holds;
    private final SinkCatchUp sinks;
    private final BusinessRequests requests;
    private final OwnState ownState;
    private final ClickHouseErasure clickHouse;
    private final StoredMessages stored;
    private final RedisErasure redis;
    private final String operator;

    /** Of this act, for the archive. */
    private final List<Erasure> erasures = new ArrayList<>();

    private final Set<String> conversations = new HashSet<>();
    private int messages;
    private int copies;
    private int recalled;

    private ErasureRun(
            ConnectorsConfig config,
            KafkaLog kafka,
            BusinessRequests requests,
            ClickHouseErasure clickHouse,
            RedisErasure redis,
            String operator) {
        this.config = config;
        this.log = new ErasureLog(kafka);
        this.holds = new LegalHolds(kafka);
        this.sinks = new SinkCatchUp(kafka);
        this.requests = requests;
        this.ownState = new OwnState(kafka, requests);
        this.clickHouse = clickHouse;
        this.stored = clickHouse.stored();
        this.redis = redis;
        this.operator = operator;
    }

    /** @param operator for the audit log */
    public static ErasureRun open(Settings settings, String operator) {
        ConnectorsConfig config = ConnectorsConfig.from(settings);
        RedisErasure redis = new RedisErasure(config.redisUrl());
        try {
            BusinessRequests requests = BusinessRequests.open(
                    settings.required("kafka.bootstrap-servers"), settings.under("kafka.client."), ANSWER_TIMEOUT);
            ClickHouseErasure clickHouse = new ClickHouseErasure(
                    config.clickHouseUrl(),
                    config.clickHouseUser(),
                    config.clickHousePassword(),
                    config.clickHouseCluster());
            return new ErasureRun(config, KafkaLog.of(settings), requests, clickHouse, redis, operator);
        } catch (RuntimeException e) {
            redis.close();
            throw e;
        }
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
        List<StoredMessage> found = stored.message(conversationId, seq);
        if (found.isEmpty()) {
            throw new CannotEraseException("ClickHouse has no message with seq " + seq + " in " + conversationId);
        }
        try (ArchiveErasure archive = ArchiveErasure.begin(config)) {
            requireNoHold(
                    act,
                    LegalHolds.ofConversation(conversationId),
                    new StoredMessages.OfPlace(conversationId, seq),
                    archive.exists());
            log.audit(act.setResult(AuditRecord.Result.REQUESTED).build());
            clickHouse.startDroppingParts();
            eraseWithCopies(found, act.getAuditId(), archive);
            return finished(act, archive, "", Instant.now());
        }
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
        try (ArchiveErasure archive = ArchiveErasure.begin(config)) {
            requireNoHold(act, LegalHolds.ofUser(userId), new StoredMessages.OfSender(userId), archive.exists());
            log.audit(act.setResult(AuditRecord.Result.REQUESTED).build());
            clickHouse.startDroppingParts();
            disable(userId, reason);
            ownState.clear(userId);
            sinks.await();
            forEachPage(
                    after -> stored.messagesOf(userId, after, PAGE),
                    page -> eraseWithCopies(page, act.getAuditId(), archive));
            forEachPage(after -> stored.copiesOf(userId, archive.exists(), after, PAGE), page -> {
                erase(page, act.getAuditId(), archive);
                copies += page.size();
            });
            Instant now = Instant.now();
            Erasure erasure = erasure(act.getAuditId(), now)
                    .setUser(ErasedUser.newBuilder().setUserId(userId))
                    .build();
            append(List.of(erasure));
            redis.eraseUser(userId);
            clickHouse.eraseUser(userId, new Redaction(new ErasedSubjects(List.of(erasure))), now.toEpochMilli());
            archive.addAll(StoredMessages.withWordsOf(userId, "true", archive.exists()));
            return finished(act, archive, userId, now);
        }
    }

    private static void forEachPage(
            Function<ErasedMessage, List<StoredMessage>> pages, Consumer<List<StoredMessage>> action) {
        List<StoredMessage> page = pages.apply(ErasedMessage.getDefaultInstance());
        while (!page.isEmpty()) {
            action.accept(page);
            page = pages.apply(page.getLast().id());
        }
    }

    private void requireNoHold(
            AuditRecord.Builder act, String subject, StoredMessages.Subject messages, boolean hasArchive) {
        SortedMap<String, LegalHold> known = holds.read();
        String held = known.containsKey(subject) ? subject : stored.firstHeld(messages, known.values(), hasArchive);
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
    private void eraseWithCopies(List<StoredMessage> found, String auditId, ArchiveErasure archive) {
        Set<ErasedMessage> originals = ids(found);
        erase(found, auditId, archive);
        forEachPage(after -> stored.copiesOf(originals, after, PAGE), page -> {
            List<StoredMessage> others =
                    page.stream().filter(copy -> !originals.contains(copy.id())).toList();
            if (!others.isEmpty()) {
                erase(others, auditId, archive);
                copies += others.size();
            }
        });
    }

    /** Erases messages, at most a page of them. */
    private void erase(List<StoredMessage> found, String auditId, ArchiveErasure archive) {
        messages += found.size();
        recall(found.stream().filter(message -> !message.recalled()).toList());
        Instant now = Instant.now();
        List<Erasure> page = found.stream()
                .map(message -> erasure(auditId, now).setMessage(message.id()).build())
                .toList();
        append(page);
        sinks.await();
        Set<ErasedMessage> ids = ids(found);
        archive.add(clickHouse.eraseMessages(ids, new Redaction(new ErasedSubjects(page)), now.toEpochMilli()));
        for (String conversationId :
                ids.stream().map(ErasedMessage::getConversationId).distinct().toList()) {
            conversations.add(conversationId);
            redis.eraseConversation(conversationId);
            viewers(conversationId).forEach(userId -> redis.eraseView(userId, conversationId));
        }
    }

    private void append(List<Erasure> page) {
        log.append(page);
        erasures.addAll(page);
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
            case ConversationId.Group _ -> stored.membersOf(conversationId);
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

    /**
     * @param actor the erased user; empty: messages are erased
     * @param at the time of the erasure of the user
     */
    private ErasureReport finished(AuditRecord.Builder act, ArchiveErasure archive, String actor, Instant at) {
        ArchiveRun.Changes archived =
                archive.erase(new Redaction(new ErasedSubjects(erasures)), actor, at.toEpochMilli());
        ErasureReport report = new ErasureReport(
                messages,
                copies,
                recalled,
                conversations.size(),
                redis.rewriteFiles(),
                clickHouse.awaitDroppedParts(),
                archive.exists(),
                archived.objects(),
                archived.events());
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
        try (requests;
                redis) {
            clickHouse.close();
        }
    }
}
