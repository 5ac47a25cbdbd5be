package dev.tidings.processors.conversation;

import com.google.protobuf.Message;
import dev.tidings.processors.conversation.Decision.Accepted;
import dev.tidings.processors.conversation.Decision.Counted;
import dev.tidings.processors.conversation.Decision.Described;
import dev.tidings.processors.conversation.Decision.Duplicate;
import dev.tidings.processors.conversation.Decision.HeadRead;
import dev.tidings.processors.conversation.Decision.Refused;
import dev.tidings.processors.conversation.Decision.Unchanged;
import dev.tidings.processors.store.TraceHeader;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.event.EventFacts;
import dev.tidings.schemas.serde.BusinessReplySerde;
import dev.tidings.v1.Answer;
import dev.tidings.v1.Applied;
import dev.tidings.v1.BusinessOrigin;
import dev.tidings.v1.BusinessReply;
import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.GroupDescription;
import dev.tidings.v1.HeadNotice;
import dev.tidings.v1.Receipts;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.RulesPage;
import dev.tidings.v1.Sequenced;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Answers commands: to a session through its gateway, to a business system through its topic. */
final class Answers {

    private final ProcessorContext<Object, Message> context;
    private final TopicLayout layout;

    Answers(ProcessorContext<Object, Message> context, TopicLayout layout) {
        this.context = context;
        this.layout = layout;
    }

    void answer(Record<String, Command> record, Decision decision) {
        Command command = record.value();
        if (command.getOrigin().hasBusiness()) {
            reply(record, decision);
        } else if (command.hasOrigin()) {
            deliver(record, decision);
        }
    }

    /**
     * Answers a change of rules.
     *
     * @param refusal null if the change was applied
     */
    void answerRules(Record<String, Command> record, @Nullable Refusal refusal) {
        if (record.value().getOrigin().hasBusiness()) {
            BusinessReply.Builder reply = reply(record.value());
            if (refusal == null) {
                reply.setApplied(BusinessReply.Applied.getDefaultInstance());
            } else {
                reply.setRefusal(refusal);
            }
            send(record, reply);
        } else if (record.value().hasOrigin()) {
            Answer.Builder answer = answer(record.value());
            deliver(
                    record,
                    refusal == null ? answer.setApplied(Applied.getDefaultInstance()) : answer.setRefusal(refusal));
        }
    }

    /** Answers a request for a page of the rules. */
    void answerRules(Record<String, Command> record, RulesPage page) {
        if (record.value().getOrigin().hasBusiness()) {
            send(record, reply(record.value()).setRules(page));
        } else if (record.value().hasOrigin()) {
            deliver(record, answer(record.value()).setRules(page));
        }
    }

    /**
     * Sessions get the outcome of positions and typing only if they are refused: their gateway has already confirmed that the
     * command is in the log.
     */
    private void deliver(Record<String, Command> record, Decision decision) {
        Command command = record.value();
        boolean onlyRefusals = !command.getOrigin().getUnary()
                && (command.hasMarkRead() || command.hasMarkDelivered() || command.hasTyping());
        if (onlyRefusals && !(decision instanceof Refused)) {
            return;
        }
        Answer.Builder answer = answer(command);
        switch (decision) {
            case Accepted accepted
            when EventFacts.isSequenced(accepted.event()) ->
                answer.setSequenced(sequenced(accepted.event())).setDeliveredSeq(command.getDeliveredSeq());
            case Accepted unsequenced -> answer.setApplied(applied(command));
            case Duplicate(Sequenced first) -> answer.setSequenced(first);
            case Unchanged() -> answer.setApplied(applied(command).setUnchanged(true));
            case Described(GroupDescription description) -> answer.setGroup(description);
            case Counted(Receipts receipts) -> answer.setReceipts(receipts);
            case HeadRead(HeadNotice head) -> answer.setHead(head);
            case Refused(Refusal refusal) -> answer.setRefusal(refusal);
        }
        deliver(record, answer);
    }

    private static Answer.Builder answer(Command command) {
        return Answer.newBuilder().setOrigin(command.getOrigin()).setCommandId(command.getCommandId());
    }

    /** Does nothing if the gateway slot does not exist. */
    private void deliver(Record<String, Command> record, Answer.Builder answer) {
        int slot = answer.getOrigin().getGatewaySlot();
        if (slot < 0 || slot >= layout.gatewaySlots()) {
            return;
        }
        context.forward(
                new Record<>(
                        slot,
                        Delivery.newBuilder()
                                .setGatewaySlot(slot)
                                .setAnswer(answer)
                                .build(),
                        record.timestamp(),
                        TraceHeader.of(record.headers())),
                ConversationSinks.DELIVERIES);
    }

    private void reply(Record<String, Command> record, Decision decision) {
        BusinessReply.Builder reply = reply(record.value());
        switch (decision) {
            case Accepted accepted
            when EventFacts.isSequenced(accepted.event()) -> reply.setSequenced(sequenced(accepted.event()));
            case Accepted unsequenced -> reply.setApplied(BusinessReply.Applied.getDefaultInstance());
            case Duplicate(Sequenced first) -> reply.setSequenced(first);
            case Unchanged() -> reply.setUnchanged(BusinessReply.Unchanged.getDefaultInstance());
            case Described(GroupDescription description) -> reply.setGroup(description);
            case Counted(Receipts receipts) ->
                throw new IllegalStateException("business systems cannot ask for receipts");
            case HeadRead(HeadNotice head) -> reply.setHead(head);
            case Refused(Refusal refusal) -> reply.setRefusal(refusal);
        }
        send(record, reply);
    }

    private static BusinessReply.Builder reply(Command command) {
        BusinessOrigin business = command.getOrigin().getBusiness();
        return BusinessReply.newBuilder()
                .setRequestId(business.getRequestId())
                .setSource(business.getSource())
                .setCommandId(command.getCommandId())
                .setConversationId(command.getConversationId());
    }

    private void send(Record<String, Command> record, BusinessReply.Builder builder) {
        BusinessReply reply = builder.build();
        Headers headers = new RecordHeaders(record.headers());
        BusinessReplySerde.addHeaders(
                headers, reply, record.value().getOrigin().getBusiness().getJson());
        context.forward(
                new Record<>(reply.getRequestId(), reply, record.timestamp(), headers), ConversationSinks.REPLIES);
    }

    private static Applied.Builder applied(Command command) {
        return Applied.newBuilder().setConversationId(command.getConversationId());
    }

    private static Sequenced sequenced(ConversationEvent event) {
        Sequenced.Builder sequenced = Sequenced.newBuilder()
                .setConversationId(event.getConversationId())
                .setSeq(event.getSeq())
                .setMessageId(event.getMessageSent().getMessageId())
                .setSentAt(event.getSentAt());
        if (event.getMessageSent().getMasked()) {
            sequenced.setMasked(true).setMaskedContent(event.getMessageSent().getContent());
        } else if (event.getMessageEdited().getMasked()) {
            sequenced.setMasked(true).setMaskedContent(event.getMessageEdited().getContent());
        }
        return sequenced.build();
    }
}
