package dev.tidings.ops.trace;

import com.google.protobuf.util.Timestamps;
import dev.tidings.schemas.event.EventFacts;
import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.Notification;
import dev.tidings.v1.PushOutcome;
import dev.tidings.v1.PushRetry;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a record belongs to the traced message, and describes it. Returns null for other records. Learns the message's
 * conversation and seq from its event, so the event must come before the records that refer to them.
 */
final class StepMatcher {

    /** The stage and description of a record. */
    record Match(String stage, String description) {}

    private final String messageId;
    private @Nullable String conversationId;
    private @Nullable String sender;
    private long seq;

    StepMatcher(String messageId) {
        this.messageId = messageId;
    }

    @Nullable
    Match of(Command command) {
        return command.getCommandId().equals(messageId)
                ? new Match(
                        "command",
                        name(command.getBodyCase()) + " by " + command.getActor() + " in "
                                + command.getConversationId())
                : null;
    }

    /** Matches the message itself, and later its deliveries, reads, edits, recalls and reactions. */
    @Nullable
    Match of(ConversationEvent event) {
        if (event.getCommandId().equals(messageId)) {
            conversationId = event.getConversationId();
            seq = event.getSeq();
            sender = EventFacts.of(event).author();
            return new Match("event", name(event.getBodyCase()) + " seq " + seq);
        }
        if (!event.getConversationId().equals(conversationId)) {
            return null;
        }
        if (event.hasDeliveredAdvanced()) {
            return event.getDeliveredAdvanced().getDeliveredSeq() >= seq
                    ? new Match("ack", event.getDeliveredAdvanced().getUserId() + " has received it")
                    : null;
        }
        if (event.hasReadAdvanced()) {
            return event.getReadAdvanced().getReadSeq() >= seq
                    ? new Match("read", event.getReadAdvanced().getUserId() + " has read it")
                    : null;
        }
        String author = EventFacts.of(event).author();
        if (event.getDeliveredSeq() >= seq && !author.equals(sender)) {
            return new Match("ack", author + " has received it, as their " + name(event.getBodyCase()) + " says");
        }
        boolean changes = EventFacts.of(event).changedSeq().orElse(0) == seq;
        boolean reacts =
                event.hasReactionChanged() && event.getReactionChanged().getSeq() == seq;
        return changes || reacts ? changed(event) : null;
    }

    @Nullable
    Match of(InboxRecord inbox) {
        return inbox.getEvent().getCommandId().equals(messageId)
                ? new Match(
                        "inbox",
                        inbox.getEveryone() ? "for everyone" : "for " + String.join(", ", inbox.getRecipientsList()))
                : null;
    }

    @Nullable
    Match of(Delivery delivery) {
        String to = "gateway slot " + delivery.getGatewaySlot();
        return switch (delivery.getBodyCase()) {
            case EVENT ->
                delivery.getEvent().getEvent().getCommandId().equals(messageId)
                        ? new Match(
                                "delivery",
                                to + ", sessions: " + delivery.getEvent().getSessionIdsCount())
                        : null;
            case FOLLOWED_EVENT ->
                delivery.getFollowedEvent().getEvent().getCommandId().equals(messageId)
                        ? new Match("delivery", to + ", for all its subscribers")
                        : null;
            case BROADCAST ->
                delivery.getBroadcast().getEvent().getCommandId().equals(messageId)
                        ? new Match(
                                "delivery",
                                to + ", for all users of inbox partition "
                                        + delivery.getBroadcast().getInboxPartition())
                        : null;
            case ANSWER ->
                delivery.getAnswer().getCommandId().equals(messageId)
                        ? new Match(
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
    Match of(Notification notification) {
        return notification.getMessageId().equals(messageId)
                ? new Match(
                        "notification",
                        "for " + notification.getUserId() + ", targets: " + notification.getTargetsCount() + ", badge "
                                + notification.getBadge())
                : null;
    }

    @Nullable
    Match of(PushOutcome outcome) {
        return outcome.getNotificationId().startsWith(messageId)
                ? new Match(
                        "push",
                        outcome.getResult().name().toLowerCase(Locale.ROOT) + " to " + outcome.getDeviceId() + " over "
                                + outcome.getChannel() + ", attempts: " + outcome.getAttempts())
                : null;
    }

    /** Matches an attempt that was put off. */
    @Nullable
    Match of(PushRetry retry) {
        Notification notification = retry.getNotification();
        return notification.getMessageId().equals(messageId)
                ? new Match(
                        "push retry",
                        "for " + notification.getUserId() + ", attempts: " + retry.getAttempts() + ", not before "
                                + Timestamps.toString(retry.getNotBefore()))
                : null;
    }

    private static Match changed(ConversationEvent event) {
        return new Match("change", name(event.getBodyCase()) + " seq " + event.getSeq());
    }

    private static String name(Enum<?> which) {
        return which.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
