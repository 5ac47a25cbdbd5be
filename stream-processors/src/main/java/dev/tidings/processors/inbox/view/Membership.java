package dev.tidings.processors.inbox.view;

import dev.tidings.processors.store.SeqRanges;
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
import dev.tidings.v1.SeqRange;
import java.util.List;

/** Decides whether a user belongs to a group, with which role, and since when. */
public final class Membership {

    /** The largest number of earlier memberships; beyond it, the user loses access to the history of the oldest. */
    public static final int MAX_EARLIER_SPANS = 32;

    private Membership() {}

    public static boolean isMember(ViewRecordOrBuilder view) {
        return view.getGroup().getRole() != Role.ROLE_UNSPECIFIED;
    }

    /** Returns true if the user's devices receive the group's events through their gateways. */
    public static boolean follows(ViewRecordOrBuilder view) {
        return wouldFollow(view) && !view.getUnfollowed();
    }

    /** Returns true if the user's devices would follow the group, given room for one more large group. */
    public static boolean wouldFollow(ViewRecordOrBuilder view) {
        return view.getLarge()
                && isMember(view)
                && !Invitations.isPending(view)
                && !view.getGroup().getDissolved();
    }

    public static void created(ViewRecord.Builder view, String userId, ConversationEvent event) {
        GroupCreated created = event.getGroupCreated();
        if (created.getOwner().equals(userId)) {
            joined(view, event, created.getProfile(), Role.OWNER);
        } else if (created.getMembersList().contains(userId)) {
            joined(view, event, created.getProfile(), Role.MEMBER);
        }
    }

    public static void added(ViewRecord.Builder view, String userId, ConversationEvent event) {
        MembersAdded added = event.getMembersAdded();
        if (added.getUserIdsList().contains(userId)) {
            joined(view, event, added.getProfile(), Role.MEMBER);
        }
    }

    public static void left(ViewRecord.Builder view, String userId, ConversationEvent event) {
        if (event.getMemberLeft().getUserId().equals(userId)) {
            gone(view, event);
        }
    }

    public static void removed(ViewRecord.Builder view, String userId, ConversationEvent event) {
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

    /**
     * Returns the part of the group's history that the user may read; empty for a user who was never a member, and for
     * other conversations.
     */
    public static AccessAnswer.Builder access(ViewRecord view) {
        GroupView group = view.getGroup();
        AccessAnswer.Builder answer = AccessAnswer.newBuilder();
        return group.getJoinedSeq() == 0 || Invitations.isPending(view)
                ? answer
                : answer.setFromSeq(visibleFrom(group))
                        .setToSeq(group.getLeftSeq())
                        .addAllEarlier(view.getEarlierAccessList());
    }

    /**
     * Returns true if the event belongs to what the user may read of the group, or ends their membership. True for events
     * outside the sequence, and in conversations that are not groups.
     */
    public static boolean mayReceive(ViewRecord view, ConversationEvent event) {
        long seq = event.getSeq();
        if (!view.hasGroup() || seq == 0 || seq == view.getGroup().getLeftSeq()) {
            return true;
        }
        AccessAnswer.Builder access = access(view);
        boolean isCurrent = access.getFromSeq() > 0
                && access.getFromSeq() <= seq
                && (access.getToSeq() == 0 || seq <= access.getToSeq());
        return isCurrent
                || access.getEarlierList().stream()
                        .anyMatch(range -> range.getFromSeq() <= seq && seq <= range.getToSeq());
    }

    private static long visibleFrom(GroupView group) {
        return group.getProfile().getHistoryFromStart() ? 1 : group.getJoinedSeq();
    }

    /**
     * Starts a membership. A returning member has no unread messages from before, and can still read the history of
     * earlier memberships.
     */
    private static void joined(ViewRecord.Builder view, ConversationEvent event, GroupProfile profile, Role role) {
        GroupView before = view.getGroup();
        if (view.hasGroup() && before.getJoinedSeq() == 0) {
            // a declined invitation has hidden the group
            view.clearHidden();
        } else if (before.getLeftSeq() > 0) {
            List<SeqRange> spans = SeqRanges.union(
                    view.getEarlierAccessList(), List.of(SeqRanges.of(visibleFrom(before), before.getLeftSeq())));
            view.clearEarlierAccess()
                    .addAllEarlierAccess(spans.subList(Math.max(0, spans.size() - MAX_EARLIER_SPANS), spans.size()));
        }
        view.setJoinedIndex(event.getMessageIndex())
                .clearInvitationRefused()
                .setGroup(
                        GroupView.newBuilder().setProfile(profile).setRole(role).setJoinedSeq(event.getSeq()));
    }

    /**
     * Ends a membership. A former member can still read the earlier history and keeps the group among their
     * conversations.
     */
    private static void gone(ViewRecord.Builder view, ConversationEvent event) {
        if (Invitations.isPending(view)) {
            Invitations.end(view, event.getSeq());
            return;
        }
        view.getGroupBuilder().clearRole().setLeftSeq(event.getSeq());
    }
}
