package dev.tidings.processors.conversation;

import dev.tidings.state.v1.GroupRecord;
import dev.tidings.state.v1.MemberRecord;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.GroupCreated;
import dev.tidings.v1.JoinRequest;
import dev.tidings.v1.JoinRequested;
import dev.tidings.v1.MembersAdded;
import dev.tidings.v1.Role;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** Takes up into a group who came, who went, and who may do what from now on. Part of {@link Evolution}. */
final class MembershipEvolution {

    private MembershipEvolution() {}

    static void created(Conversation.Evolving conversation, ConversationEvent event, GroupCreated created) {
        conversation.putGroup(GroupRecord.newBuilder()
                .setProfile(created.getProfile())
                .setOwner(created.getOwner())
                .setMemberCount(created.getMembersCount())
                .build());
        for (String userId : created.getMembersList()) {
            come(conversation, userId, userId.equals(created.getOwner()) ? Role.OWNER : Role.MEMBER, event.getSeq());
        }
        if (created.getLarge()) {
            conversation.putHead(conversation.head().toBuilder().setLarge(true).build());
        }
    }

    static void added(Conversation.Evolving conversation, ConversationEvent event, MembersAdded added) {
        for (String userId : added.getUserIdsList()) {
            come(conversation, userId, Role.MEMBER, event.getSeq());
        }
        withoutRequests(conversation, added.getUserIdsList());
        Evolution.group(conversation, group -> group.setMemberCount(added.getMemberCount()));
        if (added.getBecameLarge()) {
            conversation.putHead(conversation.head().toBuilder().setLarge(true).build());
        }
    }

    /** What is known of a user who comes back still holds: their mute, what they have read and deleted. */
    private static void come(Conversation.Evolving conversation, String userId, Role role, long seq) {
        MemberRecord before = conversation.formerMember(userId);
        conversation.putMember(
                userId,
                before.toBuilder()
                        .setRole(role)
                        .setJoinedSeq(seq)
                        .clearLeftSeq()
                        .build());
        if (!before.equals(MemberRecord.getDefaultInstance())) {
            conversation.forgetFormerMember(userId);
        }
    }

    static void gone(
            Conversation.Evolving conversation, ConversationEvent event, List<String> userIds, int memberCount) {
        for (String userId : userIds) {
            conversation.putFormerMember(
                    userId,
                    conversation.member(userId).toBuilder()
                            .clearRole()
                            .setLeftSeq(event.getSeq())
                            .build());
            conversation.forgetMember(userId);
        }
        List<String> admins = conversation.group().getAdminsList().stream()
                .filter(admin -> !userIds.contains(admin))
                .toList();
        Evolution.group(conversation, group -> {
            if (userIds.contains(group.getOwner())) {
                group.clearOwner();
            }
            return group.setMemberCount(memberCount).clearAdmins().addAllAdmins(admins);
        });
    }

    static void transferred(Conversation.Evolving conversation, String from, String to) {
        if (!from.isEmpty()) {
            role(conversation, from, Role.ADMIN);
        }
        role(conversation, to, Role.OWNER);
        Evolution.group(conversation, group -> group.setOwner(to));
    }

    static void role(Conversation.Evolving conversation, String userId, Role role) {
        Evolution.member(conversation, userId, member -> member.setRole(role));
        TreeSet<String> admins = new TreeSet<>(conversation.group().getAdminsList());
        if (role == Role.ADMIN) {
            admins.add(userId);
        } else {
            admins.remove(userId);
        }
        Evolution.group(conversation, group -> group.clearAdmins().addAllAdmins(admins));
    }

    static void requested(Conversation.Evolving conversation, JoinRequested requested) {
        TreeMap<String, JoinRequest> requests = new TreeMap<>();
        conversation.group().getRequestsList().forEach(wish -> requests.put(wish.getUserId(), wish));
        requests.put(
                requested.getUserId(),
                JoinRequest.newBuilder()
                        .setUserId(requested.getUserId())
                        .setNote(requested.getNote())
                        .build());
        Evolution.group(conversation, group -> group.clearRequests().addAllRequests(requests.values()));
    }

    static void withoutRequests(Conversation.Evolving conversation, List<String> userIds) {
        List<JoinRequest> others = conversation.group().getRequestsList().stream()
                .filter(wish -> !userIds.contains(wish.getUserId()))
                .toList();
        if (others.size() < conversation.group().getRequestsCount()) {
            Evolution.group(conversation, group -> group.clearRequests().addAllRequests(others));
        }
    }
}
