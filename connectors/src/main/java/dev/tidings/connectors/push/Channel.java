package dev.tidings.connectors.push;

import dev.tidings.v1.Notification;
import dev.tidings.v1.PushTarget;

/** A way to devices. Used by many threads at once. */
@FunctionalInterface
interface Channel {

    /**
     * One attempt.
     *
     * @param notification names this one target only
     */
    AttemptResult send(Notification notification, PushTarget target) throws InterruptedException;
}
