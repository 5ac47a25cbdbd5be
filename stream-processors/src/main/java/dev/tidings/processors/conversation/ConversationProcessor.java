package dev.tidings.processors.conversation;

import com.google.protobuf.Message;
import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.conversation.Decision.Happened;
import dev.tidings.processors.conversation.Decision.Refused;
import dev.tidings.processors.parts.AtomicProcessor;
import dev.tidings.processors.parts.Counts;
import dev.tidings.processors.rules.StoredRules;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.check.CommandCheck;
import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Refusal;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Loads a conversation, has the command decided, takes up what happened, and tells everyone concerned. */
final class ConversationProcessor extends AtomicProcessor<String, Command, Object, Message> {

    private final TopicLayout layout;

    @SuppressWarnings("NullAway.Init") // by init(), before the first record
    private ConversationStores stores;

    @SuppressWarnings("NullAway.Init") // by init(), before the first record
    private StoredRules rules;

    @SuppressWarnings("NullAway.Init") // by init(), before the first record
    private FanOut fanOut;

    @SuppressWarnings("NullAway.Init") // by init(), before the first record
    private Forgetting forgetting;

    @SuppressWarnings("NullAway.Init") // by init(), before the first record
    private Attaching attaching;

    @SuppressWarnings("NullAway.Init") // by init(), before the first record
    private Answers answers;

    @SuppressWarnings("NullAway.Init") // by init(), before the first record
    private Counts refusals;

    ConversationProcessor(TopicLayout layout) {
        this.layout = layout;
    }

    @Override
    protected void open(ProcessorContext<Object, Message> context) {
        stores = new ConversationStores(context);
        rules = new StoredRules(context);
        fanOut = new FanOut(context, layout);
        forgetting = new Forgetting(stores, fanOut);
        attaching = new Attaching(stores, fanOut, forgetting);
        answers = new Answers(context, layout);
        refusals = new Counts(context, "refusal", "refused");
    }

    @Override
    protected void handle(Record<String, Command> record) {
        Command command = record.value();
        if (command.hasRules()) {
            changeRules(record);
        } else if (command.hasForgetEvents()) {
            // from this very task, and so without the conversation's key
            requireSense(command);
            forgetting.goOn(record);
        } else if (!command.getConversationId().equals(record.key())) {
            throw new IllegalArgumentException("command " + command.getCommandId()
                    + " lies under another key than its conversation: it could be decided out of order");
        } else if (command.hasSubscribeGateway()) {
            requireSense(command);
            attaching.attach(record);
        } else if (command.hasGatewayGone()) {
            requireSense(command);
            attaching.gone(record);
        } else {
            decide(record);
        }
    }

    /** The rules in memory may hold the change that was discarded. */
    @Override
    protected void discarded(Record<String, Command> record) {
        // a record may be without a value
        if (record.value() != null && record.value().hasRules()) {
            rules.reload();
        }
    }

    @Override
    protected void refuse(Record<String, Command> record, Refusal refusal) {
        if (record.value().hasRules()) {
            answerRules(record, refusal);
        } else {
            answers.answer(record, new Refused(refusal));
        }
    }

    private void decide(Record<String, Command> record) {
        Conversation.Evolving conversation = stores.conversation(record.key());
        Decision decision = ConversationDecider.decide(
                conversation, rules, record.value(), Timestamps.fromMillis(record.timestamp()));
        if (decision instanceof Happened happened) {
            ConversationEvent event = happened.event();
            Audience audience = Audience.of(conversation, event);
            Evolution.evolve(conversation, rules.policy(), event, CommandName.of(record.value()));
            fanOut.publish(record, happened, audience, conversation.attachments());
        }
        if (decision instanceof Refused(Refusal refusal)) {
            refusals.count(refusal.getReason().name());
        }
        answers.answer(record, decision);
    }

    /** Every partition has its own copy of a change and takes it up in its own time. The first one answers. */
    private void changeRules(Record<String, Command> record) {
        Refusal flaw = CommandCheck.check(record.value());
        @Nullable
        Refusal refusal = flaw != null
                ? flaw
                : rules.change(record.value().getRules(), Timestamps.fromMillis(record.timestamp()));
        if (refusal == null && isFirstPartition()) {
            fanOut.bans(record, record.value().getRules());
        }
        answerRules(record, refusal);
    }

    private void answerRules(Record<String, Command> record, @Nullable Refusal refusal) {
        if (isFirstPartition()) {
            answers.answerOutsideConversations(record, refusal);
        }
    }

    private boolean isFirstPartition() {
        return context().recordMetadata().orElseThrow().partition() == 0;
    }

    /** Gateways hear no refusals. */
    private static void requireSense(Command command) {
        Refusal flaw = CommandCheck.check(command);
        if (flaw != null) {
            throw new IllegalArgumentException(flaw.getMessage());
        }
    }
}
