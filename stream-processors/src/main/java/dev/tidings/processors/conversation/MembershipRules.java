package dev.tidings.processors.conversation;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.conversation.Decision.Unchanged;
import dev.tidings.state.v1.MemberRecord;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.MemberLeft;
import dev.tidings.v1.MemberMuted;
import dev.tidings.v1.MembersRemoved;
import dev.tidings.v1.MuteMember;
import dev.tidings.v1.OwnershipTransferred;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Role;
import dev.tidings.v1.RoleChanged;
import dev.tidings.v1.SetRole;
import java.util.List;
import java.util.TreeSet;

/** Removes members from a group, and changes their roles and mutes. {@link JoinRules} adds members. */
final class MembershipRules {

    static final int MAX_ADMINS = 100;

    private MembershipRules() {}

    static Decision leave(CommandContext context) {
        Role role = context.actorMember().getRole();
        if (role == Role.ROLE_UNSPECIFIED) {
            return new Unchanged();
        }
        if (role == Role.OWNER) {
            return context.refused(
                    Refusal.Reason.OWNER_CANNOT_LEAVE,
                    "the owner must transfer the ownership or dissolve the group before leaving");
        }
        return context.accepted(context.nextEvent()
                .setMemberLeft(MemberLeft.newBuilder()
                        .setUserId(context.actor())
                        .setMemberCount(context.conversation().group().getMemberCount() - 1)));
    }

    static void applyLeft(Conversation.Mutable conversation, ConversationEvent event) {
        List<String> userIds = List.of(event.getMemberLeft().getUserId());
        removeMembers(conversation, event, userIds, event.getMemberLeft().getMemberCount());
    }

    static Decision remove(CommandContext context, List<String> userIds) {
        if (!context.isAdmin()) {
            return context.adminsOnly();
        }
        TreeSet<String> removed = new TreeSet<>();
        for (String userId : userIds) {
            Role role = context.conversation().member(userId).getRole();
            if (role == Role.ROLE_UNSPECIFIED) {
                continue;
            }
            if (context.asSystem() && role == Role.OWNER) {
                return context.refused(
                        Refusal.Reason.OWNER_CANNOT_LEAVE,
                        userId + " is the owner; transfer the ownership to another member or dissolve the group first");
            }
            if (!outranks(context, role)) {
                return context.refused(
                        Refusal.Reason.NOT_ALLOWED, context.actor() + " cannot remove " + userId + ", who is " + role);
            }
            removed.add(userId);
        }
        return removed.isEmpty()
                ? new Unchanged()
                : context.accepted(context.nextEvent()
                        .setMembersRemoved(MembersRemoved.newBuilder()
                                .setBy(context.actor())
                                .addAllUserIds(removed)
                                .setMemberCount(context.conversation().group().getMemberCount() - removed.size())));
    }

    static void applyRemoved(Conversation.Mutable conversation, ConversationEvent event) {
        MembersRemoved removed = event.getMembersRemoved();
        removeMembers(conversation, event, removed.getUserIdsList(), removed.getMemberCount());
    }

    static Decision setRole(CommandContext context, SetRole set) {
        if (!context.isOwner()) {
            return onlyOwner(context);
        }
        Role role = context.conversation().member(set.getUserId()).getRole();
        if (role == Role.ROLE_UNSPECIFIED) {
            return notAMember(context, set.getUserId());
        }
        if (role == Role.OWNER) {
            return context.refused(Refusal.Reason.NOT_ALLOWED, "the role of the owner is transferred, not set");
        }
        if (role == set.getRole()) {
            return new Unchanged();
        }
        return set.getRole() == Role.ADMIN && context.conversation().group().getAdminsCount() >= MAX_ADMINS
                ? context.refused(
                        Refusal.Reason.TOO_MANY, "the group has " + MAX_ADMINS + " admins; no more are allowed")
                : context.accepted(context.nextEvent()
                        .setRoleChanged(RoleChanged.newBuilder()
                                .setBy(context.actor())
                                .setUserId(set.getUserId())
                                .setRole(set.getRole())));
    }

    static void applyRoleChanged(Conversation.Mutable conversation, ConversationEvent event) {
        changeRole(
                conversation,
                event.getRoleChanged().getUserId(),
                event.getRoleChanged().getRole());
    }

    static Decision transfer(CommandContext context, String newOwner) {
        if (!context.isOwner()) {
            return onlyOwner(context);
        }
        Role role = context.conversation().member(newOwner).getRole();
        if (role == Role.ROLE_UNSPECIFIED) {
            return notAMember(context, newOwner);
        }
        return role == Role.OWNER
                ? new Unchanged()
                : context.accepted(context.nextEvent()
                        .setOwnershipTransferred(OwnershipTransferred.newBuilder()
                                .setFrom(context.conversation().group().getOwner())
                                .setTo(newOwner)));
    }

    static void applyTransferred(Conversation.Mutable conversation, ConversationEvent event) {
        OwnershipTransferred transferred = event.getOwnershipTransferred();
        if (!transferred.getFrom().isEmpty()) {
            changeRole(conversation, transferred.getFrom(), Role.ADMIN);
        }
        changeRole(conversation, transferred.getTo(), Role.OWNER);
        conversation.changeGroup(group -> group.setOwner(transferred.getTo()));
    }

    /** In groups only members can be muted. Rooms have no members; there any user can be muted. */
    static Decision mute(CommandContext context, MuteMember mute) {
        if (!context.isAdmin()) {
            return context.adminsOnly();
        }
        MemberRecord member = context.conversation().member(mute.getUserId());
        if (context.isGroup()) {
            if (member.getRole() == Role.ROLE_UNSPECIFIED) {
                return notAMember(context, mute.getUserId());
            }
            if (!outranks(context, member.getRole())) {
                return context.refused(
                        Refusal.Reason.NOT_ALLOWED,
                        mute.getUserId() + " is " + member.getRole() + " and cannot be muted");
            }
        }
        if (mute.hasUntil() && !context.isFuture(mute.getUntil())) {
            return context.refused(
                    Refusal.Reason.INVALID_ARGUMENT,
                    "until is " + Timestamps.toString(mute.getUntil())
                            + "; a time in the future is allowed, or none to end the mute");
        }
        Timestamp until = mute.getUntil(); // the epoch if absent
        if (until.equals(member.getMutedUntil())) {
            return new Unchanged();
        }
        MemberMuted.Builder muted =
                MemberMuted.newBuilder().setBy(context.actor()).setUserId(mute.getUserId());
        if (mute.hasUntil()) {
            muted.setUntil(until);
        }
        return context.accepted(context.nextEvent().setMemberMuted(muted));
    }

    static void applyMuted(Conversation.Mutable conversation, ConversationEvent event) {
        MemberMuted muted = event.getMemberMuted();
        conversation.changeMember(
                muted.getUserId(),
                member -> muted.hasUntil() ? member.setMutedUntil(muted.getUntil()) : member.clearMutedUntil());
    }

    /** Moves the records of members to those of former members. */
    private static void removeMembers(
            Conversation.Mutable conversation, ConversationEvent event, List<String> userIds, int memberCount) {
        for (String userId : userIds) {
            conversation.putFormerMember(
                    userId,
                    conversation.member(userId).toBuilder()
                            .clearRole()
                            .setLeftSeq(event.getSeq())
                            .build());
            conversation.deleteMember(userId);
        }
        List<String> admins = conversation.group().getAdminsList().stream()
                .filter(admin -> !userIds.contains(admin))
                .toList();
        conversation.changeGroup(group -> {
            if (userIds.contains(group.getOwner())) {
                group.clearOwner();
            }
            return group.setMemberCount(memberCount).clearAdmins().addAllAdmins(admins);
        });
    }

    private static void changeRole(Conversation.Mutable conversation, String userId, Role role) {
        conversation.changeMember(userId, member -> member.setRole(role));
        TreeSet<String> admins = new TreeSet<>(conversation.group().getAdminsList());
        if (role == Role.ADMIN) {
            admins.add(userId);
        } else {
            admins.remove(userId);
        }
        conversation.changeGroup(group -> group.clearAdmins().addAllAdmins(admins));
    }

    /** Whether the actor's role is higher than this one. */
    private static boolean outranks(CommandContext context, Role role) {
        return context.asSystem() || role.compareTo(context.actorMember().getRole()) < 0;
    }

    private static Decision onlyOwner(CommandContext context) {
        return context.refused(Refusal.Reason.NOT_ALLOWED, "only the owner may do this");
    }

    private static Decision notAMember(CommandContext context, String userId) {
        return context.refused(Refusal.Reason.NOT_A_MEMBER, userId + " does not belong to " + context.id());
    }
}
