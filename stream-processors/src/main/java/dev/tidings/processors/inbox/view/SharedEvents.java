package dev.tidings.processors.inbox.view;

import dev.tidings.processors.notification.NotifiableMessages;
import dev.tidings.schemas.event.EventFacts;
import dev.tidings.state.v1.ExpiringMessage;
import dev.tidings.state.v1.SharedEventsRecord;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.state.v1.ViewRecord.Indexing;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationEvent.BodyCase;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.MessagePreview;
import dev.tidings.v1.MessageSent;
import java.util.List;
import java.util.Set;

/**
 * Keeps the newest events of a group that is not large, once for each partition, instead of in the view of each member.
 * A view is joined with them when it is read, and is then what {@link ViewDecider} makes of the same events. Pure
 * functions. See decision 61.
 *
 * <p>A view is written by the events that change it in another way than the views of others: the member's own messages
 * and those that mention them. All views are written by any other event of the sequence, which {@linkplain
 * #ends ends} the shared events.
 */
public final class SharedEvents {

    /** Bodies that change nothing of a view but the last message, the seq, the time and the version. */
    private static final Set<BodyCase> SHARED =
            Set.of(BodyCase.MESSAGE_SENT, BodyCase.REACTION_CHANGED, BodyCase.PIN_CHANGED, BodyCase.MEMBER_MUTED);

    private SharedEvents() {}

    /** Returns true if the event may be kept here. It must be of a group. */
    public static boolean isShared(InboxRecord inbox) {
        ConversationEvent event = inbox.getEvent();
        return EventFacts.isSequenced(event)
                && !inbox.getLarge()
                && event.getDeliveredSeq() == 0
                && SHARED.contains(event.getBodyCase());
    }

    /**
     * Returns true if the views of all members have all shared events with this one: it is written to all, and not a
     * repeated one from before.
     */
    static boolean ends(SharedEventsRecord shared, InboxRecord inbox) {
        return inbox.getEvent().getSeq() > shared.getLastSeq() && !isShared(inbox);
    }

    /**
     * Returns true if the view is complete without the event, given that the event is shared: the event is neither the
     * user's own message nor mentions them, and the view is joined with shared events.
     *
     * @param event without its mentions, if the user has blocked its author
     */
    public static boolean covers(ViewRecord view, String userId, ConversationEvent event) {
        MessageSent sent = event.getMessageSent();
        return isJoined(view)
                && (!event.hasMessageSent()
                        || !sent.getSender().equals(userId) && !MentionRules.isMentioned(userId, sent.getMentions()));
    }

    /**
     * Returns true if the view may lack events. Indexed views have all: the index finds them by their last message and
     * version.
     */
    static boolean isJoined(ViewRecord view) {
        return Membership.isMember(view) && !view.getLarge() && view.getIndexing() != Indexing.INDEXED;
    }

    /**
     * Returns the shared events with a further one, or the same instance if it was applied before.
     *
     * @param version given to the views
     */
    static SharedEventsRecord apply(SharedEventsRecord shared, ConversationEvent event, long version) {
        if (event.getSeq() <= shared.getLastSeq()) {
            return shared;
        }
        SharedEventsRecord.Builder next = shared.toBuilder()
                .setLastSeq(event.getSeq())
                .setLastIndex(Math.max(shared.getLastIndex(), event.getMessageIndex()))
                .setUpdatedAt(event.getSentAt())
                .setVersion(version);
        if (event.hasMessageSent()) {
            MessageSent sent =
                    event.getMessageSent().toBuilder().clearMentions().build();
            next.setLastMessage(Previews.after(MessagePreview.getDefaultInstance(), event));
            NotifiableMessages.withoutName(sent).ifPresentOrElse(next::setNotable, next::clearNotable);
            if (UnreadCounts.expires(sent)) {
                List<ExpiringMessage> expiring =
                        UnreadCounts.withExpiring(next.getExpiringList(), event.getMessageIndex(), sent.getExpiresAt());
                next.clearExpiring().addAllExpiring(expiring);
            }
        }
        return next.build();
    }

    /** Returns the view with the shared events after its own last one; the same instance if there are none. */
    static ViewRecord joined(ViewRecord view, SharedEventsRecord shared) {
        if (shared.getLastSeq() <= view.getLastSeq() || !isJoined(view)) {
            return view;
        }
        ViewRecord.Builder next = view.toBuilder()
                .setLastSeq(shared.getLastSeq())
                .setLastIndex(Math.max(view.getLastIndex(), shared.getLastIndex()))
                .setUpdatedAt(shared.getUpdatedAt())
                .setVersion(Math.max(view.getVersion(), shared.getVersion()));
        if (shared.getLastMessage().getSeq() > view.getLastSeq()) {
            next.clearHidden().setLastMessage(shared.getLastMessage());
            Previews.forget(next);
            if (shared.hasNotable()) {
                next.setNotable(shared.getNotable());
            } else {
                next.clearNotable();
            }
        }
        List<ExpiringMessage> expiring = UnreadCounts.expiringBeyond(shared.getExpiringList(), view.getLastIndex());
        if (!expiring.isEmpty()) {
            UnreadCounts.expire(next, expiring);
        }
        return next.build();
    }
}
