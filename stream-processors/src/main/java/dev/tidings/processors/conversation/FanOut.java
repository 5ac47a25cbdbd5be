package dev.tidings.processors.conversation;

import com.google.protobuf.Message;
import dev.tidings.processors.conversation.Decision.Accepted;
import dev.tidings.processors.store.TraceHeader;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.id.BanSubject;
import dev.tidings.schemas.id.UserId;
import dev.tidings.v1.Ban;
import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.DirectoryCommand;
import dev.tidings.v1.FollowedEvent;
import dev.tidings.v1.GatewayGone;
import dev.tidings.v1.HeadNotice;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.Policy;
import dev.tidings.v1.RulesCommand;
import dev.tidings.v1.UserCommand;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Writes the outputs of CONVERSATION other than answers. An event goes to the history, to each inbox partition with a recipient
 * as one record, and to each subscribed gateway as one record; never to each member as a record of its own.
 */
final class FanOut {

    private final ProcessorContext<Object, Message> context;
    private final TopicLayout layout;

    FanOut(ProcessorContext<Object, Message> context, TopicLayout layout) {
        this.context = context;
        this.layout = layout;
    }

    /** @param subscribedSlots the gateway slots that are subscribed to the conversation; empty if no event goes to them */
    void publish(Record<String, Command> record, Accepted accepted, Audience audience, List<Integer> subscribedSlots) {
        ConversationEvent event = accepted.event();
        if (!event.hasTypingStarted()) {
            context.forward(record.withValue(event), ConversationSinks.EVENTS);
        }
        if (accepted.moderationCase() != null) {
            context.forward(record.withValue(accepted.moderationCase()), ConversationSinks.MODERATION);
        }
        toInboxes(record, event, audience);
        deliverToGateways(record, event, subscribedSlots);
    }

    void deliverHead(Record<String, Command> record, List<Integer> slots, HeadNotice head) {
        for (int slot : slots) {
            deliver(record, Delivery.newBuilder().setGatewaySlot(slot).setHeadNotice(head));
        }
    }

    /** Tells a gateway that it was considered gone, in case it is still running. */
    void deliverGone(Record<String, Command> record, GatewayGone gone) {
        deliver(
                record,
                Delivery.newBuilder().setGatewaySlot(gone.getGatewaySlot()).setGatewayGone(gone));
    }

    /** Writes lifted and new bans to the topic that gateways read. Lifted bans go first; no ban is in both lists. */
    void publishBans(Record<String, Command> record, RulesCommand rules) {
        BanSubject.lifted(rules).forEach(ban -> publishBan(record, ban));
        rules.getBanList().forEach(ban -> publishBan(record, ban));
    }

    /** Writes words and the policy of links to every partition of INBOX and DIRECTORY, which moderate status texts and names. */
    void publishRules(Record<String, Command> record, RulesCommand rules) {
        RulesCommand.Builder needed = RulesCommand.newBuilder()
                .addAllSetWords(rules.getSetWordsList())
                .addAllRemoveWords(rules.getRemoveWordsList());
        if (rules.getPolicy().hasLinks()) {
            needed.setPolicy(Policy.newBuilder().setLinks(rules.getPolicy().getLinks()));
        }
        if (needed.build().equals(RulesCommand.getDefaultInstance())) {
            return;
        }
        UserCommand command = UserCommand.newBuilder().setRules(needed).build();
        DirectoryCommand toDirectory =
                DirectoryCommand.newBuilder().setRules(needed).build();
        for (int partition = 0; partition < layout.users(); partition++) {
            context.forward(new Record<>(partition, command, record.timestamp()), ConversationSinks.USER_COMMANDS);
            context.forward(
                    new Record<>(partition, toDirectory, record.timestamp()), ConversationSinks.DIRECTORY_COMMANDS);
        }
    }

    private void publishBan(Record<String, Command> record, Ban ban) {
        context.forward(new Record<>(BanSubject.of(ban), ban, record.timestamp()), ConversationSinks.BANS);
    }

    /** Writes a command to the end of this partition of the command log. */
    void appendCommand(Record<String, Command> record) {
        context.forward(
                new Record<>(context.taskId().partition(), record.value(), record.timestamp()),
                ConversationSinks.COMMANDS);
    }

    void requireSlot(int slot) {
        if (slot < 0 || slot >= layout.gatewaySlots()) {
            throw new IllegalArgumentException(
                    "gateway slot " + slot + " does not exist; 0 to " + (layout.gatewaySlots() - 1) + " do");
        }
    }

    private void toInboxes(Record<String, Command> record, ConversationEvent event, Audience audience) {
        TreeMap<Integer, InboxRecord.Builder> byPartition = new TreeMap<>();
        for (String recipient : audience.users()) {
            byPartition
                    .computeIfAbsent(
                            UserId.inboxPartition(recipient, layout.users()),
                            partition -> inboxRecord(record, event, audience))
                    .addRecipients(recipient);
        }
        if (audience.everyone()) {
            IntStream.range(0, layout.users())
                    .forEach(partition -> byPartition.put(
                            partition, inboxRecord(record, event, audience).setEveryone(true)));
        }
        if (audience.sharedByMembers(event)) {
            for (int partition = 0; partition < layout.users(); partition++) {
                byPartition
                        .computeIfAbsent(partition, missing -> inboxRecord(record, event, audience))
                        .setMembers(true);
            }
        }
        byPartition.forEach((partition, inbox) -> context.forward(
                new Record<>(partition, inbox.build(), record.timestamp(), TraceHeader.of(record.headers())),
                ConversationSinks.INBOX));
    }

    private static InboxRecord.Builder inboxRecord(
            Record<String, Command> record, ConversationEvent event, Audience audience) {
        return InboxRecord.newBuilder()
                .setEvent(event)
                .setOriginSessionId(record.value().getOrigin().getSessionId())
                .setLarge(audience.large());
    }

    private void deliverToGateways(Record<String, Command> record, ConversationEvent event, List<Integer> slots) {
        if (slots.isEmpty()) {
            return;
        }
        FollowedEvent followed = FollowedEvent.newBuilder()
                .setEvent(event)
                .setOriginSessionId(record.value().getOrigin().getSessionId())
                .build();
        for (int slot : slots) {
            deliver(record, Delivery.newBuilder().setGatewaySlot(slot).setFollowedEvent(followed));
        }
    }

    private void deliver(Record<String, Command> record, Delivery.Builder delivery) {
        context.forward(
                new Record<>(
                        delivery.getGatewaySlot(),
                        delivery.build(),
                        record.timestamp(),
                        TraceHeader.of(record.headers())),
                ConversationSinks.DELIVERIES);
    }
}
