package dev.tidings.processors.inbox.output;

import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.serde.BusinessReplySerde;
import dev.tidings.v1.Applied;
import dev.tidings.v1.BusinessOrigin;
import dev.tidings.v1.BusinessReply;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.Origin;
import dev.tidings.v1.Presence;
import dev.tidings.v1.PresenceDelivery;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.SyncAnswer;
import dev.tidings.v1.SyncPage;
import dev.tidings.v1.UserAnswer;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.UserEvent;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
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

    /** Answers a session, or refuses the query of a business system, which gets no other answer of this kind. */
    public void answer(Record<String, UserCommand> record, Origin origin, UserAnswer.Builder answer) {
        if (origin.hasBusiness()) {
            reply(record, origin, BusinessReply.newBuilder().setRefusal(answer.getRefusal()));
            return;
        }
        deliver(record, origin.getGatewaySlot(), Delivery.newBuilder().setUserAnswer(answer.setOrigin(origin)));
    }

    /** Answers a request for one page of the user's conversations. */
    public void page(Record<String, UserCommand> record, Origin origin, SyncAnswer.Builder page) {
        if (origin.hasBusiness()) {
            reply(
                    record,
                    origin,
                    BusinessReply.newBuilder()
                            .setConversations(SyncPage.newBuilder()
                                    .addAllViews(page.getViewsList().stream()
                                            .map(UserOutput::withoutPrivateWords)
                                            .toList())
                                    .setVersion(page.getVersion())
                                    .setDone(page.getDone())
                                    .setBadge(page.getBadge())
                                    .setReset(page.getReset())
                                    .setNextAfter(page.getNextAfter())));
        } else {
            deliver(record, origin.getGatewaySlot(), Delivery.newBuilder().setSyncAnswer(page.setOrigin(origin)));
        }
    }

    /** All business systems read the same topic of replies. */
    private static ConversationView withoutPrivateWords(ConversationView view) {
        ConversationView.Builder shown = view.toBuilder().clearDraft().clearCustom();
        if (shown.hasRelation()) {
            shown.getRelationBuilder().clearRemark().clearRequestNote();
        }
        return shown.build();
    }

    /** Answers a request for the presence of the user. */
    public void presence(Record<String, UserCommand> record, Origin origin, Presence presence) {
        if (origin.hasBusiness()) {
            reply(record, origin, BusinessReply.newBuilder().setPresence(presence));
        } else {
            deliver(
                    record,
                    origin.getGatewaySlot(),
                    Delivery.newBuilder()
                            .setPresence(PresenceDelivery.newBuilder()
                                    .setPresence(presence)
                                    .setOrigin(origin)));
        }
    }

    private void reply(Record<String, UserCommand> record, Origin origin, BusinessReply.Builder builder) {
        BusinessOrigin business = origin.getBusiness();
        BusinessReply reply = builder.setRequestId(business.getRequestId())
                .setSource(business.getSource())
                .setUserId(record.key())
                .build();
        Headers headers = new RecordHeaders(record.headers());
        BusinessReplySerde.addHeaders(headers, reply, business.getJson());
        context.forward(
                new Record<>(reply.getRequestId(), reply, record.timestamp(), headers), InboxSinks.BUSINESS_REPLIES);
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
