package dev.tidings.connectors.push;

import dev.tidings.v1.Notification;
import dev.tidings.v1.PushTarget;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes one log line per notification, without its content. For trying things out. */
final class LogChannel implements Channel {

    private static final Logger LOG = LoggerFactory.getLogger(LogChannel.class);

    @Override
    public AttemptResult send(Notification notification, PushTarget target) {
        LOG.info(
                "push notification={} user={} device={} badge={} collapse_key={}",
                notification.getNotificationId(),
                notification.getUserId(),
                target.getDeviceId(),
                notification.getBadge(),
                notification.getCollapseKey());
        return new AttemptResult.Delivered();
    }
}
