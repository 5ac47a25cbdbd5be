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
 * Whether a user is notified of the last message of a conversation, and how. A message is notified of once: whoever asks
 * again, because an event comes again or a gateway is gone, is told no.
 */
public final class NotificationDecider {

    private static final long MINUTES_PER_DAY = TimeUnit.DAYS.toMinutes(1);

    private final Templates templates;

    public NotificationDecider(Templates templates) {
        this.templates = templates;
    }

    /**
     * What can be said without knowing the user's devices: whether the last message is one to be notified of, still
     * unread, not muted (who is called by name hears it all the same), and not past its time.
     *
     * @param at the time in the log
     */
    public static boolean isNews(Unseen unseen, Timestamp at) {
        return (unseen.unread() > 0 || unseen.view().getNotable().getMentionedByName())
                && wasNews(unseen)
                && !isPast(unseen.view().getNotable(), at);
    }

    /** Whether nothing but its time speaks against notifying of the last message. It is not among the unread any more. */
    public static boolean hasExpired(Unseen unseen, Timestamp at) {
        return wasNews(unseen) && isPast(unseen.view().getNotable(), at);
    }

    private static boolean isPast(NotableMessage notable, Timestamp at) {
        return notable.hasExpiresAt() && Timestamps.compare(notable.getExpiresAt(), at) <= 0;
    }

    private static boolean wasNews(Unseen unseen) {
        ViewRecord view = unseen.view();
        MessagePreview last = view.getLastMessage();
        NotableMessage notable = view.getNotable();
        return view.hasNotable()
                && !last.getRecalled()
                && last.getSeq() > Math.max(view.getReadSeq(), view.getNotifiedSeq())
                && (!view.getMuted() || notable.getMentionedByName());
    }

    /**
     * The notification, or nothing where the user is not to be notified.
     *
     * @param at the time in the log
     * @param badge unread messages in all conversations that are not muted; asked only if it is needed
     */
    public Optional<Notification> decide(Unseen unseen, DevicesRecord devices, Timestamp at, LongSupplier badge) {
        NotificationSettings wishes = devices.getNotifications();
        List<PushTarget> targets = targets(devices);
        if (targets.isEmpty() || !isNews(unseen, at) || isQuiet(wishes, at) || isTooSoon(wishes, unseen.view(), at)) {
            return Optional.empty();
        }
        ViewRecord view = unseen.view();
        Templates.Language language = templates.in(wishes.getLanguage());
        Notification.Builder notification = Notification.newBuilder()
                .setNotificationId(view.getNotable().getMessageId() + ':' + unseen.userId())
                .setUserId(unseen.userId())
                .setConversationId(unseen.conversationId())
                .setSeq(view.getLastMessage().getSeq())
                .setMessageId(view.getNotable().getMessageId())
                .setSender(view.getLastMessage().getSender())
                .addAllTargets(targets)
                .setTitle(title(language, view))
                .setBody(body(language, unseen, wishes.getHideContent()))
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

    /** The view, as it is stored, of a user who has been notified of the message with this seq. */
    public static ViewRecord notified(ViewRecord view, long seq, Timestamp at) {
        return view.toBuilder().setNotifiedSeq(seq).setNotifiedAt(at).build();
    }

    /** Whether any device can be notified; if none, nothing need be decided. */
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

    /** From the first minute on, up to the second; over midnight where the second is the earlier one. */
    private static boolean isQuiet(NotificationSettings wishes, Timestamp at) {
        int from = wishes.getQuietFromMinute();
        int until = wishes.getQuietUntilMinute();
        long minute = Math.floorMod(TimeUnit.SECONDS.toMinutes(at.getSeconds()), MINUTES_PER_DAY);
        return from <= until ? from <= minute && minute < until : from <= minute || minute < until;
    }

    /** The last one may be of a later time: events and commands come by different topics, each in the order of its own times. */
    private static boolean isTooSoon(NotificationSettings wishes, ViewRecord view, Timestamp at) {
        return wishes.getAtMostEverySeconds() > 0
                && view.hasNotifiedAt()
                && Timestamps.toMillis(at) - Timestamps.toMillis(view.getNotifiedAt())
                        < TimeUnit.SECONDS.toMillis(wishes.getAtMostEverySeconds());
    }

    /** The group's name, or that of whoever writes, as the user calls him. */
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

    private static String body(Templates.Language language, Unseen unseen, boolean hidden) {
        String text = unseen.view().getLastMessage().getText();
        if (unseen.unread() > 1) {
            return language.newMessages(unseen.unread());
        }
        return hidden || text.isEmpty() ? language.newMessage() : language.content(text);
    }
}
