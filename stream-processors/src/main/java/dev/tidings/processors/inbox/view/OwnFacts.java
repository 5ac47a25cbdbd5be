package dev.tidings.processors.inbox.view;

import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.GroupView;

/**
 * Compares the facts of a view that belong to its user: the read position, the deleted messages, the membership and the relation.
 * The rest of a view describes the conversation, which is the same for all its users. A change of own facts is written to {@code
 * user-events}. Settings change by commands only. Pure functions.
 */
public final class OwnFacts {

    private OwnFacts() {}

    /** Returns true if an event has changed an own fact. */
    public static boolean differ(ViewRecord before, ViewRecord after) {
        return before.getReadSeq() != after.getReadSeq()
                || !before.getDeletedList().equals(after.getDeletedList())
                || !before.getRelation().equals(after.getRelation())
                || isOtherMembership(before.getGroup(), after.getGroup());
    }

    /** The profile, the mute of all members and the dissolution belong to the group. */
    private static boolean isOtherMembership(GroupView before, GroupView after) {
        return before.getRole() != after.getRole()
                || before.getJoinedSeq() != after.getJoinedSeq()
                || before.getLeftSeq() != after.getLeftSeq()
                || !before.getInvitedBy().equals(after.getInvitedBy());
    }
}
