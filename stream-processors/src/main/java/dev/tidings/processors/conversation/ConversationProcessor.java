package dev.tidings.processors.conversation;

import com.google.protobuf.Message;
import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.conversation.Decision.Accepted;
import dev.tidings.processors.conversation.Decision.Refused;
import dev.tidings.processors.rules.StoredRules;
import dev.tidings.processors.store.AtomicProcessor;
import dev.tidings.processors.store.Counts;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.check.CommandCheck;
import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Refusal;
import java.util.List;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Reads the conversation of a command, decides the command, applies its event, and writes event, answer and audit record. */
final class ConversationProcessor extends AtomicProcessor<String, Command, Object, Message> {

    private final TopicLayout layout;

    @SuppressWarnings("NullAway.Init") // by init(), before the first record
    private ConversationStores stores;

    @SuppressWarnings("NullAway.Init") // by init(), before the first record
    private StoredRules rules;

    @SuppressWarnings("NullAway.Init") // by init(), before the first record
    private FanOut fanOut;

    @SuppressWarnings("NullAway.Init") // by init(), before the first record
    private RoomCleanup cleanup;

    @SuppressWarnings("NullAway.Init") // by init(), before the first record
    private SubscriptionCommands subscriptions;

    @SuppressWarnings("NullAway.Init") // by init(), before the first record
    private Answers answers;

    @SuppressWarnings("NullAway.Init") // by init(), before the first record
    private AuditLog audit;

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
        cleanup = new RoomCleanup(stores, fanOut);
        subscriptions = new SubscriptionCommands(stores, fanOut, cleanup);
        answers = new Answers(context, layout);
        audit = new AuditLog(context);
        refusals = new Counts(context, "refusal", "refused");
    }

    @Override
    protected void handle(Record<String, Command> record) {
        Command command = record.value();
        if (command.hasRules()) {
            changeRules(record);
        } else if (command.hasForgetEvents()) {
            // written by this task, without the conversation's key
            requireValid(command);
            cleanup.continueWith(record);
        } else if (!command.getConversationId().equals(record.key())) {
            throw new IllegalArgumentException("command " + command.getCommandId() + " has the key \"" + record.key()
                    + "\" and not the id of its conversation");
        } else if (command.hasSubscribeGateway()) {
            requireValid(command);
            subscriptions.subscribe(record);
        } else if (command.hasGatewayGone()) {
            requireValid(command);
            subscriptions.gatewayGone(record);
        } else {
            decide(record);
        }
    }

    /** Reloads the rules: the copy in memory may contain the change that was discarded. */
    @Override
    protected void discarded(Record<String, Command> record) {
        if (record.value() != null && record.value().hasRules()) {
            rules.reload();
        }
    }

    @Override
    protected void refuse(Record<String, Command> record, Refusal refusal) {
        if (record.value().hasRules()) {
            answerRules(record, refusal);
        } else {
            answer(record, new Refused(refusal));
        }
    }

    private void decide(Record<String, Command> record) {
        Conversation.Mutable conversation = stores.conversation(record.key());
        Decision decision = ConversationDecider.decide(
                conversation, rules, record.value(), Timestamps.fromMillis(record.timestamp()));
        if (decision instanceof Accepted accepted) {
            ConversationEvent event = accepted.event();
            Audience audience = Audience.of(conversation, event);
            ConversationDecider.evolve(conversation, rules.policy(), event, ConversationDecider.nameOf(record.value()));
            fanOut.publish(record, accepted, audience, subscribedSlots(conversation, audience));
        }
        if (decision instanceof Refused(Refusal refusal)) {
            refusals.count(refusal.getReason().name());
        }
        answer(record, decision);
    }

    private void answer(Record<String, Command> record, Decision decision) {
        answers.answer(record, decision);
        audit.write(record, decision);
    }

    /** Reads the subscriptions only for events that go to gateways: most conversations have none. */
    private static List<Integer> subscribedSlots(Conversation conversation, Audience audience) {
        return audience.subscribers() ? GatewaySubscriptions.slots(conversation.subscriptions()) : List.of();
    }

    /** Applies a change of rules, or reads a page of them. Each partition gets its own copy of the command; the first partition answers. */
    private void changeRules(Record<String, Command> record) {
        Refusal flaw = CommandCheck.check(record.value());
        if (flaw == null && record.value().getRules().hasList()) {
            answers.answerRules(
                    record, rules.page(record.value().getRules().getList(), Timestamps.fromMillis(record.timestamp())));
            return;
        }
        @Nullable
        Refusal refusal = flaw != null
                ? flaw
                : rules.change(record.value().getRules(), Timestamps.fromMillis(record.timestamp()));
        if (refusal == null && isFirstPartition()) {
            fanOut.publishBans(record, record.value().getRules());
            fanOut.publishRules(record, record.value().getRules());
        }
        answerRules(record, refusal);
    }

    private void answerRules(Record<String, Command> record, @Nullable Refusal refusal) {
        if (isFirstPartition()) {
            answers.answerRules(record, refusal);
            if (!record.value().getRules().hasList()) {
                audit.writeRules(record, refusal);
            }
        }
    }

    private boolean isFirstPartition() {
        return context().recordMetadata().orElseThrow().partition() == 0;
    }

    /** Commands of gateways and of the topology itself are not answered: an invalid one becomes a dead letter. */
    private static void requireValid(Command command) {
        Refusal flaw = CommandCheck.check(command);
        if (flaw != null) {
            throw new IllegalArgumentException(flaw.getMessage());
        }
    }
}
