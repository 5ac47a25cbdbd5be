package dev.tidings.connectors.push;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Timestamps;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.Notification;
import dev.tidings.v1.PushRetry;
import dev.tidings.v1.PushTarget;
import java.util.List;
import org.apache.kafka.connect.sink.SinkRecord;

/** Parses records of the topics of notifications and retries. */
final class PushRecords {

    private PushRecords() {}

    static boolean isRetry(SinkRecord record) {
        return record.originalTopic().equals(Topics.PUSH_RETRIES.name());
    }

    /**
     * One delivery for each target.
     *
     * @throws IllegalArgumentException if the record is invalid; the message says why
     */
    static List<PushDelivery> deliveries(Origin origin, long nowMillis) {
        SinkRecord record = origin.record();
        if (!(record.value() instanceof byte[] raw)) {
            throw new IllegalArgumentException("the record has no value of bytes");
        }
        try {
            if (isRetry(record)) {
                return List.of(PushDelivery.retried(origin, checked(PushRetry.parseFrom(raw))));
            }
            Notification notification = checked(Notification.parseFrom(raw));
            return notification.getTargetsList().stream()
                    .map((PushTarget target) -> PushDelivery.first(origin, notification, target, nowMillis))
                    .toList();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(
                    "the value is not a " + (isRetry(record) ? "PushRetry: " : "Notification: ") + e.getMessage(), e);
        }
    }

    private static PushRetry checked(PushRetry retry) {
        checked(retry.getNotification());
        if (retry.getNotification().getTargetsCount() != 1) {
            throw new IllegalArgumentException(
                    "the retry has " + retry.getNotification().getTargetsCount() + " targets; it must have 1");
        }
        if (retry.getAttempts() < 0) {
            throw new IllegalArgumentException("the retry has had " + retry.getAttempts() + " attempts");
        }
        Timestamps.checkValid(retry.getNotBefore());
        Timestamps.checkValid(retry.getFirstAt());
        return retry;
    }

    private static Notification checked(Notification notification) {
        if (notification.getNotificationId().isEmpty()) {
            throw new IllegalArgumentException("the notification has no id");
        }
        if (notification.getUserId().isEmpty()) {
            throw new IllegalArgumentException("the notification names no user");
        }
        // an invalid time can be neither compared nor printed
        Timestamps.checkValid(notification.getAt());
        Timestamps.checkValid(notification.getExpiresAt());
        return notification;
    }
}
