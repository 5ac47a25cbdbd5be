package dev.tidings.processors.notification;

import dev.tidings.schemas.event.EventFacts;
import dev.tidings.state.v1.NotableMessage;
import dev.tidings.v1.MessageSent;
import java.util.Optional;

/** Of which messages a user may be notified at all, whatever becomes of them and whatever else the user wants. */
public final class Notable {

    private Notable() {}

    /** Of messages by others that count as unread or call the user by name, unless their sender wants it otherwise. */
    public static Optional<NotableMessage> of(String userId, MessageSent sent) {
        boolean byName = sent.getMentions().getUserIdsList().contains(userId);
        return sent.getSender().equals(userId) ? Optional.empty() : of(sent, byName);
    }

    /** Of messages to everyone, none of them by name. */
    public static Optional<NotableMessage> ofBroadcast(MessageSent sent) {
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
