package dev.tidings.gateway.api;

import com.google.protobuf.Message;
import com.google.protobuf.util.Timestamps;
import dev.tidings.gateway.admin.OperatorReads;
import dev.tidings.gateway.auth.BanList;
import dev.tidings.gateway.log.OperatorLog;
import dev.tidings.schemas.check.PastBans;
import dev.tidings.schemas.id.BanSubject;
import dev.tidings.schemas.id.CommandId;
import dev.tidings.schemas.id.TokenSubject;
import dev.tidings.schemas.serde.GatewayRequests;
import dev.tidings.v1.Applied;
import dev.tidings.v1.AuditContext;
import dev.tidings.v1.AuditRecord;
import dev.tidings.v1.Ban;
import dev.tidings.v1.Bans;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.DescribeGroup;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.GroupDescription;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.TokenRevocation;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Carries out the requests of operators, each with one reply. Changes are requests as system in {@code tidings.business}: the
 * topologies decide them and write the audit log. The caller has checked the operator's permission. Replies are as of {@link
 * UnaryRequests}. Thread-safe.
 */
public final class AdminRequests {

    private final OperatorLog log;
    private final PendingReplies pending;
    private final BanList bans;
    private final OperatorReads reads;
    private final PresenceReads presence;
    private final Executor blocking;
    private final LongSupplier logMillis;

    /**
     * @param blocking runs reads, which may block
     * @param logMillis the time of the log
     */
    public AdminRequests(
            OperatorLog log,
            PendingReplies pending,
            BanList bans,
            OperatorReads reads,
            PresenceReads presence,
            Executor blocking,
            LongSupplier logMillis) {
        this.log = log;
        this.pending = pending;
        this.bans = bans;
        this.reads = reads;
        this.presence = presence;
        this.blocking = blocking;
        this.logMillis = logMillis;
    }

    /** Reads which users are online. */
    public PresenceReads presence() {
        return presence;
    }

    /**
     * Reads which members of one page of a group are online. Completes with {@code OnlineMembers}, or with a failure.
     *
     * @param afterUserId empty: the first page
     * @param limit members in a page, whether online or not, at most {@link PresenceReads#MAX_USERS}
     */
    public CompletableFuture<Message> onlineMembers(AuditContext audit, String groupId, String afterUserId, int limit) {
        DescribeGroup page = DescribeGroup.newBuilder()
                .setAfterUserId(afterUserId)
                .setLimit(limit)
                .build();
        return command(
                        audit,
                        BusinessCommand.newBuilder()
                                .setGroup(GroupCommand.newBuilder()
                                        .setConversationId(groupId)
                                        .setDescribe(page)))
                .thenCompose(reply -> reply instanceof GroupDescription group
                        ? presence.onlineMembers(group)
                        : CompletableFuture.completedFuture(reply));
    }

    /**
     * Carries out a command with the authority of the system.
     *
     * @param audit the operator, and why
     * @param command a body for one conversation, or for all
     */
    public CompletableFuture<Message> command(AuditContext audit, BusinessCommand.Builder command) {
        Refusal pastBan = PastBans.check(command.getRules(), logMillis.getAsLong());
        if (pastBan != null) {
            return CompletableFuture.completedFuture(pastBan);
        }
        BusinessCommand request = command.setRequestId(CommandId.next())
                .setAsSystem(true)
                .setOperator(audit.getOperator())
                .setReason(audit.getReason())
                .build();
        return pending.request(
                true, (origin, reply) -> log.append(request, origin, failure -> ClientApi.answer(failure, reply)));
    }

    /** Revokes all tokens of a user, which ends their sessions. Writes the audit record before. */
    public CompletableFuture<Message> endSessions(AuditContext audit, String userId) {
        return revoke(
                audit,
                TokenRevocation.newBuilder()
                        .setUserId(userId)
                        .setReason(audit.getReason())
                        .build());
    }

    /** Revokes tokens. Writes the audit record before. The reply is {@link Applied} or an error. */
    public CompletableFuture<Message> revoke(AuditContext audit, TokenRevocation revocation) {
        AuditRecord.Builder record = AuditRecord.newBuilder()
                .setAuditId(CommandId.next())
                .setAt(Timestamps.fromMillis(logMillis.getAsLong()))
                .setSource(GatewayRequests.SOURCE)
                .setOperator(audit.getOperator())
                .setReason(audit.getReason())
                .setAction("token.revoke")
                .setTarget(TokenSubject.of(revocation))
                .setResult(AuditRecord.Result.REQUESTED);
        if (!revocation.getUserId().isEmpty()) {
            record.addUserIds(revocation.getUserId());
        }
        CompletableFuture<Message> reply = new CompletableFuture<>();
        log.append(record.build(), failure -> {
            if (failure != null) {
                reply.complete(Errors.ofAppend(failure));
            } else {
                log.append(
                        revocation,
                        failed -> reply.complete(
                                failed == null ? Applied.getDefaultInstance() : Errors.ofAppend(failed)));
            }
        });
        return reply;
    }

    /**
     * Reads a page of the bans that apply.
     *
     * @param afterSubject the last subject of the page before; empty: the first page
     */
    public CompletableFuture<Message> bans(String afterSubject, int limit) {
        return read(() -> {
            List<Ban> page = bans.page(afterSubject, limit);
            Bans.Builder reply = Bans.newBuilder().addAllBans(page);
            if (page.size() == limit) {
                reply.setNextAfter(BanSubject.of(page.getLast()));
            }
            return reply.build();
        });
    }

    /** Reads a page of moderation cases. */
    public CompletableFuture<Message> cases(OperatorReads.CaseFilter filter, String cursor, int limit) {
        return read(() -> reads.cases(filter, cursor, limit));
    }

    /** Reads a page of the audit log. */
    public CompletableFuture<Message> audit(OperatorReads.AuditFilter filter, String cursor, int limit) {
        return read(() -> reads.audit(filter, cursor, limit));
    }

    private CompletableFuture<Message> read(Supplier<Message> reader) {
        return CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return reader.get();
                            } catch (IllegalArgumentException e) {
                                return Errors.invalidArgument(String.valueOf(e.getMessage()));
                            }
                        },
                        blocking)
                .exceptionally(Errors::of);
    }
}
