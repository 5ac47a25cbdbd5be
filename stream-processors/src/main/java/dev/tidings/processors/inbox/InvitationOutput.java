package dev.tidings.processors.inbox;

import com.google.protobuf.Message;
import dev.tidings.processors.inbox.output.InboxSinks;
import dev.tidings.processors.inbox.view.Invitations;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.id.CommandId;
import dev.tidings.state.v1.UserRecord;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.LeaveGroup;
import dev.tidings.v1.Session;
import dev.tidings.v1.ViewDelivery;
import java.util.TreeMap;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** Writes the outputs for a user who is added to a group without their consent. */
final class InvitationOutput {

    private final ProcessorContext<Object, Message> context;

    InvitationOutput(ProcessorContext<Object, Message> context) {
        this.context = context;
    }

    /**
     * Sends the invitation to the user's sessions; or leaves the group if the user has blocked the user who added them.
     *
     * @param index position of the user among the recipients of the record
     * @param view the view as the user sees it
     */
    void added(
            Record<Integer, InboxRecord> record,
            int index,
            String userId,
            UserRecord user,
            ViewRecord after,
            ConversationView view) {
        if (Invitations.isRefused(after)) {
            leave(record, index, userId);
            return;
        }
        TreeMap<Integer, ViewDelivery.Builder> bySlot = new TreeMap<>();
        for (Session session : user.getSessionsList()) {
            bySlot.computeIfAbsent(
                            session.getGatewaySlot(),
                            slot -> ViewDelivery.newBuilder().setView(view))
                    .addSessionIds(session.getSessionId());
        }
        bySlot.forEach((slot, delivery) -> context.forward(
                new Record<>(
                        slot,
                        Delivery.newBuilder()
                                .setGatewaySlot(slot)
                                .setView(delivery)
                                .build(),
                        record.timestamp()),
                InboxSinks.DELIVERIES));
    }

    /**
     * Writes a leave command. Its id is derived from the record's position in the log, so it is the same each time the
     * record is read.
     */
    private void leave(Record<Integer, InboxRecord> record, int index, String userId) {
        RecordMetadata place = context.recordMetadata()
                .orElseThrow(() -> new IllegalStateException("the record has no topic, partition and offset"));
        String conversationId = record.value().getEvent().getConversationId();
        Command command = Command.newBuilder()
                .setCommandId(CommandId.ofRecord(
                        Topics.INBOX.name(), place.partition(), place.offset(), index, record.timestamp()))
                .setConversationId(conversationId)
                .setActor(userId)
                .setGroup(GroupCommand.newBuilder()
                        .setConversationId(conversationId)
                        .setLeave(LeaveGroup.getDefaultInstance()))
                .build();
        context.forward(new Record<>(conversationId, command, record.timestamp()), InboxSinks.COMMANDS);
    }
}
