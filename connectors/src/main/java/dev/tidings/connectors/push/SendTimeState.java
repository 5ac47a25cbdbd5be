package dev.tidings.connectors.push;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.Notification;
import dev.tidings.v1.UserBadge;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of a notification's conversation and user in the read model at the time of sending.
 *
 * @param view the user's view of the conversation as of their own last change; null: not known
 * @param changes events that edited or recalled the message, as far as known
 * @param badge the newest known badge of the user; null: not known
 */
record SendTimeState(
        @Nullable ConversationView view,
        List<ConversationEvent> changes,
        @Nullable UserBadge badge) {

    static final SendTimeState UNKNOWN = new SendTimeState(null, List.of(), null);

    /** Looks up the state. Thread-safe; may block for a part of a second. */
    @FunctionalInterface
    interface Source {
        SendTimeState of(Notification notification) throws InterruptedException;
    }

    /**
     * @param view serialized
     * @param changes serialized
     * @throws InvalidProtocolBufferException if a value cannot be read
     */
    static SendTimeState parse(byte @Nullable [] view, List<byte[]> changes, @Nullable UserBadge badge)
            throws InvalidProtocolBufferException {
        List<ConversationEvent> events = new ArrayList<>(changes.size());
        for (byte[] change : changes) {
            events.add(ConversationEvent.parseFrom(change));
        }
        return new SendTimeState(view == null ? null : ConversationView.parseFrom(view), events, badge);
    }

    /** Returns the reason why the notification is obsolete; null if it is not, as far as is known. */
    @Nullable
    String obsolete(Notification notification) {
        long seq = notification.getSeq();
        boolean isRecalled = changes.stream()
                .anyMatch(event ->
                        event.hasMessageRecalled() && event.getMessageRecalled().getSeq() == seq);
        if (isRecalled) {
            return "recalled";
        }
        if (view == null) {
            return null;
        }
        if (view.getReadSeq() >= seq) {
            return "read";
        }
        boolean isDeleted =
                view.getDeletedList().stream().anyMatch(range -> range.getFromSeq() <= seq && seq <= range.getToSeq());
        return isDeleted ? "deleted" : null;
    }

    /** Returns the notification with the user's badge, if a newer one is known. */
    Notification withBadge(Notification notification) {
        return badge == null || badge.getVersion() <= notification.getBadgeVersion()
                ? notification
                : notification.toBuilder()
                        .setBadge(badge.getUnread())
                        .setBadgeVersion(badge.getVersion())
                        .build();
    }
}
