package dev.tidings.processors.inbox.notification;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.state.v1.UserRecord;
import java.util.concurrent.TimeUnit;

/**
 * Records when a user was notified, to know whether notifications may still wait at the push sink. The push sink retries a
 * notification for at most an hour. Pure functions.
 */
final class PendingNotifications {

    /** The record of the user is written at most once in this time. */
    static final long RECORDED_EVERY_MILLIS = TimeUnit.MINUTES.toMillis(15);

    static final long PENDING_MILLIS = TimeUnit.HOURS.toMillis(1) + RECORDED_EVERY_MILLIS;

    private PendingNotifications() {}

    /** Returns the user with the time of a notification, or the same instance if a recent one is recorded. */
    static UserRecord notified(UserRecord user, Timestamp at) {
        return isWithin(user, at, RECORDED_EVERY_MILLIS)
                ? user
                : user.toBuilder().setNotifiedAt(at).build();
    }

    /** Returns true if a notification of the user may still be sent. */
    static boolean mayExist(UserRecord user, Timestamp at) {
        return isWithin(user, at, PENDING_MILLIS);
    }

    private static boolean isWithin(UserRecord user, Timestamp at, long millis) {
        return user.hasNotifiedAt() && Timestamps.toMillis(at) - Timestamps.toMillis(user.getNotifiedAt()) < millis;
    }
}
