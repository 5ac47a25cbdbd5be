package dev.tidings.connectors.push;

import com.google.protobuf.util.Timestamps;
import dev.tidings.v1.Notification;
import dev.tidings.v1.PushOutcome;
import dev.tidings.v1.PushRetry;
import dev.tidings.v1.PushTarget;

/**
 * A notification on its way to one of its targets. Times are milliseconds since 1970.
 */
final class PushDelivery {

    /** Identifies notifications that replace each other at a device. */
    record CollapseTarget(String collapseKey, Device device) {}

    private final Origin origin;
    private final Notification notification;
    private final int attempts;
    private final long firstAtMillis;
    private final String reason;
    private final long notBeforeMillis;

    private PushDelivery(
            Origin origin,
            Notification notification,
            int attempts,
            long firstAtMillis,
            String reason,
            long notBeforeMillis) {
        this.origin = origin;
        this.notification = notification;
        this.attempts = attempts;
        this.firstAtMillis = firstAtMillis;
        this.reason = reason;
        this.notBeforeMillis = notBeforeMillis;
    }

    /** A delivery before its first attempt. */
    static PushDelivery first(Origin origin, Notification notification, PushTarget target, long nowMillis) {
        return new PushDelivery(
                origin,
                notification.toBuilder().clearTargets().addTargets(target).build(),
                0,
                nowMillis,
                "",
                0);
    }

    /** A delivery from the topic of retries. */
    static PushDelivery retried(Origin origin, PushRetry retry) {
        return new PushDelivery(
                origin,
                retry.getNotification(),
                retry.getAttempts(),
                Timestamps.toMillis(retry.getFirstAt()),
                retry.getReason(),
                Timestamps.toMillis(retry.getNotBefore()));
    }

    /** The same delivery, due at another time. */
    PushDelivery heldUntil(long millis) {
        return new PushDelivery(origin, notification, attempts, firstAtMillis, reason, millis);
    }

    /** Returns the same delivery after one more attempt. */
    PushDelivery attempted() {
        return new PushDelivery(origin, notification, attempts + 1, firstAtMillis, reason, notBeforeMillis);
    }

    Origin origin() {
        return origin;
    }

    /** The notification with this target only. */
    Notification notification() {
        return notification;
    }

    PushTarget target() {
        return notification.getTargets(0);
    }

    Device device() {
        return new Device(notification.getUserId(), target().getDeviceId());
    }

    CollapseTarget collapseTarget() {
        return new CollapseTarget(notification.getCollapseKey(), device());
    }

    /** Returns true if it has a collapse key: a newer notification may replace it, and it may replace an older one. */
    boolean isCollapsible() {
        return !notification.getCollapseKey().isEmpty();
    }

    boolean isSameNotification(PushDelivery other) {
        return notification.getNotificationId().equals(other.notification.getNotificationId());
    }

    int attempts() {
        return attempts;
    }

    long firstAtMillis() {
        return firstAtMillis;
    }

    /** The reason of the last failure or postponement; empty if there was none. */
    String reason() {
        return reason;
    }

    long notBeforeMillis() {
        return notBeforeMillis;
    }

    boolean isExpired(long nowMillis) {
        return notification.hasExpiresAt() && Timestamps.toMillis(notification.getExpiresAt()) <= nowMillis;
    }

    PushRetry retry(long notBeforeMillis, String reason) {
        return PushRetry.newBuilder()
                .setNotification(notification)
                .setAttempts(attempts)
                .setNotBefore(Timestamps.fromMillis(notBeforeMillis))
                .setFirstAt(Timestamps.fromMillis(firstAtMillis))
                .setReason(reason)
                .build();
    }

    PushOutcome outcome(PushOutcome.Result result, String reason, long nowMillis) {
        return PushOutcome.newBuilder()
                .setNotificationId(notification.getNotificationId())
                .setUserId(notification.getUserId())
                .setDeviceId(target().getDeviceId())
                .setChannel(target().getChannel())
                .setResult(result)
                .setAttempts(attempts)
                .setReason(reason)
                .setAt(Timestamps.fromMillis(nowMillis))
                .build();
    }
}
