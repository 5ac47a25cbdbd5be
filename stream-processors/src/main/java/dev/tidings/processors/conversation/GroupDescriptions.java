package dev.tidings.processors.conversation;

import dev.tidings.processors.conversation.Decision.Described;
import dev.tidings.state.v1.GroupRecord;
import dev.tidings.state.v1.MemberRecord;
import dev.tidings.v1.DescribeGroup;
import dev.tidings.v1.GroupDescription;
import dev.tidings.v1.Member;
import dev.tidings.v1.Role;

/** Describes a group to its members: profile, state and one page of members. Admins get the pending join requests, too. */
final class GroupDescriptions {

    private static final int MEMBERS_BY_DEFAULT = 100;

    private GroupDescriptions() {}

    static Decision describe(CommandContext context, DescribeGroup wanted) {
        GroupRecord group = context.conversation().group();
        GroupDescription.Builder description = GroupDescription.newBuilder()
                .setConversationId(context.command().getConversationId())
                .setProfile(group.getProfile())
                .setOwner(group.getOwner())
                .setMemberCount(group.getMemberCount())
                .setAllMuted(group.getAllMuted())
                .setLarge(context.conversation().head().getLarge())
                .addAllPinnedSeqs(group.getPinnedSeqsList())
                .setLastSeq(context.conversation().head().getLastSeq())
                .setMoreMembers(false);
        int limit = wanted.getLimit() == 0 ? MEMBERS_BY_DEFAULT : wanted.getLimit();
        if (context.isAdmin()) {
            description.addAllRequests(group.getRequestsList());
        }
        context.conversation().visitMembers(wanted.getAfterUserId(), (userId, member) -> {
            if (member.getRole() == Role.ROLE_UNSPECIFIED) {
                return true;
            }
            if (description.getMembersCount() == limit) {
                description.setMoreMembers(true);
                return false;
            }
            description.addMembers(described(userId, member));
            return true;
        });
        return new Described(description.build());
    }

    private static Member described(String userId, MemberRecord member) {
        Member.Builder described =
                Member.newBuilder().setUserId(userId).setRole(member.getRole()).setJoinedSeq(member.getJoinedSeq());
        if (member.hasMutedUntil()) {
            described.setMutedUntil(member.getMutedUntil());
        }
        return described.build();
    }
}
