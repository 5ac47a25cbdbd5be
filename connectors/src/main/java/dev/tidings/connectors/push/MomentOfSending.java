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
 * What a read model knows of a notification at the moment in which it is sent.
 *
 * @param view the user's of the conversation; null: not known
 * @param changes events that edited or recalled the message, as far as known
 * @param badgeSum what the conversations that the read model knows add to the user's badge; empty: not known
 */
record MomentOfSending(@Nullable ConversationView view, List<ConversationEvent> changes, OptionalLong badgeSum) {

    static final MomentOfSending UNKNOWN = new MomentOfSending(null, List.of(), OptionalLong.empty());

    /** Where moments come from. Called by many threads; may block for a part of a second. */
    @FunctionalInterface
    interface Source {
        MomentOfSending of(Notification notification) throws InterruptedException;
    }

    static MomentOfSending parse(byte @Nullable [] view, List<byte[]> changes, byte @Nullable [] badgeSum)
            throws InvalidProtocolBufferException {
        List<ConversationEvent> events = new ArrayList<>(changes.size());
        for (byte[] change : changes) {
            events.add(ConversationEvent.parseFrom(change));
        }
        return new MomentOfSending(
                view == null ? null : ConversationView.parseFrom(view),
                events,
                badgeSum == null
                        ? OptionalLong.empty()
                        : OptionalLong.of(Long.parseLong(new String(badgeSum, StandardCharsets.US_ASCII))));
    }

    /** Why the notification is not to be sent any more; null: it is, as far as is known. */
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
     * The sum for which the badge in the notification is true: that of now, less what its own conversation has changed by since.
     * Empty where the read model has not got as far as the message.
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
     * The notification with the badge of this moment: it has changed by what the sum has changed by.
     *
     * @param then the sum for which the badge in the notification is true; empty: not known, so the badge stays
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
