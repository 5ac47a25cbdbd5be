package dev.tidings.connectors.push;

import dev.tidings.v1.Notification;
import dev.tidings.v1.PushTarget;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line in the log for each notification, and never its content: for trying things out. */
final class LogChannel implements Channel {

    private static final Logger LOG = LoggerFactory.getLogger(LogChannel.class);

    @Override
    public Answer send(Notification notification, PushTarget target) {
        LOG.info(
                "push notification={} user={} device={} badge={} collapse_key={}",
                notification.getNotificationId(),
                notification.getUserId(),
                target.getDeviceId(),
                notification.getBadge(),
                notification.getCollapseKey());
        return new Answer.Delivered();
    }
}
