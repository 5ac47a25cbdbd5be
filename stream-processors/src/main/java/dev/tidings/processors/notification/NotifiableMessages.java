package dev.tidings.processors.notification;

import dev.tidings.schemas.event.EventFacts;
import dev.tidings.state.v1.NotableMessage;
import dev.tidings.v1.MessageSent;
import java.util.Optional;

/** Selects the messages that may lead to a notification, before the user's own settings apply. */
public final class NotifiableMessages {

    private NotifiableMessages() {}

    /**
     * Returns the notable message, or empty if the user must not be notified of it. Other users' messages are notable
     * if they count as unread or mention the user by name, unless the sender disabled push.
     */
    public static Optional<NotableMessage> of(String userId, MessageSent sent) {
        boolean byName = sent.getMentions().getUserIdsList().contains(userId);
        return sent.getSender().equals(userId) ? Optional.empty() : of(sent, byName);
    }

    /**
     * Returns the notable message for the users whom it does not mention by name; empty if its sender disabled push or
     * it does not count as unread.
     */
    public static Optional<NotableMessage> withoutName(MessageSent sent) {
        return of(sent, false);
    }

    private static Optional<NotableMessage> of(MessageSent sent, boolean byName) {
        boolean counts = EventFacts.countsAsUnread(sent) || byName;
        if (sent.getFlags().getNoPush() || !counts) {
            return Optional.empty();
        }
        NotableMessage.Builder notable = NotableMessage.newBuilder()
                .setMessageId(sent.getMessageId())
                .setMentioned(byName || sent.getMentions().getAll())
                .setMentionedByName(byName);
        if (sent.hasExpiresAt()) {
            notable.setExpiresAt(sent.getExpiresAt());
        }
        return Optional.of(notable.build());
    }
}
