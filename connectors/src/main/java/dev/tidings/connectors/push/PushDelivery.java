package dev.tidings.connectors.push;

import com.google.protobuf.util.Timestamps;
import dev.tidings.v1.Notification;
import dev.tidings.v1.PushOutcome;
import dev.tidings.v1.PushTarget;
import java.util.OptionalLong;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/** A notification on its way to one of its targets. Times are milliseconds since 1970. Not for several threads. */
final class PushDelivery {

    private final SinkRecord origin;
    private final Notification notification;
    private final PushTarget target;
    private int attempts;
    private long firstAtMillis;
    private long notBeforeMillis;
    private @Nullable PushOutcome outcome;

    /** @param target one of the notification's */
    PushDelivery(SinkRecord origin, Notification notification, PushTarget target) {
        this.origin = origin;
        this.notification =
                notification.toBuilder().clearTargets().addTargets(target).build();
        this.target = target;
    }

    SinkRecord origin() {
        return origin;
    }

    /** With this one target only. */
    Notification notification() {
        return notification;
    }

    PushTarget target() {
        return target;
    }

    /** Null while it is on its way. */
    @Nullable
    PushOutcome outcome() {
        return outcome;
    }

    boolean isDue(long nowMillis) {
        return outcome == null && notBeforeMillis <= nowMillis;
    }

    long notBeforeMillis() {
        return notBeforeMillis;
    }

    /** Whether it may not be sent any more. */
    boolean isExpired(long nowMillis) {
        return notification.hasExpiresAt() && Timestamps.toMillis(notification.getExpiresAt()) <= nowMillis;
    }

    void expired(long nowMillis) {
        settle(PushOutcome.Result.EXPIRED, "", nowMillis);
    }

    void collapsed(long nowMillis) {
        settle(PushOutcome.Result.COLLAPSED, "", nowMillis);
    }

    /** What came of an attempt: it is settled, or has a time for the next one. */
    void answered(Answer answer, long nowMillis, Patience patience) {
        if (attempts == 0) {
            firstAtMillis = nowMillis;
        }
        attempts++;
        switch (answer) {
            case Answer.Delivered() -> settle(PushOutcome.Result.DELIVERED, "", nowMillis);
            case Answer.Refused(String reason) -> settle(PushOutcome.Result.FAILED, reason, nowMillis);
            case Answer.NotNow notNow -> {
                OptionalLong next = patience.nextAttemptMillis(attempts, firstAtMillis, nowMillis, notNow.notBefore());
                if (next.isPresent()) {
                    notBeforeMillis = next.getAsLong();
                } else {
                    settle(PushOutcome.Result.FAILED, notNow.reason(), nowMillis);
                }
            }
        }
    }

    private void settle(PushOutcome.Result result, String reason, long nowMillis) {
        outcome = PushOutcome.newBuilder()
                .setNotificationId(notification.getNotificationId())
                .setUserId(notification.getUserId())
                .setDeviceId(target.getDeviceId())
                .setChannel(target.getChannel())
                .setResult(result)
                .setAttempts(attempts)
                .setReason(reason)
                .setAt(Timestamps.fromMillis(nowMillis))
                .build();
    }
}
