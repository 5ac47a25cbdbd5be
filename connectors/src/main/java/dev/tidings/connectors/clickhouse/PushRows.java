package dev.tidings.connectors.clickhouse;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.tidings.connectors.clickhouse.row.NotificationRow;
import dev.tidings.connectors.clickhouse.row.PushOutcomeRow;
import dev.tidings.connectors.clickhouse.row.Row;
import dev.tidings.v1.Notification;
import dev.tidings.v1.PushOutcome;
import org.jspecify.annotations.Nullable;

/** Builds the rows of notifications and push outcomes: a pure function of the record's bytes. */
final class PushRows {

    private PushRows() {}

    /**
     * @param raw a record's value
     * @throws IllegalArgumentException if it is not a valid notification; the message says why
     */
    static Row notification(byte @Nullable [] raw) {
        Notification notification = parse(raw, Notification.parser(), "a Notification");
        return new NotificationRow(
                id(notification.getNotificationId()),
                Values.user(notification.getUserId()),
                notification.getConversationId(),
                notification.getSeq(),
                notification.getMessageId(),
                notification.getSender(),
                Values.millis(notification.getAt(), "the notification's time"),
                notification.hasExpiresAt() ? Values.untilMillis(notification.getExpiresAt()) : null,
                notification.getBadge(),
                notification.getUnread(),
                notification.getMentioned(),
                notification.getTargetsCount());
    }

    /**
     * @param raw a record's value
     * @throws IllegalArgumentException if it is not a valid outcome; the message says why
     */
    static Row outcome(byte @Nullable [] raw) {
        PushOutcome outcome = parse(raw, PushOutcome.parser(), "a PushOutcome");
        return new PushOutcomeRow(
                id(outcome.getNotificationId()),
                outcome.getDeviceId(),
                outcome.getUserId(),
                outcome.getChannel(),
                Values.name(outcome.getResult()),
                outcome.getAttempts(),
                outcome.getReason(),
                Values.millis(outcome.getAt(), "the outcome's time"),
                outcome.getResult() == PushOutcome.Result.DELIVERED);
    }

    private static String id(String notificationId) {
        if (notificationId.isEmpty()) {
            throw new IllegalArgumentException("the notification has no id");
        }
        return notificationId;
    }

    private static <M extends Message> M parse(byte @Nullable [] raw, Parser<M> parser, String what) {
        if (raw == null) {
            throw new IllegalArgumentException("the record has no value");
        }
        try {
            return parser.parseFrom(raw);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("the value is not " + what + ": " + e.getMessage(), e);
        }
    }
}
