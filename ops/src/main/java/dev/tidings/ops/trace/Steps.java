package dev.tidings.ops.trace;

import dev.tidings.schemas.event.EventFacts;
import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.Notification;
import dev.tidings.v1.PushOutcome;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a record has to do with the message that is traced; null: nothing. Learns the message's place from its event. */
final class Steps {

    /** What to call a step, and what is to be said of it. */
    record Seen(String stage, String what) {}

    private final String messageId;
    private @Nullable String conversationId;
    private long seq;

    Steps(String messageId) {
        this.messageId = messageId;
    }

    @Nullable
    Seen of(Command command) {
        return command.getCommandId().equals(messageId)
                ? new Seen(
                        "command",
                        name(command.getBodyCase()) + " by " + command.getActor() + " in "
                                + command.getConversationId())
                : null;
    }

    /** The message itself; and later, that it has arrived or was read, edited, recalled or answered by a reaction. */
    @Nullable
    Seen of(ConversationEvent event) {
        if (event.getCommandId().equals(messageId)) {
            conversationId = event.getConversationId();
            seq = event.getSeq();
            return new Seen("event", name(event.getBodyCase()) + " seq " + seq);
        }
        if (!event.getConversationId().equals(conversationId)) {
            return null;
        }
        if (event.hasDeliveredAdvanced()) {
            return event.getDeliveredAdvanced().getDeliveredSeq() >= seq
                    ? new Seen("ack", event.getDeliveredAdvanced().getUserId() + " has received it")
                    : null;
        }
        if (event.hasReadAdvanced()) {
            return event.getReadAdvanced().getReadSeq() >= seq
                    ? new Seen("read", event.getReadAdvanced().getUserId() + " has read it")
                    : null;
        }
        boolean changes = EventFacts.of(event).changedSeq().orElse(0) == seq;
        boolean reacts =
                event.hasReactionChanged() && event.getReactionChanged().getSeq() == seq;
        return changes || reacts ? changed(event) : null;
    }

    @Nullable
    Seen of(InboxRecord inbox) {
        return inbox.getEvent().getCommandId().equals(messageId)
                ? new Seen(
                        "inbox",
                        inbox.getEveryone() ? "for everyone" : "for " + String.join(", ", inbox.getRecipientsList()))
                : null;
    }

    @Nullable
    Seen of(Delivery delivery) {
        String to = "gateway slot " + delivery.getGatewaySlot();
        return switch (delivery.getBodyCase()) {
            case EVENT ->
                delivery.getEvent().getEvent().getCommandId().equals(messageId)
                        ? new Seen(
                                "delivery",
                                to + ", sessions: " + delivery.getEvent().getSessionIdsCount())
                        : null;
            case FOLLOWED_EVENT ->
                delivery.getFollowedEvent().getEvent().getCommandId().equals(messageId)
                        ? new Seen("delivery", to + ", for all that follow there")
                        : null;
            case BROADCAST ->
                delivery.getBroadcast().getEvent().getCommandId().equals(messageId)
                        ? new Seen(
                                "delivery",
                                to + ", for all users of inbox partition "
                                        + delivery.getBroadcast().getInboxPartition())
                        : null;
            case ANSWER ->
                delivery.getAnswer().getCommandId().equals(messageId)
                        ? new Seen(
                                "answer", to + ", " + name(delivery.getAnswer().getOutcomeCase()))
                        : null;
            case SESSION_READY,
                    SESSION_REPLACED,
                    SYNC_ANSWER,
                    FOLLOW,
                    HEAD_NOTICE,
                    ACCESS_ANSWER,
                    VIEW,
                    PRESENCE,
                    USER_ANSWER,
                    GATEWAY_GONE,
                    BODY_NOT_SET -> null;
        };
    }

    @Nullable
    Seen of(Notification notification) {
        return notification.getMessageId().equals(messageId)
                ? new Seen(
                        "notification",
                        "for " + notification.getUserId() + ", targets: " + notification.getTargetsCount() + ", badge "
                                + notification.getBadge())
                : null;
    }

    @Nullable
    Seen of(PushOutcome outcome) {
        return outcome.getNotificationId().startsWith(messageId)
                ? new Seen(
                        "push",
                        outcome.getResult().name().toLowerCase(Locale.ROOT) + " to " + outcome.getDeviceId() + " over "
                                + outcome.getChannel() + ", attempts: " + outcome.getAttempts())
                : null;
    }

    private static Seen changed(ConversationEvent event) {
        return new Seen("change", name(event.getBodyCase()) + " seq " + event.getSeq());
    }

    private static String name(Enum<?> which) {
        return which.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
