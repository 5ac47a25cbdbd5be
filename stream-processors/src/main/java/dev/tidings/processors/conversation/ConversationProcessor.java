package dev.tidings.processors.conversation;

import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.conversation.Decision.Happened;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.schemas.id.UserId;
import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.InboxRecord;
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

    @SuppressWarnings("NullAway.Init") // by init(), before the first record
    private Answers answers;

    ConversationProcessor(TopicLayout layout) {
        this.layout = layout;
    }

    @Override
    public void init(ProcessorContext<Object, Message> context) {
        super.init(context);
        stores = new ConversationStores(context);
        answers = new Answers(context, layout);
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
        Decision decision = ConversationDecider.decide(conversation, command, time);
        if (decision instanceof Happened(ConversationEvent event)) {
            ConversationDecider.evolve(conversation, event);
            publish(record, event);
        }
        answers.answer(record, decision);
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
}
