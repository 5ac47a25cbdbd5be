package dev.tidings.processors.inbox;

import dev.tidings.state.v1.ViewRecord;
import dev.tidings.state.v1.ViewRecordOrBuilder;
import dev.tidings.v1.AccessAnswer;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.GroupCreated;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.GroupView;
import dev.tidings.v1.MembersAdded;
import dev.tidings.v1.OwnershipTransferred;
import dev.tidings.v1.Role;
import dev.tidings.v1.RoleChanged;

/** Whether a user belongs to a group, as what, and since when. */
final class Membership {

    private Membership() {}

    static boolean isMember(ViewRecordOrBuilder view) {
        return view.getGroup().getRole() != Role.ROLE_UNSPECIFIED;
    }

    /** Whether the user's devices get the group's events over their gateways. */
    static boolean follows(ViewRecordOrBuilder view) {
        return view.getLarge()
                && isMember(view)
                && !Invitations.isPending(view)
                && !view.getGroup().getDissolved();
    }

    static void created(ViewRecord.Builder view, String userId, ConversationEvent event) {
        GroupCreated created = event.getGroupCreated();
        if (created.getOwner().equals(userId)) {
            joined(view, event, created.getProfile(), Role.OWNER);
        } else if (created.getMembersList().contains(userId)) {
            joined(view, event, created.getProfile(), Role.MEMBER);
        }
    }

    static void added(ViewRecord.Builder view, String userId, ConversationEvent event) {
        MembersAdded added = event.getMembersAdded();
        if (added.getUserIdsList().contains(userId)) {
            joined(view, event, added.getProfile(), Role.MEMBER);
        }
    }

    static void left(ViewRecord.Builder view, String userId, ConversationEvent event) {
        if (event.getMemberLeft().getUserId().equals(userId)) {
            gone(view, event);
        }
    }

    static void removed(ViewRecord.Builder view, String userId, ConversationEvent event) {
        if (event.getMembersRemoved().getUserIdsList().contains(userId)) {
            gone(view, event);
        }
    }

    static void changeRole(ViewRecord.Builder view, String userId, RoleChanged changed) {
        if (changed.getUserId().equals(userId)) {
            view.getGroupBuilder().setRole(changed.getRole());
        }
    }

    static void transfer(ViewRecord.Builder view, String userId, OwnershipTransferred transferred) {
        if (transferred.getTo().equals(userId)) {
            view.getGroupBuilder().setRole(Role.OWNER);
        } else if (transferred.getFrom().equals(userId)) {
            view.getGroupBuilder().setRole(Role.ADMIN);
        }
    }

    /** Which part of the group's history the user may see; none for who has never belonged to it, or what is no group. */
    static AccessAnswer.Builder access(ViewRecord view) {
        GroupView group = view.getGroup();
        AccessAnswer.Builder answer = AccessAnswer.newBuilder();
        return group.getJoinedSeq() == 0 || Invitations.isPending(view)
                ? answer
                : answer.setFromSeq(group.getProfile().getHistoryFromStart() ? 1 : group.getJoinedSeq())
                        .setToSeq(group.getLeftSeq());
    }

    /** Who comes again starts afresh: what was unread then is not any more. */
    private static void joined(ViewRecord.Builder view, ConversationEvent event, GroupProfile profile, Role role) {
        boolean hiddenByInvitation = view.hasGroup() && view.getGroup().getJoinedSeq() == 0;
        if (hiddenByInvitation) {
            view.clearHidden();
        }
        view.setJoinedIndex(event.getMessageIndex())
                .clearInvitationRefused()
                .setGroup(
                        GroupView.newBuilder().setProfile(profile).setRole(role).setJoinedSeq(event.getSeq()));
    }

    /** Who is gone may still see what was before, and keeps the group among the conversations. */
    private static void gone(ViewRecord.Builder view, ConversationEvent event) {
        Invitations.end(view);
        view.getGroupBuilder().clearRole().setLeftSeq(event.getSeq());
    }
}
