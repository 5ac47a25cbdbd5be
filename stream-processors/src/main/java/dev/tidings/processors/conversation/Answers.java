package dev.tidings.processors.conversation;

import com.google.protobuf.Message;
import dev.tidings.processors.conversation.Decision.HadHappened;
import dev.tidings.processors.conversation.Decision.Happened;
import dev.tidings.processors.conversation.Decision.Refused;
import dev.tidings.processors.conversation.Decision.Unchanged;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.v1.Answer;
import dev.tidings.v1.BusinessOrigin;
import dev.tidings.v1.BusinessReply;
import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Sequenced;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Tells whoever asked what came of it: a session through its gateway, a business system through its topic. */
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

    /** Sessions hear of what has a place in the sequence, and of refusals. */
    private void deliver(Record<String, Command> record, Decision decision) {
        Command command = record.value();
        int slot = command.getOrigin().getGatewaySlot();
        boolean slotExists = slot >= 0 && slot < layout.gatewaySlots();
        Answer.Builder answer = Answer.newBuilder();
        switch (decision) {
            case Happened(ConversationEvent event) when event.getSeq() > 0 -> answer.setSequenced(sequenced(event));
            case HadHappened(Sequenced first) -> answer.setSequenced(first);
            case Refused(Refusal refusal) -> answer.setRefusal(refusal);
            case Happened(ConversationEvent outsideTheSequence) -> {}
            case Unchanged() -> {}
        }
        if (slotExists && answer.getOutcomeCase() != Answer.OutcomeCase.OUTCOME_NOT_SET) {
            Delivery delivery = Delivery.newBuilder()
                    .setGatewaySlot(slot)
                    .setAnswer(answer.setOrigin(command.getOrigin()).setCommandId(command.getCommandId()))
                    .build();
            context.forward(new Record<>(slot, delivery, record.timestamp()), ConversationTopology.ANSWERS_SINK);
        }
    }

    /** Business systems hear of everything. */
    private void reply(Record<String, Command> record, Decision decision) {
        Command command = record.value();
        BusinessOrigin asked = command.getOrigin().getBusiness();
        BusinessReply.Builder reply = BusinessReply.newBuilder()
                .setRequestId(asked.getRequestId())
                .setSource(asked.getSource())
                .setCommandId(command.getCommandId());
        switch (decision) {
            case Happened(ConversationEvent event) when event.getSeq() > 0 -> reply.setSequenced(sequenced(event));
            case HadHappened(Sequenced first) -> reply.setSequenced(first);
            case Refused(Refusal refusal) -> reply.setRefusal(refusal);
            case Happened(ConversationEvent outsideTheSequence) ->
                reply.setApplied(BusinessReply.Applied.getDefaultInstance());
            case Unchanged() -> reply.setUnchanged(BusinessReply.Unchanged.getDefaultInstance());
        }
        context.forward(
                record.withKey(asked.getRequestId()).withValue(reply.build()), ConversationTopology.REPLIES_SINK);
    }

    private static Sequenced sequenced(ConversationEvent event) {
        return Sequenced.newBuilder()
                .setConversationId(event.getConversationId())
                .setSeq(event.getSeq())
                .setMessageId(event.getMessageSent().getMessageId())
                .setSentAt(event.getSentAt())
                .build();
    }
}
