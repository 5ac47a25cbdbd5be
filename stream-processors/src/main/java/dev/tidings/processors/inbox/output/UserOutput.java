package dev.tidings.processors.inbox.output;

import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.v1.Applied;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.Origin;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.UserAnswer;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.UserEvent;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Forwards the outputs of a user command. The record's key is the user whom the output concerns; a command that
 * concerns several users passes a record with the key of each.
 */
public final class UserOutput {

    private final ProcessorContext<Object, Message> context;
    private final TopicLayout layout;

    public UserOutput(ProcessorContext<Object, Message> context, TopicLayout layout) {
        this.context = context;
        this.layout = layout;
    }

    /** Returns the time of a command: that of its record. */
    public static Timestamp timeOf(Record<String, UserCommand> record) {
        return Timestamps.fromMillis(record.timestamp());
    }

    /**
     * Checks a gateway slot. Must be called before anything is written.
     *
     * @throws IllegalArgumentException if the slot does not exist
     */
    public void requireSlot(int slot) {
        if (slot < 0 || slot >= layout.gatewaySlots()) {
            throw new IllegalArgumentException("there is no gateway slot " + slot);
        }
    }

    public void deliver(Record<String, UserCommand> record, int slot, Delivery.Builder delivery) {
        context.forward(
                new Record<>(slot, delivery.setGatewaySlot(slot).build(), record.timestamp()), InboxSinks.DELIVERIES);
    }

    public void answer(Record<String, UserCommand> record, Origin origin, UserAnswer.Builder answer) {
        deliver(record, origin.getGatewaySlot(), Delivery.newBuilder().setUserAnswer(answer.setOrigin(origin)));
    }

    public void tell(Record<String, UserCommand> record, UserEvent.Builder event) {
        event.setUserId(record.key()).setAt(timeOf(record));
        context.forward(record.withValue(event.build()), InboxSinks.USER_EVENTS);
    }

    /** Writes the record to the topic again, after all records that wait already. */
    public void again(Record<String, UserCommand> record) {
        context.forward(
                new Record<>(context.taskId().partition(), record.value(), record.timestamp()),
                InboxSinks.USER_COMMANDS);
    }

    public void refuse(Record<String, UserCommand> record, Origin origin, Refusal refusal) {
        answer(record, origin, UserAnswer.newBuilder().setRefusal(refusal));
    }

    /**
     * Replies that a command was applied.
     *
     * @param conversationId empty if the command concerns no conversation
     */
    public void applied(Record<String, UserCommand> record, Origin origin, String conversationId, boolean unchanged) {
        answer(
                record,
                origin,
                UserAnswer.newBuilder()
                        .setApplied(Applied.newBuilder()
                                .setConversationId(conversationId)
                                .setUnchanged(unchanged)));
    }
}
