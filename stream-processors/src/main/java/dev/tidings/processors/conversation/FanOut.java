package dev.tidings.processors.conversation;

import com.google.protobuf.Message;
import dev.tidings.processors.conversation.Decision.Happened;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.id.BanSubject;
import dev.tidings.schemas.id.UserId;
import dev.tidings.state.v1.GatewaySubscriptionsRecord;
import dev.tidings.v1.Ban;
import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.FollowedEvent;
import dev.tidings.v1.GatewayGone;
import dev.tidings.v1.HeadNotice;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.RulesCommand;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Sends an event on its ways: into the history; to inboxes, one record for each partition with somebody to tell; to
 * gateways, one record each. Never one for each member.
 */
final class FanOut {

    private final ProcessorContext<Object, Message> context;
    private final TopicLayout layout;

    FanOut(ProcessorContext<Object, Message> context, TopicLayout layout) {
        this.context = context;
        this.layout = layout;
    }

    void publish(
            Record<String, Command> record,
            Happened happened,
            Audience audience,
            GatewaySubscriptionsRecord attachments) {
        ConversationEvent event = happened.event();
        if (!event.hasTypingStarted()) {
            context.forward(record.withValue(event), ConversationTopology.EVENTS_SINK);
        }
        if (happened.flagged() != null) {
            context.forward(record.withValue(happened.flagged()), ConversationTopology.MODERATION_SINK);
        }
        toInboxes(record, event, audience);
        if (audience.followers()) {
            follow(record, event, Attachments.slots(attachments));
        }
    }

    void notice(Record<String, Command> record, List<Integer> slots, HeadNotice head) {
        for (int slot : slots) {
            deliver(record, Delivery.newBuilder().setGatewaySlot(slot).setHeadNotice(head));
        }
    }

    /** To the gateway itself. */
    void gone(Record<String, Command> record, GatewayGone gone) {
        deliver(
                record,
                Delivery.newBuilder().setGatewaySlot(gone.getGatewaySlot()).setGatewayGone(gone));
    }

    /** To gateways, which end the sessions that a ban is about and open none. Lifted bans go first: none is in both lists. */
    void bans(Record<String, Command> record, RulesCommand rules) {
        BanSubject.lifted(rules).forEach(ban -> ban(record, ban));
        rules.getBanList().forEach(ban -> ban(record, ban));
    }

    private void ban(Record<String, Command> record, Ban ban) {
        context.forward(new Record<>(BanSubject.of(ban), ban, record.timestamp()), ConversationTopology.BANS_SINK);
    }

    /** Takes the record up once more, after what is waiting already. */
    void again(Record<String, Command> record) {
        context.forward(
                new Record<>(context.taskId().partition(), record.value(), record.timestamp()),
                ConversationTopology.COMMANDS_SINK);
    }

    void requireSlot(int slot) {
        if (slot < 0 || slot >= layout.gatewaySlots()) {
            throw new IllegalArgumentException("there is no gateway slot " + slot);
        }
    }

    private void toInboxes(Record<String, Command> record, ConversationEvent event, Audience audience) {
        TreeMap<Integer, InboxRecord.Builder> byPartition = new TreeMap<>();
        for (String recipient : audience.named()) {
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
                new Record<>(partition, inbox.build(), record.timestamp()), ConversationTopology.INBOX_SINK));
    }

    private static InboxRecord.Builder inboxRecord(
            Record<String, Command> record, ConversationEvent event, Audience audience) {
        return InboxRecord.newBuilder()
                .setEvent(event)
                .setOriginSessionId(record.value().getOrigin().getSessionId())
                .setLarge(audience.large());
    }

    private void follow(Record<String, Command> record, ConversationEvent event, List<Integer> slots) {
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
                new Record<>(delivery.getGatewaySlot(), delivery.build(), record.timestamp()),
                ConversationTopology.DELIVERIES_SINK);
    }
}
