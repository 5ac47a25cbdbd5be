package dev.tidings.processors.intake;

import dev.tidings.processors.audit.AuditRecords;
import dev.tidings.processors.audit.AuditResult;
import dev.tidings.processors.intake.ParsedRequest.Invalid;
import dev.tidings.processors.intake.ParsedRequest.Valid;
import dev.tidings.processors.store.AtomicProcessor;
import dev.tidings.processors.store.TraceHeader;
import dev.tidings.processors.supervision.DeadLetter;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.check.CommandCheck;
import dev.tidings.schemas.check.PastBans;
import dev.tidings.schemas.check.Refusals;
import dev.tidings.schemas.serde.BusinessReplySerde;
import dev.tidings.state.v1.PendingRequest;
import dev.tidings.v1.AuditRecord;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessOrigin;
import dev.tidings.v1.BusinessReply;
import dev.tidings.v1.Command;
import dev.tidings.v1.DirectoryCommand;
import dev.tidings.v1.Origin;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.UserCommand;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the commands of each request to conversations, to the directory or to INBOX, and a dead letter for each rejected record, with a
 * refusal if its source and request id can be read. Refuses requests that their source has no right to. Writes a large {@code sendToMany} in steps of
 * {@value #STEP_COMMANDS} commands: each step writes a record for the next one, which INTAKE reads after the commit.
 *
 * <p>The commands to one conversation keep the order of their requests. So before a command, the pending command of each earlier
 * request to the same conversation is written, out of its turn.
 */
final class IntakeProcessor extends AtomicProcessor<byte[], byte[], Object, Object> {

    private static final Logger LOG = LoggerFactory.getLogger(IntakeProcessor.class);

    /**
     * With a commit every 200 ms, at most 500 commands a second: fewer than CONVERSATION decides on a busy machine with two cores. So
     * the messages of others wait behind one step, and not behind a queue of steps.
     */
    static final int STEP_COMMANDS = 100;

    private final SourceRights rights;

    @SuppressWarnings("NullAway.Init") // by open()
    private PendingRequests pending;

    @SuppressWarnings("NullAway.Init") // by open()
    private BanRequests bans;

    IntakeProcessor(SourceRights rights) {
        this.rights = rights;
    }

    @Override
    protected void open(ProcessorContext<Object, Object> context) {
        pending = new PendingRequests(context);
        bans = new BanRequests(context);
    }

    @Override
    protected void handle(Record<byte[], byte[]> record) {
        RecordMetadata at = context().recordMetadata().orElseThrow();
        if (at.topic().equals(Topics.INTAKE_STEPS.name())) {
            handleStep(record, at);
        } else {
            handleRequest(record, at);
        }
        pending.save();
    }

    @Override
    protected void discarded(Record<byte[], byte[]> record) {
        pending.reload();
        bans.reload();
    }

    private void handleRequest(Record<byte[], byte[]> record, RecordMetadata at) {
        switch (BusinessCommandReader.read(record.value(), record.headers())) {
            case Valid(BusinessOrigin origin, BusinessCommand business)
            when rights.violation(origin.getSource(), business) != null -> writeDenial(record, at, origin, business);
            case Valid(BusinessOrigin origin, BusinessCommand business)
            when PastBans.check(business.getRules(), record.timestamp()) != null -> {
                // a repeated ban that is not over is decided again: CONVERSATION may have refused the first one
                if (BanRequests.hasTimedBan(business) && bans.isRepeated(origin.getSource(), business)) {
                    writeReply(
                            record,
                            at,
                            origin,
                            BusinessReply.newBuilder().setApplied(BusinessReply.Applied.getDefaultInstance()));
                } else {
                    writePastBan(record, at, origin, business);
                }
            }
            case Valid(BusinessOrigin origin, BusinessCommand business) -> {
                String traceparent = TraceHeader.in(record.headers());
                if (business.getSendToMany().getUserIdsCount() > STEP_COMMANDS && !pending.isFull()) {
                    PendingRequest request = PendingRequest.newBuilder()
                            .setSource(origin.getSource())
                            .setJson(origin.getJson())
                            .setCommand(business)
                            .setEpochMillis(record.timestamp())
                            .setTraceparent(traceparent)
                            .build();
                    pending.add(at.offset(), request);
                    writeStep(at.offset(), record.timestamp());
                } else if (business.hasChangeUsers()) {
                    writeUserChanges(
                            DirectoryExpansion.of(
                                    RequestOrigin.of(origin, business, record.headers()),
                                    business,
                                    position(record, at)),
                            record.timestamp(),
                            TraceHeader.headers(traceparent));
                } else if (QueryExpansion.isQuery(business)) {
                    writeQueries(
                            QueryExpansion.of(RequestOrigin.of(origin, business, record.headers()), business),
                            record.timestamp(),
                            TraceHeader.headers(traceparent));
                } else {
                    Headers headers = TraceHeader.headers(traceparent);
                    Origin receiver = RequestOrigin.of(origin, business, record.headers());
                    rememberBans(receiver, business, record, at);
                    for (Command command : CommandExpansion.of(receiver, business, position(record, at))) {
                        writeInOrder(command, at.offset(), record.timestamp(), headers);
                    }
                }
            }
            case Invalid invalid -> {
                writeDeadLetter(record, at, invalid);
                if (invalid.origin() != null) {
                    writeRefusal(
                            record,
                            at,
                            invalid.origin(),
                            Refusals.of(Refusal.Reason.INVALID_ARGUMENT, invalid.reason()));
                }
            }
        }
    }

    /** Requests of gateways have random ids, and are not repeated. */
    private void rememberBans(
            Origin receiver, BusinessCommand business, Record<byte[], byte[]> record, RecordMetadata at) {
        if (receiver.hasBusiness() && BanRequests.hasTimedBan(business)) {
            Command command = CommandExpansion.of(receiver, business, position(record, at))
                    .getFirst();
            if (CommandCheck.check(command) == null) {
                bans.add(at.offset(), receiver.getBusiness().getSource(), business);
            }
        }
    }

    private void writeUserChanges(List<DirectoryCommand> commands, long timestampMillis, Headers headers) {
        for (DirectoryCommand command : commands) {
            context()
                    .forward(
                            new Record<>(command.getUser().getUserId(), command, timestampMillis, headers),
                            IntakeSinks.DIRECTORY_COMMANDS);
        }
    }

    private void writeQueries(List<UserCommand> commands, long timestampMillis, Headers headers) {
        for (UserCommand command : commands) {
            context()
                    .forward(
                            new Record<>(command.getUserId(), command, timestampMillis, headers),
                            IntakeSinks.USER_COMMANDS);
        }
    }

    private static RequestPosition position(Record<byte[], byte[]> record, RecordMetadata at) {
        return new RequestPosition(at.topic(), at.partition(), at.offset(), record.timestamp());
    }

    /** Refuses a request that its source has no right to, and writes it to the audit log. */
    private void writeDenial(
            Record<byte[], byte[]> record, RecordMetadata at, BusinessOrigin origin, BusinessCommand business) {
        String missing = String.valueOf(rights.violation(origin.getSource(), business));
        Refusal refusal = Refusals.of(Refusal.Reason.NOT_ALLOWED, missing);
        LOG.warn("request without the right to it source={} body={}", origin.getSource(), business.getBodyCase());
        writeRefusal(record, at, origin, refusal);
        AuditRecord audit = AuditRecords.ofDenied(
                position(record, at).commandId(),
                RequestOrigin.of(origin, business),
                business,
                refusal,
                record.timestamp());
        context().forward(new Record<>(audit.getTarget(), audit, record.timestamp()), IntakeSinks.AUDIT);
    }

    /** Refuses a change of rules with a ban that is over already, and writes it to the audit log. */
    private void writePastBan(
            Record<byte[], byte[]> record, RecordMetadata at, BusinessOrigin origin, BusinessCommand business) {
        Refusal refusal = Objects.requireNonNull(PastBans.check(business.getRules(), record.timestamp()));
        writeRefusal(record, at, origin, refusal);
        Origin receiver = RequestOrigin.of(origin, business, record.headers());
        for (Command command : CommandExpansion.of(receiver, business, position(record, at))) {
            for (AuditRecord audit : AuditRecords.ofRules(command, AuditResult.refused(refusal), record.timestamp())) {
                context().forward(new Record<>(audit.getTarget(), audit, record.timestamp()), IntakeSinks.AUDIT);
            }
        }
    }

    /** Replies to a request that gives no command. The reply has no conversation id. */
    private void writeRefusal(
            Record<byte[], byte[]> record, RecordMetadata at, BusinessOrigin origin, Refusal refusal) {
        writeReply(record, at, origin, BusinessReply.newBuilder().setRefusal(refusal));
    }

    private void writeReply(
            Record<byte[], byte[]> record, RecordMetadata at, BusinessOrigin origin, BusinessReply.Builder outcome) {
        BusinessReply reply = outcome.setRequestId(origin.getRequestId())
                .setSource(origin.getSource())
                .setCommandId(position(record, at).commandId())
                .build();
        Headers headers = TraceHeader.headers(TraceHeader.in(record.headers()));
        BusinessReplySerde.addHeaders(headers, reply, origin.getJson());
        context().forward(new Record<>(reply.getRequestId(), reply, record.timestamp(), headers), IntakeSinks.REPLIES);
    }

    private void handleStep(Record<byte[], byte[]> record, RecordMetadata at) {
        if (record.value() == null || record.value().length != Long.BYTES) {
            writeDeadLetter(record, at, new Invalid("the value is not an offset"));
            return;
        }
        long offset = Topics.INTAKE_STEPS.value().deserializer().deserialize(at.topic(), record.value());
        writeStep(offset, record.timestamp());
    }

    /** Writes the next commands of a pending request. Does nothing if the request is not pending: the step is repeated. */
    private void writeStep(long offset, long timestampMillis) {
        PendingCommands request = pending.find(offset);
        if (request == null) {
            return;
        }
        pending.changed(offset);
        for (Command command : request.next(STEP_COMMANDS)) {
            writeInOrder(command, offset, timestampMillis, request.headers());
        }
        if (!request.isDone()) {
            int partition = context().taskId().partition();
            context().forward(new Record<>(partition, offset, timestampMillis), IntakeSinks.STEPS);
        }
    }

    /** @param offset of the command's request */
    private void writeInOrder(Command command, long offset, long timestampMillis, Headers headers) {
        for (long earlier : pending.before(offset)) {
            PendingCommands request = pending.find(earlier);
            if (request != null) {
                request.take(command.getConversationId()).ifPresent(first -> {
                    pending.changed(earlier);
                    write(first, timestampMillis, request.headers());
                });
            }
        }
        write(command, timestampMillis, headers);
    }

    private void write(Command command, long timestampMillis, Headers headers) {
        context()
                .forward(
                        new Record<>(command.getConversationId(), command, timestampMillis, headers),
                        IntakeSinks.COMMANDS);
    }

    private void writeDeadLetter(Record<byte[], byte[]> record, RecordMetadata at, Invalid invalid) {
        LOG.warn(
                "poison record, see dead letters topic={} partition={} offset={} reason={}",
                at.topic(),
                at.partition(),
                at.offset(),
                invalid.summary());
        context().forward(DeadLetter.of(record, at, invalid.reason()), IntakeSinks.DEAD_LETTERS);
    }
}
