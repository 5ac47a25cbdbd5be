package dev.tidings.processors.inbox;

import dev.tidings.processors.inbox.state.InboxStores;
import dev.tidings.processors.inbox.view.GroupHeads;
import dev.tidings.processors.inbox.view.SharedEvents;
import dev.tidings.schemas.event.EventFacts;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.state.v1.GroupHeadRecord;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.InboxRecord;

/**
 * Applies one event to the head of its group, and returns the views of its recipients as of before the event. Does
 * nothing to other conversations. See decisions 28, 61 and 70.
 */
final class GroupHeadUpdate {

    /**
     * The view of a recipient before the event.
     *
     * @param stored as it is stored
     * @param joined with the head of the group, as the recipient sees it
     */
    record RecipientView(String userId, ViewRecord stored, ViewRecord joined) {}

    private final InboxStores stores;
    private final InboxRecord inbox;
    private final String conversationId;
    private final boolean isShared;
    private final GroupHeadRecord before;
    private final GroupHeadRecord after;
    private boolean isStored;
    private boolean hasMembers;

    /**
     * @param before the head with which the recipients' views are joined; the default instance if there is none
     * @param after with the event if the members share it; otherwise without the shared events that it ends
     */
    private GroupHeadUpdate(
            InboxStores stores, InboxRecord inbox, boolean isShared, GroupHeadRecord before, GroupHeadRecord after) {
        this.stores = stores;
        this.inbox = inbox;
        this.conversationId = inbox.getEvent().getConversationId();
        this.isShared = isShared;
        this.before = before;
        this.after = after;
    }

    /** Starts an event. Applies it to the head of a large group at once: the recipients' views are joined with the result. */
    static GroupHeadUpdate begin(InboxStores stores, InboxRecord inbox) {
        ConversationEvent event = inbox.getEvent();
        if (!(ConversationId.parse(event.getConversationId()) instanceof ConversationId.Group)) {
            GroupHeadRecord none = GroupHeadRecord.getDefaultInstance();
            return new GroupHeadUpdate(stores, inbox, false, none, none);
        }
        GroupHeadRecord head = stores.groupHead(event.getConversationId());
        if (inbox.getMembers() || GroupHeads.becameLarge(event)) {
            GroupHeadRecord after = GroupHeads.apply(head, event, stores.clock().version());
            if (after.getLastSeq() != head.getLastSeq()) {
                stores.putGroupHead(event.getConversationId(), after);
            }
            head = after;
        }
        boolean isShared = SharedEvents.isShared(head.getShared(), inbox);
        GroupHeadRecord after = isShared
                ? GroupHeads.share(head, event, stores.clock().version())
                : GroupHeads.withoutEnded(head, inbox);
        return new GroupHeadUpdate(stores, inbox, isShared, head, after);
    }

    RecipientView viewOf(String userId) {
        ViewRecord stored = stores.storedView(userId, conversationId);
        return new RecipientView(userId, stored, GroupHeads.joined(stored, before));
    }

    /** Takes the view of a recipient after the event. Call it for each recipient. */
    void decided(ViewRecord view) {
        hasMembers |= GroupHeads.isJoined(view);
    }

    /**
     * Writes the event to the head, once, if the view needs no write of its own.
     *
     * @param changed the view after the event
     * @return false if the view must be written
     */
    boolean share(RecipientView view, ViewRecord changed) {
        boolean hasVersionOfHead = changed.getVersion() == stores.clock().version();
        if (!isShared
                || !hasVersionOfHead
                || !SharedEvents.covers(view.userId(), view.stored(), changed, inbox.getEvent(), after.getShared())) {
            return false;
        }
        store();
        return true;
    }

    /**
     * Completes the event after the views of all recipients: drops shared events that all views have now, words that the
     * event recalls or replaces, and the shared events of a partition whose last member has left: no later event of the group
     * reaches it.
     */
    void complete() {
        if (hasLostLastMember()) {
            stores.putGroupHead(conversationId, before.toBuilder().clearShared().build());
        } else if (after != before && (!isShared || GroupHeads.mayHaveWordsChangedBy(inbox.getEvent(), before))) {
            store();
        }
    }

    /** All members of a group that is not large are recipients of its sequenced events. */
    private boolean hasLostLastMember() {
        return isShared
                && before.hasShared()
                && !hasMembers
                && !EventFacts.of(inbox.getEvent()).departedUsers().isEmpty();
    }

    private void store() {
        if (!isStored) {
            stores.putGroupHead(conversationId, after);
            isStored = true;
        }
    }
}
