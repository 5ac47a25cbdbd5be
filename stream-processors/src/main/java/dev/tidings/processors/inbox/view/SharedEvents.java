package dev.tidings.processors.inbox.view;

import dev.tidings.processors.notification.NotifiableMessages;
import dev.tidings.schemas.event.EventFacts;
import dev.tidings.state.v1.ExpiringMessage;
import dev.tidings.state.v1.MentionOfAll;
import dev.tidings.state.v1.SharedEventsRecord;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.state.v1.ViewRecord.Indexing;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationEvent.BodyCase;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.MessageEdited;
import dev.tidings.v1.MessagePreview;
import dev.tidings.v1.MessageRecalled;
import dev.tidings.v1.MessageSent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Keeps what the events of a group that is not large change in the same way for all members, once for each partition instead of
 * in the view of each member. A view is joined with it when it is read, and is then what {@link ViewDecider} makes of the same
 * events. Pure functions. See decisions 61 and 70.
 *
 * <p>An event is written to a view only if it changes the view in another way than the views of others: {@link #covers}. An
 * event that is not shared is written to all views, and {@linkplain #ends ends} the shared events before it.
 */
public final class SharedEvents {

    /**
     * The largest number of recalled messages, of messages that mention all members, and of messages that expire; the next such
     * event ends the shared events. Each message to the group writes the record again, so it has to stay small.
     */
    public static final int MAX_CHANGES = 128;

    /**
     * Bodies that change nothing of a view but the last message, the seq, the time and the version, unless the message is the user's
     * own or mentions them.
     */
    private static final Set<BodyCase> PLAIN =
            Set.of(BodyCase.MESSAGE_SENT, BodyCase.REACTION_CHANGED, BodyCase.PIN_CHANGED, BodyCase.MEMBER_MUTED);

    private SharedEvents() {}

    /**
     * Returns true if the event may be kept here. It must be of a group.
     *
     * @param shared the events before it
     */
    public static boolean isShared(SharedEventsRecord shared, InboxRecord inbox) {
        ConversationEvent event = inbox.getEvent();
        return EventFacts.isSequenced(event)
                && !inbox.getLarge()
                && event.getDeliveredSeq() == 0
                && !event.hasGroupCreated()
                && hasRoom(shared, event);
    }

    private static boolean hasRoom(SharedEventsRecord shared, ConversationEvent event) {
        if (event.hasMessageRecalled()) {
            return shared.getRecalledIndexesCount() < MAX_CHANGES;
        }
        if (UnreadCounts.expires(event.getMessageSent()) && shared.getExpiringCount() >= MAX_CHANGES) {
            return false;
        }
        return !mentionsAll(event) || shared.getMentionsOfAllCount() < MAX_CHANGES;
    }

    private static boolean mentionsAll(ConversationEvent event) {
        return event.getMessageSent().getMentions().getAll()
                || event.getMessageEdited().getMentions().getAll();
    }

    /**
     * Returns true if the views of all members have all shared events with this one: it is written to all, and not a
     * repeated one from before.
     */
    static boolean ends(SharedEventsRecord shared, InboxRecord inbox) {
        return inbox.getEvent().getSeq() > shared.getLastSeq() && !isShared(shared, inbox);
    }

    /**
     * Returns true if the view needs no write: joined with the shared events it is the view after the event. A view that has
     * words which the event recalls or replaces is written, so that no record keeps them.
     *
     * @param stored the view as it is stored
     * @param after the view after the event
     * @param next the shared events with this one
     */
    public static boolean covers(
            String userId, ViewRecord stored, ViewRecord after, ConversationEvent event, SharedEventsRecord next) {
        if (isPlain(event)) {
            return isJoined(stored) && !isOwnOrMentions(userId, event.getMessageSent());
        }
        return !hasChangedWords(stored, event) && joined(stored, next).equals(after);
    }

    private static boolean isPlain(ConversationEvent event) {
        return PLAIN.contains(event.getBodyCase()) && !mentionsAll(event);
    }

    private static boolean isOwnOrMentions(String userId, MessageSent sent) {
        return sent.getSender().equals(userId) || MentionRules.isByName(userId, sent.getMentions());
    }

    private static boolean hasChangedWords(ViewRecord stored, ConversationEvent event) {
        long changedSeq = EventFacts.of(event).changedSeq().orElse(0);
        return changedSeq > 0
                && stored.getLastMessage().getSeq() == changedSeq
                && !stored.getLastMessage().getText().isEmpty();
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
            sent(next, event);
        } else if (event.hasMessageEdited()) {
            edited(next, event);
        } else if (event.hasMessageRecalled()) {
            recalled(next, event);
        } else if (event.hasGroupUpdated()) {
            next.setProfileSeq(event.getSeq())
                    .setProfile(event.getGroupUpdated().getProfile());
        } else if (event.hasAllMuted()) {
            next.setAllMutedSeq(event.getSeq()).setAllMuted(event.getAllMuted().getMuted());
        } else if (event.hasGroupDissolved()) {
            next.setDissolvedSeq(event.getSeq());
        }
        return next.build();
    }

    private static void sent(SharedEventsRecord.Builder next, ConversationEvent event) {
        MessageSent sent = event.getMessageSent();
        next.setLastMessage(Previews.after(MessagePreview.getDefaultInstance(), event));
        NotifiableMessages.withoutName(sent).ifPresentOrElse(next::setNotable, next::clearNotable);
        if (UnreadCounts.expires(sent)) {
            List<ExpiringMessage> expiring =
                    UnreadCounts.withExpiring(next.getExpiringList(), event.getMessageIndex(), sent.getExpiresAt());
            next.clearExpiring().addAllExpiring(expiring);
        }
        if (sent.getMentions().getAll() && EventFacts.countsAsUnread(sent)) {
            next.addMentionsOfAll(mention(event.getSeq(), event.getMessageIndex()));
        }
    }

    private static void edited(SharedEventsRecord.Builder next, ConversationEvent event) {
        MessageEdited edited = event.getMessageEdited();
        if (next.getLastMessage().getSeq() == edited.getSeq()) {
            next.setLastMessage(Previews.after(next.getLastMessage(), event));
            if (next.hasNotable()) {
                next.getNotableBuilder().setMentioned(edited.getMentions().getAll());
            }
        }
        if (!edited.getCountable()) {
            return;
        }
        if (!edited.getMentions().getAll()) {
            removeMention(next, edited.getMessageIndex());
        } else if (next.getMentionsOfAllList().stream()
                .noneMatch(mention -> mention.getMessageIndex() == edited.getMessageIndex())) {
            next.addMentionsOfAll(mention(event.getSeq(), edited.getMessageIndex()));
        }
    }

    private static void recalled(SharedEventsRecord.Builder next, ConversationEvent event) {
        MessageRecalled recalled = event.getMessageRecalled();
        if (next.getLastMessage().getSeq() == recalled.getSeq()) {
            next.setLastMessage(Previews.after(next.getLastMessage(), event));
        }
        if (recalled.getCountable()) {
            List<Long> indexes = UnreadCounts.with(next.getRecalledIndexesList(), recalled.getMessageIndex());
            next.clearRecalledIndexes().addAllRecalledIndexes(indexes);
            removeMention(next, recalled.getMessageIndex());
        }
    }

    private static MentionOfAll mention(long seq, long messageIndex) {
        return MentionOfAll.newBuilder()
                .setSeq(seq)
                .setMessageIndex(messageIndex)
                .build();
    }

    private static void removeMention(SharedEventsRecord.Builder next, long messageIndex) {
        List<MentionOfAll> rest = new ArrayList<>(next.getMentionsOfAllList());
        if (rest.removeIf(mention -> mention.getMessageIndex() == messageIndex)) {
            next.clearMentionsOfAll().addAllMentionsOfAll(rest);
        }
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
        if (shared.getMentionsOfAllCount() > 0) {
            List<Long> mentions = shared.getMentionsOfAllList().stream()
                    .filter(mention -> mention.getSeq() > view.getLastSeq())
                    .map(MentionOfAll::getMessageIndex)
                    .toList();
            MentionRules.mentionUnread(next, mentions);
        }
        if (shared.getRecalledIndexesCount() > 0) {
            UnreadCounts.recall(next, shared.getRecalledIndexesList());
        }
        joinGroup(next, shared, view.getLastSeq());
        return next.build();
    }

    private static void joinGroup(ViewRecord.Builder view, SharedEventsRecord shared, long lastSeq) {
        if (shared.getProfileSeq() > lastSeq) {
            view.getGroupBuilder().setProfile(shared.getProfile());
        }
        if (shared.getAllMutedSeq() > lastSeq) {
            view.getGroupBuilder().setAllMuted(shared.getAllMuted());
        }
        if (shared.getDissolvedSeq() > lastSeq) {
            view.getGroupBuilder().setDissolved(true);
        }
    }
}
