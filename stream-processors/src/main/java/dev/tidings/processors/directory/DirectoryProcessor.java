package dev.tidings.processors.directory;

import com.google.protobuf.Message;
import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.audit.AuditRecords;
import dev.tidings.processors.audit.AuditResult;
import dev.tidings.processors.directory.DirectoryDecision.ChangeRefused;
import dev.tidings.processors.directory.DirectoryDecision.ProfileChanged;
import dev.tidings.processors.directory.DirectoryDecision.ProfileUnchanged;
import dev.tidings.processors.rules.StoredRules;
import dev.tidings.processors.store.AtomicProcessor;
import dev.tidings.processors.store.StateStore;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.id.BanSubject;
import dev.tidings.schemas.serde.BusinessReplySerde;
import dev.tidings.schemas.serde.ProtoSerde;
import dev.tidings.v1.Applied;
import dev.tidings.v1.AuditRecord;
import dev.tidings.v1.BusinessOrigin;
import dev.tidings.v1.BusinessReply;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.DirectoryCommand;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.RulesCommand;
import dev.tidings.v1.UserAnswer;
import dev.tidings.v1.UserProfile;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Carries out each command to the directory: stores and publishes the profile, replies, and writes the audit record of an administrative one. */
final class DirectoryProcessor extends AtomicProcessor<String, DirectoryCommand, Object, Message> {

    /** The profile of each user of the partition, by user id. */
    static final StateStore<String, UserProfile> PROFILES =
            new StateStore<>("user-profiles", Serdes.String(), ProtoSerde.of(UserProfile.parser()));

    static final String PROFILE_SINK = "directory";
    static final String BAN_SINK = "bans";
    static final String AUDIT_SINK = "audit";
    static final String REPLY_SINK = "business-replies";
    static final String DELIVERY_SINK = "deliveries";

    private final TopicLayout layout;

    @SuppressWarnings("NullAway.Init") // by open()
    private KeyValueStore<String, UserProfile> profiles;

    @SuppressWarnings("NullAway.Init") // by open()
    private StoredRules rules;

    DirectoryProcessor(TopicLayout layout) {
        this.layout = layout;
    }

    @Override
    protected void open(ProcessorContext<Object, Message> context) {
        profiles = PROFILES.in(context);
        rules = new StoredRules(context);
    }

    @Override
    protected void handle(Record<String, DirectoryCommand> record) {
        DirectoryCommand command = record.value();
        switch (command.getBodyCase()) {
            case USER -> changeUser(record, command);
            case RULES -> changeRules(record, command.getRules());
            case BODY_NOT_SET -> throw new IllegalArgumentException("directory command has no body");
        }
    }

    private void changeUser(Record<String, DirectoryCommand> record, DirectoryCommand command) {
        String userId = command.getUser().getUserId();
        if (!userId.equals(record.key())) {
            throw new IllegalArgumentException("directory command of " + userId + " has another user's key");
        }
        DirectoryDecision decision = DirectoryDecider.decide(profiles.get(userId), command, rules, record.timestamp());
        if (decision instanceof ProfileChanged(UserProfile profile, boolean disabledChanged)) {
            profiles.put(userId, profile);
            context().forward(record.withValue(profile), PROFILE_SINK);
            if (disabledChanged) {
                context()
                        .forward(
                                new Record<>(
                                        BanSubject.ofDisabledUser(userId),
                                        BanSubject.disabled(userId, profile.getDisabled()),
                                        record.timestamp()),
                                BAN_SINK);
            }
        }
        reply(record, decision);
    }

    /** Applies a change of the rules, which CONVERSATION has checked and accepted. */
    private void changeRules(Record<String, DirectoryCommand> record, RulesCommand change) {
        Refusal flaw = rules.change(change, Timestamps.fromMillis(record.timestamp()));
        if (flaw != null) {
            throw new IllegalArgumentException(flaw.getMessage());
        }
    }

    /** Reloads the rules, because those in memory may contain the discarded change. */
    @Override
    protected void discarded(Record<String, DirectoryCommand> record) {
        rules.reload();
    }

    @Override
    protected void refuse(Record<String, DirectoryCommand> record, Refusal refusal) {
        reply(record, new ChangeRefused(refusal));
    }

    private void reply(Record<String, DirectoryCommand> record, DirectoryDecision decision) {
        DirectoryCommand command = record.value();
        if (command.getOrigin().hasBusiness()) {
            replyToBusiness(record, command, decision);
        } else if (command.hasOrigin()) {
            replyToSession(record, command, decision);
        }
        if (AuditRecords.isAdministrative(command)) {
            AuditRecord audit = AuditRecords.of(command, resultOf(decision), record.timestamp());
            context().forward(record.withKey(audit.getTarget()).withValue(audit), AUDIT_SINK);
        }
    }

    private static AuditResult resultOf(DirectoryDecision decision) {
        return switch (decision) {
            case ProfileChanged _ -> AuditResult.APPLIED;
            case ProfileUnchanged() -> AuditResult.UNCHANGED;
            case ChangeRefused(Refusal refusal) -> AuditResult.refused(refusal);
        };
    }

    private void replyToBusiness(
            Record<String, DirectoryCommand> record, DirectoryCommand command, DirectoryDecision decision) {
        BusinessOrigin origin = command.getOrigin().getBusiness();
        BusinessReply.Builder builder = BusinessReply.newBuilder()
                .setRequestId(origin.getRequestId())
                .setSource(origin.getSource())
                .setCommandId(command.getCommandId())
                .setUserId(command.getUser().getUserId());
        switch (decision) {
            case ProfileChanged _ -> builder.setApplied(BusinessReply.Applied.getDefaultInstance());
            case ProfileUnchanged() -> builder.setUnchanged(BusinessReply.Unchanged.getDefaultInstance());
            case ChangeRefused(Refusal refusal) -> builder.setRefusal(refusal);
        }
        BusinessReply reply = builder.build();
        Headers headers = new RecordHeaders(record.headers());
        BusinessReplySerde.addHeaders(headers, reply, origin.getJson());
        context().forward(new Record<>(reply.getRequestId(), reply, record.timestamp(), headers), REPLY_SINK);
    }

    /** Replies to a session; does nothing if its gateway slot does not exist. */
    private void replyToSession(
            Record<String, DirectoryCommand> record, DirectoryCommand command, DirectoryDecision decision) {
        int slot = command.getOrigin().getGatewaySlot();
        if (slot < 0 || slot >= layout.gatewaySlots()) {
            return;
        }
        UserAnswer.Builder answer = UserAnswer.newBuilder().setOrigin(command.getOrigin());
        switch (decision) {
            case ProfileChanged _ -> answer.setApplied(Applied.getDefaultInstance());
            case ProfileUnchanged() -> answer.setApplied(Applied.newBuilder().setUnchanged(true));
            case ChangeRefused(Refusal refusal) -> answer.setRefusal(refusal);
        }
        context()
                .forward(
                        new Record<>(
                                slot,
                                Delivery.newBuilder()
                                        .setGatewaySlot(slot)
                                        .setUserAnswer(answer)
                                        .build(),
                                record.timestamp()),
                        DELIVERY_SINK);
    }
}
