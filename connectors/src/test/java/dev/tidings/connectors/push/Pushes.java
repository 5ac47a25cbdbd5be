package dev.tidings.connectors.push;

import com.google.protobuf.util.Timestamps;
import dev.tidings.connectors.FakeSinkContext;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.Notification;
import dev.tidings.v1.PushTarget;
import org.apache.kafka.connect.sink.SinkRecord;

/** Notifications for tests. */
final class Pushes {

    static final long AT_MILLIS = 1_774_000_000_000L;

    private Pushes() {}

    static PushTarget webhook(String deviceId) {
        return target(deviceId, Channels.WEBHOOK);
    }

    static PushTarget target(String deviceId, String channel) {
        return PushTarget.newBuilder()
                .setDeviceId(deviceId)
                .setChannel(channel)
                .setToken("token of " + deviceId)
                .build();
    }

    /** Of alice's in g:x; its id is n-seq. */
    static Notification.Builder notification(long seq, PushTarget... targets) {
        Notification.Builder notification = Notification.newBuilder()
                .setNotificationId("n-" + seq)
                .setUserId("alice")
                .setConversationId("g:x")
                .setSeq(seq)
                .setTitle("bob")
                .setBody("hello")
                .setBadge(3)
                .setCollapseKey("alice/g:x")
                .setAt(Timestamps.fromMillis(AT_MILLIS));
        for (PushTarget target : targets) {
            notification.addTargets(target);
        }
        return notification;
    }

    /** At the offset of its seq. */
    static SinkRecord record(Notification.Builder notification) {
        return FakeSinkContext.record(
                Topics.NOTIFICATIONS.name(),
                notification.getSeq(),
                notification.build().toByteArray());
    }
}
