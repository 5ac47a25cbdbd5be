package dev.tidings.processors.notification;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.state.v1.DeviceRecord;
import dev.tidings.state.v1.DevicesRecord;
import dev.tidings.state.v1.NotableMessage;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.MessagePreview;
import dev.tidings.v1.Notification;
import dev.tidings.v1.NotificationSettings;
import dev.tidings.v1.PushTarget;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Decides whether a user is notified of the last message of a conversation, and builds the notification. A user is
 * notified of a message at most once: repeated events and a lost gateway do not lead to a second notification.
 */
public final class NotificationDecider {

    private static final long MINUTES_PER_DAY = TimeUnit.DAYS.toMinutes(1);

    private final Templates templates;

    public NotificationDecider(Templates templates) {
        this.templates = templates;
    }

    /**
     * Returns true if the last message is notable, unread, neither expired nor recalled, and its conversation is not
     * muted. Mutes do not apply to a message that mentions the user by name. Does not look at the user's devices.
     *
     * @param at the time in the log
     */
    public static boolean isNews(UnreadConversation unseen, Timestamp at) {
        return (unseen.unread() > 0 || unseen.view().getNotable().getMentionedByName())
                && wasNews(unseen)
                && !isPast(unseen.view().getNotable(), at);
    }

    /**
     * Returns true if the last message would be notified of had it not expired. An expired message is not unread any
     * more.
     */
    public static boolean hasExpired(UnreadConversation unseen, Timestamp at) {
        return wasNews(unseen) && isPast(unseen.view().getNotable(), at);
    }

    private static boolean isPast(NotableMessage notable, Timestamp at) {
        return notable.hasExpiresAt() && Timestamps.compare(notable.getExpiresAt(), at) <= 0;
    }

    private static boolean wasNews(UnreadConversation unseen) {
        ViewRecord view = unseen.view();
        MessagePreview last = view.getLastMessage();
        NotableMessage notable = view.getNotable();
        return view.hasNotable()
                && !last.getRecalled()
                && last.getSeq() > Math.max(view.getReadSeq(), view.getNotifiedSeq())
                && (!view.getMuted() || notable.getMentionedByName());
    }

    /**
     * Returns the notification, or empty if the user must not be notified.
     *
     * @param at the time in the log
     * @param badge unread messages in all conversations that are not muted; computed only if a notification is built
     */
    public Optional<Notification> decide(
            UnreadConversation unseen, DevicesRecord devices, Timestamp at, LongSupplier badge) {
        NotificationSettings preferences = devices.getNotifications();
        List<PushTarget> targets = targets(devices);
        if (targets.isEmpty()
                || !isNews(unseen, at)
                || isQuiet(preferences, at)
                || isTooSoon(preferences, unseen.view(), at)) {
            return Optional.empty();
        }
        ViewRecord view = unseen.view();
        Templates.Language language = templates.in(preferences.getLanguage());
        Notification.Builder notification = Notification.newBuilder()
                .setNotificationId(view.getNotable().getMessageId() + ':' + unseen.userId())
                .setUserId(unseen.userId())
                .setConversationId(unseen.conversationId())
                .setSeq(view.getLastMessage().getSeq())
                .setMessageId(view.getNotable().getMessageId())
                .setSender(view.getLastMessage().getSender())
                .addAllTargets(targets)
                .setTitle(title(language, view))
                .setBody(body(language, unseen, preferences.getHideContent()))
                .setLanguage(language.tag())
                .setBadge(badge.getAsLong())
                .setUnread(unseen.unread())
                .setCollapseKey(unseen.userId() + '/' + unseen.conversationId())
                .setAt(view.getLastMessage().getSentAt())
                .setMentioned(view.getNotable().getMentioned());
        if (view.getNotable().hasExpiresAt()) {
            notification.setExpiresAt(view.getNotable().getExpiresAt());
        }
        return Optional.of(notification.build());
    }

    /** Returns the stored view with the message of this seq recorded as notified. */
    public static ViewRecord notified(ViewRecord view, long seq, Timestamp at) {
        return view.toBuilder().setNotifiedSeq(seq).setNotifiedAt(at).build();
    }

    /** Returns true if at least one device has a push channel. */
    public static boolean canBeNotified(DevicesRecord devices) {
        return devices.getDevicesList().stream().anyMatch(NotificationDecider::isTarget);
    }

    private static List<PushTarget> targets(DevicesRecord devices) {
        return devices.getDevicesList().stream()
                .filter(NotificationDecider::isTarget)
                .map(device -> PushTarget.newBuilder()
                        .setDeviceId(device.getDeviceId())
                        .setChannel(device.getPushChannel())
                        .setToken(device.getPushToken())
                        .build())
                .toList();
    }

    private static boolean isTarget(DeviceRecord device) {
        return !device.getPushChannel().isEmpty();
    }

    /**
     * The first minute is included, the second is not. The interval spans midnight if the second is before the first.
     */
    private static boolean isQuiet(NotificationSettings preferences, Timestamp at) {
        int from = preferences.getQuietFromMinute();
        int until = preferences.getQuietUntilMinute();
        long minute = Math.floorMod(TimeUnit.SECONDS.toMinutes(at.getSeconds()), MINUTES_PER_DAY);
        return from <= until ? from <= minute && minute < until : from <= minute || minute < until;
    }

    /**
     * The previous notification may have a later time: events and commands arrive by different topics, and only the
     * times within one topic are in order.
     */
    private static boolean isTooSoon(NotificationSettings preferences, ViewRecord view, Timestamp at) {
        return preferences.getAtMostEverySeconds() > 0
                && view.hasNotifiedAt()
                && Timestamps.toMillis(at) - Timestamps.toMillis(view.getNotifiedAt())
                        < TimeUnit.SECONDS.toMillis(preferences.getAtMostEverySeconds());
    }

    /** Returns the group's name; in a private conversation the user's remark for the sender, or the sender's id. */
    private static String title(Templates.Language language, ViewRecord view) {
        String group = view.getGroup().getProfile().getName();
        String remark = view.getRelation().getRemark();
        String sender = view.getLastMessage().getSender();
        if (!group.isEmpty()) {
            return group;
        }
        if (!remark.isEmpty()) {
            return remark;
        }
        return sender.isEmpty() ? language.system() : sender;
    }

    private static String body(Templates.Language language, UnreadConversation unseen, boolean hidden) {
        String text = unseen.view().getLastMessage().getText();
        if (unseen.unread() > 1) {
            return language.newMessages(unseen.unread());
        }
        return hidden || text.isEmpty() ? language.newMessage() : language.content(text);
    }
}
