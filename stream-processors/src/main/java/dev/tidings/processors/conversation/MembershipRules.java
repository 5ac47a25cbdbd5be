package dev.tidings.processors.conversation;

import com.google.protobuf.Timestamp;
import dev.tidings.processors.conversation.Decision.Refused;
import dev.tidings.processors.conversation.Decision.Unchanged;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.state.v1.GroupRecord;
import dev.tidings.state.v1.MemberRecord;
import dev.tidings.v1.DecideJoin;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.JoinDeclined;
import dev.tidings.v1.JoinPolicy;
import dev.tidings.v1.JoinRequested;
import dev.tidings.v1.MemberLeft;
import dev.tidings.v1.MemberMuted;
import dev.tidings.v1.MembersAdded;
import dev.tidings.v1.MembersRemoved;
import dev.tidings.v1.MuteMember;
import dev.tidings.v1.OwnershipTransferred;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Role;
import dev.tidings.v1.RoleChanged;
import dev.tidings.v1.SetRole;
import java.util.List;
import java.util.TreeSet;

/** Who comes into a group, who goes, and who may do what. */
final class MembershipRules {

    static final int MAX_REQUESTS = 200;
    static final int MAX_ADMINS = 100;

    private MembershipRules() {}

    /** Whether only those belong who have a role. */
    static boolean areMembers(Asked asked) {
        return asked.id() instanceof ConversationId.Group;
    }

    static Decision decide(Asked asked, GroupCommand command) {
        return switch (command.getBodyCase()) {
            case ADD_MEMBERS -> add(asked, command.getAddMembers().getUserIdsList());
            case JOIN -> join(asked, command.getJoin().getNote());
            case DECIDE_JOIN -> decideJoin(asked, command.getDecideJoin());
            case LEAVE -> leave(asked);
            case REMOVE_MEMBERS -> remove(asked, command.getRemoveMembers().getUserIdsList());
            case SET_ROLE -> setRole(asked, command.getSetRole());
            case TRANSFER_OWNERSHIP ->
                transfer(asked, command.getTransferOwnership().getUserId());
            case MUTE_MEMBER -> mute(asked, command.getMuteMember());
            case CREATE, UPDATE, MUTE_ALL, DISSOLVE, DESCRIBE, BODY_NOT_SET ->
                throw new IllegalArgumentException(command.getBodyCase() + " is not about members");
        };
    }

    private static Decision add(Asked asked, List<String> userIds) {
        JoinPolicy policy = GroupRules.profile(asked).getJoinPolicy();
        if (policy == JoinPolicy.BY_APPROVAL && !asked.isAdmin()) {
            return GroupRules.onlyAdmins(asked);
        }
        return added(asked, userIds, MembersAdded.Cause.ADDED);
    }

    private static Decision join(Asked asked, String note) {
        if (asked.actor().isEmpty()) {
            return asked.refused(Refusal.Reason.INVALID_USER_ID, "actor must say who joins");
        }
        if (asked.self().getRole() != Role.ROLE_UNSPECIFIED) {
            return new Unchanged();
        }
        return switch (GroupRules.profile(asked).getJoinPolicy()) {
            case OPEN -> added(asked, List.of(asked.actor()), MembersAdded.Cause.JOINED);
            case BY_APPROVAL -> request(asked, note);
            case BY_INVITATION, JOIN_POLICY_UNSPECIFIED, UNRECOGNIZED ->
                asked.refused(Refusal.Reason.INVITATION_NEEDED, asked.id() + " is joined by invitation");
        };
    }

    private static Decision request(Asked asked, String note) {
        if (hasRequested(asked, asked.actor())) {
            return new Unchanged();
        }
        if (asked.conversation().group().getRequestsCount() >= MAX_REQUESTS) {
            return asked.refused(
                    Refusal.Reason.TOO_MANY, MAX_REQUESTS + " others wait to join " + asked.id() + " already");
        }
        ModeratedTexts texts = new ModeratedTexts(asked);
        String shown = texts.text(note);
        Refused refused = texts.refused();
        return refused != null
                ? refused
                : texts.happened(asked.aside()
                        .setJoinRequested(JoinRequested.newBuilder()
                                .setUserId(asked.actor())
                                .setNote(shown)));
    }

    private static boolean hasRequested(Asked asked, String userId) {
        return asked.conversation().group().getRequestsList().stream()
                .anyMatch(wish -> wish.getUserId().equals(userId));
    }

    private static Decision decideJoin(Asked asked, DecideJoin decide) {
        if (!asked.isAdmin()) {
            return GroupRules.onlyAdmins(asked);
        }
        if (!hasRequested(asked, decide.getUserId())) {
            boolean belongs = asked.conversation().member(decide.getUserId()).getRole() != Role.ROLE_UNSPECIFIED;
            return belongs || !decide.getApprove()
                    ? new Unchanged()
                    : asked.refused(
                            Refusal.Reason.REQUEST_NOT_FOUND,
                            decide.getUserId() + " has not asked to join " + asked.id());
        }
        return decide.getApprove()
                ? added(asked, List.of(decide.getUserId()), MembersAdded.Cause.APPROVED)
                : asked.happened(asked.aside()
                        .setJoinDeclined(JoinDeclined.newBuilder()
                                .setUserId(decide.getUserId())
                                .setBy(asked.actor())));
    }

    private static Decision added(Asked asked, List<String> userIds, MembersAdded.Cause cause) {
        TreeSet<String> strangers = new TreeSet<>();
        for (String userId : userIds) {
            if (asked.conversation().member(userId).getRole() == Role.ROLE_UNSPECIFIED) {
                strangers.add(userId);
            }
        }
        if (strangers.isEmpty()) {
            return new Unchanged();
        }
        GroupRecord group = asked.conversation().group();
        int count = group.getMemberCount() + strangers.size();
        if (count > GroupRules.limit(asked, group.getProfile())) {
            return GroupRules.full(asked, group.getProfile());
        }
        boolean becameLarge = !asked.conversation().head().getLarge()
                && count > asked.rules().policy().largeGroupThreshold();
        return asked.happened(asked.next()
                .setMembersAdded(MembersAdded.newBuilder()
                        .setBy(asked.actor())
                        .addAllUserIds(strangers)
                        .setCause(cause)
                        .setMemberCount(count)
                        .setBecameLarge(becameLarge)
                        .setStrangersNeedConsent(!asked.rules().policy().strangersMayAdd())
                        .setProfile(group.getProfile())));
    }

    private static Decision leave(Asked asked) {
        Role role = asked.self().getRole();
        if (role == Role.ROLE_UNSPECIFIED) {
            return new Unchanged();
        }
        if (role == Role.OWNER) {
            return asked.refused(
                    Refusal.Reason.OWNER_CANNOT_LEAVE, "the owner hands the group over first, or dissolves it");
        }
        return asked.happened(asked.next()
                .setMemberLeft(MemberLeft.newBuilder()
                        .setUserId(asked.actor())
                        .setMemberCount(asked.conversation().group().getMemberCount() - 1)));
    }

    private static Decision remove(Asked asked, List<String> userIds) {
        if (!asked.isAdmin()) {
            return GroupRules.onlyAdmins(asked);
        }
        TreeSet<String> going = new TreeSet<>();
        for (String userId : userIds) {
            Role role = asked.conversation().member(userId).getRole();
            if (role == Role.ROLE_UNSPECIFIED) {
                continue;
            }
            if (!isOver(asked, role)) {
                return asked.refused(
                        Refusal.Reason.NOT_ALLOWED, asked.actor() + " cannot remove " + userId + ", who is " + role);
            }
            going.add(userId);
        }
        return going.isEmpty()
                ? new Unchanged()
                : asked.happened(asked.next()
                        .setMembersRemoved(MembersRemoved.newBuilder()
                                .setBy(asked.actor())
                                .addAllUserIds(going)
                                .setMemberCount(asked.conversation().group().getMemberCount() - going.size())));
    }

    private static Decision setRole(Asked asked, SetRole set) {
        if (!asked.isOwner()) {
            return onlyOwner(asked);
        }
        Role role = asked.conversation().member(set.getUserId()).getRole();
        if (role == Role.ROLE_UNSPECIFIED) {
            return noMember(asked, set.getUserId());
        }
        if (role == Role.OWNER) {
            return asked.refused(Refusal.Reason.NOT_ALLOWED, "the owner's role is handed over, not set");
        }
        if (role == set.getRole()) {
            return new Unchanged();
        }
        return set.getRole() == Role.ADMIN && asked.conversation().group().getAdminsCount() >= MAX_ADMINS
                ? asked.refused(Refusal.Reason.TOO_MANY, "at most " + MAX_ADMINS + " admins")
                : asked.happened(asked.next()
                        .setRoleChanged(RoleChanged.newBuilder()
                                .setBy(asked.actor())
                                .setUserId(set.getUserId())
                                .setRole(set.getRole())));
    }

    private static Decision transfer(Asked asked, String heir) {
        if (!asked.isOwner()) {
            return onlyOwner(asked);
        }
        Role role = asked.conversation().member(heir).getRole();
        if (role == Role.ROLE_UNSPECIFIED) {
            return noMember(asked, heir);
        }
        return role == Role.OWNER
                ? new Unchanged()
                : asked.happened(asked.next()
                        .setOwnershipTransferred(OwnershipTransferred.newBuilder()
                                .setFrom(asked.conversation().group().getOwner())
                                .setTo(heir)));
    }

    /** Rooms have no members: there, whoever may come can be muted. */
    private static Decision mute(Asked asked, MuteMember mute) {
        if (!asked.isAdmin()) {
            return GroupRules.onlyAdmins(asked);
        }
        MemberRecord member = asked.conversation().member(mute.getUserId());
        if (asked.id() instanceof ConversationId.Group) {
            if (member.getRole() == Role.ROLE_UNSPECIFIED) {
                return noMember(asked, mute.getUserId());
            }
            if (!isOver(asked, member.getRole())) {
                return asked.refused(
                        Refusal.Reason.NOT_ALLOWED,
                        mute.getUserId() + " is " + member.getRole() + " and cannot be muted");
            }
        }
        boolean ahead = mute.hasUntil() && asked.isAhead(mute.getUntil());
        Timestamp until = ahead ? mute.getUntil() : Timestamp.getDefaultInstance();
        if (until.equals(member.getMutedUntil())) {
            return new Unchanged();
        }
        MemberMuted.Builder muted =
                MemberMuted.newBuilder().setBy(asked.actor()).setUserId(mute.getUserId());
        if (ahead) {
            muted.setUntil(until);
        }
        return asked.happened(asked.next().setMemberMuted(muted));
    }

    /** Whether the actor's place is above that of a member with this role. */
    private static boolean isOver(Asked asked, Role role) {
        return asked.asSystem() || role.compareTo(asked.self().getRole()) < 0;
    }

    private static Decision onlyOwner(Asked asked) {
        return asked.refused(Refusal.Reason.NOT_ALLOWED, "only the owner may do this");
    }

    private static Decision noMember(Asked asked, String userId) {
        return asked.refused(Refusal.Reason.NOT_A_MEMBER, userId + " does not belong to " + asked.id());
    }
}
