package dev.tidings.connectors.push;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.Notification;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The state of a notification's conversation in the read model at the time of sending.
 *
 * @param view the user's of the conversation; null: not known
 * @param changes events that edited or recalled the message, as far as known
 * @param badgeSum the user's badge over all conversations in the read model; empty if unknown
 */
record SendTimeState(@Nullable ConversationView view, List<ConversationEvent> changes, OptionalLong badgeSum) {

    static final SendTimeState UNKNOWN = new SendTimeState(null, List.of(), OptionalLong.empty());

    /** Looks up the state. Thread-safe; may block for a part of a second. */
    @FunctionalInterface
    interface Source {
        SendTimeState of(Notification notification) throws InterruptedException;
    }

    static SendTimeState parse(byte @Nullable [] view, List<byte[]> changes, byte @Nullable [] badgeSum)
            throws InvalidProtocolBufferException {
        List<ConversationEvent> events = new ArrayList<>(changes.size());
        for (byte[] change : changes) {
            events.add(ConversationEvent.parseFrom(change));
        }
        return new SendTimeState(
                view == null ? null : ConversationView.parseFrom(view),
                events,
                badgeSum == null
                        ? OptionalLong.empty()
                        : OptionalLong.of(Long.parseLong(new String(badgeSum, StandardCharsets.US_ASCII))));
    }

    /** The reason why the notification is obsolete; null if it is not, as far as is known. */
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
        if (view.getLastMessage().getSeq() == seq && view.getLastMessage().getRecalled()) {
            return "recalled";
        }
        if (view.getReadSeq() >= seq) {
            return "read";
        }
        boolean isDeleted =
                view.getDeletedList().stream().anyMatch(range -> range.getFromSeq() <= seq && seq <= range.getToSeq());
        return isDeleted ? "deleted" : null;
    }

    /**
     * The sum to which the notification's badge belongs: today's sum less the change of its own conversation since then. Empty if
     * the read model has not reached the message yet.
     */
    OptionalLong badgeSumOf(Notification notification) {
        if (view == null || badgeSum.isEmpty() || view.getLastSeq() < notification.getSeq()) {
            return OptionalLong.empty();
        }
        // a muted or hidden conversation adds nothing to the sum, neither now nor, as far as is known, then
        long change = view.getMuted() || view.getHidden() ? 0 : view.getUnread() - notification.getUnread();
        return OptionalLong.of(badgeSum.getAsLong() - change);
    }

    /**
     * The notification with the current badge: adds the change of the sum.
     *
     * @param then the sum to which the notification's badge belongs; empty if unknown, and the badge stays
     */
    Notification withBadge(Notification notification, OptionalLong then) {
        if (badgeSum.isEmpty() || then.isEmpty()) {
            return notification;
        }
        long badge = Math.max(0, notification.getBadge() + badgeSum.getAsLong() - then.getAsLong());
        return badge == notification.getBadge()
                ? notification
                : notification.toBuilder().setBadge(badge).build();
    }
}
