package dev.tidings.processors.inbox.view;

import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.FriendRequested;
import dev.tidings.v1.RelationView;

/** Keeps the relation of two users, as one of them sees it. */
public final class Relations {

    private Relations() {}

    /** Returns the relation after an event; events that do not concern it leave it unchanged. */
    public static RelationView after(RelationView relation, String userId, ConversationEvent event) {
        RelationView.Builder next = relation.toBuilder();
        if (event.hasFriendRequested()) {
            request(next, userId, event.getFriendRequested());
        } else if (event.hasFriendAccepted()) {
            answer(next).setFriends(true);
        } else if (event.hasFriendDeclined()) {
            answer(next);
        } else if (event.hasFriendRemoved()) {
            next.clearFriends();
        } else if (event.hasBlockChanged() && event.getBlockChanged().getBy().equals(userId)) {
            // only the user's own block: users do not see who has blocked them
            next.setBlocked(event.getBlockChanged().getBlocked());
        } else if (event.hasRemarkChanged() && event.getRemarkChanged().getBy().equals(userId)) {
            next.setRemark(event.getRemarkChanged().getRemark());
        }
        return next.build();
    }

    private static void request(RelationView.Builder relation, String userId, FriendRequested request) {
        if (request.getBy().equals(userId)) {
            relation.setRequested(true);
        } else {
            relation.setRequestReceived(true).setRequestNote(request.getNote());
        }
    }

    /** Clears the friend requests of both sides. */
    private static RelationView.Builder answer(RelationView.Builder relation) {
        return relation.clearRequested().clearRequestReceived().clearRequestNote();
    }
}
