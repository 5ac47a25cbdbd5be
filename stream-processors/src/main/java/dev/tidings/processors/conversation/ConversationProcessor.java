package dev.tidings.processors.conversation;

import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.conversation.Decision.HadHappened;
import dev.tidings.processors.conversation.Decision.Happened;
import dev.tidings.processors.conversation.Decision.Refused;
import dev.tidings.processors.conversation.Decision.Unchanged;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.schemas.id.UserId;
import dev.tidings.v1.Answer;
import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.Sequenced;
import java.util.List;
import java.util.TreeMap;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Loads a conversation, has the command decided, takes up what happened, and tells everyone concerned. */
final class ConversationProcessor extends ContextualProcessor<String, Command, Object, Message> {

    private final TopicLayout layout;

    @SuppressWarnings("NullAway.Init") // by init(), before the first record
    private ConversationStores stores;

    ConversationProcessor(TopicLayout layout) {
        this.layout = layout;
    }

    @Override
    public void init(ProcessorContext<Object, Message> context) {
        super.init(context);
        stores = new ConversationStores(context);
    }

    @Override
    public void process(Record<String, Command> record) {
        Command command = record.value();
        if (!command.getConversationId().equals(record.key())) {
            throw new IllegalArgumentException("command " + command.getCommandId()
                    + " lies under another key than its conversation: it could be decided out of order");
        }
        Timestamp time = Timestamps.fromMillis(record.timestamp());
        Conversation.Evolving conversation = stores.conversation(record.key());
        switch (ConversationDecider.decide(conversation, command, time)) {
            case Happened(ConversationEvent event) -> {
                ConversationDecider.evolve(conversation, event);
                publish(record, event);
                if (event.getSeq() > 0) {
                    answer(record, Answer.newBuilder().setSequenced(sequenced(event)));
                }
            }
            case HadHappened(Sequenced first) ->
                answer(record, Answer.newBuilder().setSequenced(first));
            case Refused(var refusal) -> answer(record, Answer.newBuilder().setRefusal(refusal));
            case Unchanged() -> {}
        }
    }

    private void publish(Record<String, Command> record, ConversationEvent event) {
        context().forward(record.withValue(event), ConversationTopology.EVENTS_SINK);
        TreeMap<Integer, InboxRecord.Builder> byPartition = new TreeMap<>();
        for (String recipient : recipients(event)) {
            byPartition
                    .computeIfAbsent(
                            UserId.inboxPartition(recipient, layout.users()),
                            partition -> InboxRecord.newBuilder()
                                    .setEvent(event)
                                    .setOriginSessionId(
                                            record.value().getOrigin().getSessionId()))
                    .addRecipients(recipient);
        }
        byPartition.forEach((partition, inbox) -> context()
                .forward(new Record<>(partition, inbox.build(), record.timestamp()), ConversationTopology.INBOX_SINK));
    }

    private static List<String> recipients(ConversationEvent event) {
        return switch (ConversationId.parse(event.getConversationId())) {
            case ConversationId.Private pair -> pair.users();
            case null, default ->
                throw new IllegalStateException("nothing can happen yet in " + event.getConversationId());
        };
    }

    private void answer(Record<String, Command> record, Answer.Builder answer) {
        Command command = record.value();
        int slot = command.getOrigin().getGatewaySlot();
        boolean someoneWaits = command.hasOrigin() && slot >= 0 && slot < layout.gatewaySlots();
        if (someoneWaits) {
            Delivery delivery = Delivery.newBuilder()
                    .setGatewaySlot(slot)
                    .setAnswer(answer.setOrigin(command.getOrigin()).setCommandId(command.getCommandId()))
                    .build();
            context().forward(new Record<>(slot, delivery, record.timestamp()), ConversationTopology.ANSWERS_SINK);
        }
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
