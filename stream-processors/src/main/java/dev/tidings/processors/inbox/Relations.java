package dev.tidings.processors.inbox;

import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.FriendRequested;
import dev.tidings.v1.RelationView;

/** What two users are to each other, as one of them sees it. */
final class Relations {

    private Relations() {}

    /** The relation after an event about it; every other event leaves it as it is. */
    static RelationView after(RelationView relation, String userId, ConversationEvent event) {
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
            // only one's own: nobody learns by whom he is blocked
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

    /** No request is open any more, on either side. */
    private static RelationView.Builder answer(RelationView.Builder relation) {
        return relation.clearRequested().clearRequestReceived().clearRequestNote();
    }
}
