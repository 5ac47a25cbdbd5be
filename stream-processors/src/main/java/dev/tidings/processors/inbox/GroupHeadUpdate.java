package dev.tidings.processors.inbox;

import dev.tidings.processors.inbox.state.InboxStores;
import dev.tidings.processors.inbox.view.GroupHeads;
import dev.tidings.processors.inbox.view.SharedEvents;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.state.v1.GroupHeadRecord;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.InboxRecord;

/**
 * Applies one event to the head of its group, and returns the views of its recipients as of before the event. Does
 * nothing to other conversations. See decisions 28 and 61.
 */
final class GroupHeadUpdate {

    private final InboxStores stores;
    private final InboxRecord inbox;
    private final String conversationId;
    private final boolean isShared;
    private final GroupHeadRecord before;
    private boolean isStored;

    /** @param before the head with which the recipients' views are joined; the default instance if there is none */
    private GroupHeadUpdate(InboxStores stores, InboxRecord inbox, boolean isShared, GroupHeadRecord before) {
        this.stores = stores;
        this.inbox = inbox;
        this.conversationId = inbox.getEvent().getConversationId();
        this.isShared = isShared;
        this.before = before;
    }

    /** Starts an event. Applies it to the head of a large group at once: the recipients' views are joined with the result. */
    static GroupHeadUpdate begin(InboxStores stores, InboxRecord inbox) {
        ConversationEvent event = inbox.getEvent();
        if (!(ConversationId.parse(event.getConversationId()) instanceof ConversationId.Group)) {
            return new GroupHeadUpdate(stores, inbox, false, GroupHeadRecord.getDefaultInstance());
        }
        GroupHeadRecord head = stores.groupHead(event.getConversationId());
        if (inbox.getMembers() || GroupHeads.becameLarge(event)) {
            GroupHeadRecord after = GroupHeads.apply(head, event, stores.clock().version());
            if (after.getLastSeq() != head.getLastSeq()) {
                stores.putGroupHead(event.getConversationId(), after);
            }
            head = after;
        }
        return new GroupHeadUpdate(stores, inbox, SharedEvents.isShared(inbox), head);
    }

    /** Returns the view of a recipient before the event. */
    ViewRecord viewBefore(String userId) {
        return GroupHeads.joined(stores.storedView(userId, conversationId), before);
    }

    /**
     * Writes the event to the head, once, if the view needs no write of its own.
     *
     * @param view the view before the event
     * @param event without its mentions, if the user has blocked its author
     * @param version of the view after the event
     * @return false if the view must be written
     */
    boolean share(ViewRecord view, String userId, ConversationEvent event, long version) {
        boolean hasVersionOfHead = version == stores.clock().version();
        if (!isShared || !hasVersionOfHead || !SharedEvents.covers(view, userId, event)) {
            return false;
        }
        if (!isStored) {
            stores.putGroupHead(conversationId, GroupHeads.share(before, inbox.getEvent(), version));
            isStored = true;
        }
        return true;
    }

    /** Completes the event after the views of all recipients: drops shared events that all views have now. */
    void complete() {
        GroupHeadRecord after = GroupHeads.withoutEnded(before, inbox);
        if (after != before) {
            stores.putGroupHead(conversationId, after);
        }
    }
}
