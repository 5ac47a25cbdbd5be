package dev.tidings.processors.conversation;

import dev.tidings.processors.conversation.Decision.Refused;
import dev.tidings.processors.conversation.Decision.Unchanged;
import dev.tidings.state.v1.GroupRecord;
import dev.tidings.state.v1.MemberRecord;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.DecideJoin;
import dev.tidings.v1.JoinDeclined;
import dev.tidings.v1.JoinPolicy;
import dev.tidings.v1.JoinRequest;
import dev.tidings.v1.JoinRequested;
import dev.tidings.v1.MembersAdded;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Role;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** Adds members to a group: by members and admins, by users who join, and by join requests that admins decide. */
final class JoinRules {

    static final int MAX_REQUESTS = 200;

    private JoinRules() {}

    static Decision add(CommandContext context, List<String> userIds) {
        return joinPolicy(context) == JoinPolicy.BY_APPROVAL && !context.isAdmin()
                ? context.adminsOnly()
                : addNonMembers(context, userIds, MembersAdded.Cause.ADDED);
    }

    static Decision join(CommandContext context, String note) {
        if (context.actor().isEmpty()) {
            return context.refused(Refusal.Reason.INVALID_USER_ID, "actor must name the user who joins");
        }
        if (context.actorMember().getRole() != Role.ROLE_UNSPECIFIED) {
            return new Unchanged();
        }
        return switch (joinPolicy(context)) {
            case OPEN -> addNonMembers(context, List.of(context.actor()), MembersAdded.Cause.JOINED);
            case BY_APPROVAL -> request(context, note);
            case BY_INVITATION, JOIN_POLICY_UNSPECIFIED, UNRECOGNIZED ->
                context.refused(Refusal.Reason.INVITATION_NEEDED, context.id() + " can only be joined by invitation");
        };
    }

    static Decision decideRequest(CommandContext context, DecideJoin decide) {
        if (!context.isAdmin()) {
            return context.adminsOnly();
        }
        if (!hasRequested(context, decide.getUserId())) {
            boolean belongs = context.conversation().member(decide.getUserId()).getRole() != Role.ROLE_UNSPECIFIED;
            return belongs || !decide.getApprove()
                    ? new Unchanged()
                    : context.refused(
                            Refusal.Reason.REQUEST_NOT_FOUND,
                            decide.getUserId() + " has no pending request to join " + context.id());
        }
        return decide.getApprove()
                ? addNonMembers(context, List.of(decide.getUserId()), MembersAdded.Cause.APPROVED)
                : context.accepted(context.unsequencedEvent()
                        .setJoinDeclined(JoinDeclined.newBuilder()
                                .setUserId(decide.getUserId())
                                .setBy(context.actor())));
    }

    static void applyAdded(Conversation.Mutable conversation, ConversationEvent event) {
        MembersAdded added = event.getMembersAdded();
        for (String userId : added.getUserIdsList()) {
            putMember(conversation, userId, Role.MEMBER, event.getSeq());
        }
        removeRequests(conversation, added.getUserIdsList());
        conversation.changeGroup(group -> group.setMemberCount(added.getMemberCount()));
        if (added.getBecameLarge()) {
            conversation.putHead(conversation.head().toBuilder().setLarge(true).build());
        }
    }

    static void applyRequested(Conversation.Mutable conversation, ConversationEvent event) {
        JoinRequested requested = event.getJoinRequested();
        TreeMap<String, JoinRequest> requests = new TreeMap<>();
        conversation.group().getRequestsList().forEach(request -> requests.put(request.getUserId(), request));
        requests.put(
                requested.getUserId(),
                JoinRequest.newBuilder()
                        .setUserId(requested.getUserId())
                        .setNote(requested.getNote())
                        .build());
        conversation.changeGroup(group -> group.clearRequests().addAllRequests(requests.values()));
    }

    static void applyDeclined(Conversation.Mutable conversation, ConversationEvent event) {
        removeRequests(conversation, List.of(event.getJoinDeclined().getUserId()));
    }

    /** Adds a member. A former member keeps their mute, read position and deleted ranges. */
    static void putMember(Conversation.Mutable conversation, String userId, Role role, long seq) {
        MemberRecord before = conversation.formerMember(userId);
        conversation.putMember(
                userId,
                before.toBuilder()
                        .setRole(role)
                        .setJoinedSeq(seq)
                        .clearLeftSeq()
                        .build());
        if (!before.equals(MemberRecord.getDefaultInstance())) {
            conversation.deleteFormerMember(userId);
        }
    }

    private static Decision request(CommandContext context, String note) {
        if (hasRequested(context, context.actor())) {
            return new Unchanged();
        }
        if (context.conversation().group().getRequestsCount() >= MAX_REQUESTS) {
            return context.refused(
                    Refusal.Reason.TOO_MANY,
                    context.id() + " has " + MAX_REQUESTS + " pending join requests; no more are allowed");
        }
        ModeratedTexts texts = new ModeratedTexts(context);
        String shown = texts.text(note);
        Refused refused = texts.refused();
        return refused != null
                ? refused
                : texts.accepted(context.unsequencedEvent()
                        .setJoinRequested(JoinRequested.newBuilder()
                                .setUserId(context.actor())
                                .setNote(shown)));
    }

    private static boolean hasRequested(CommandContext context, String userId) {
        return context.conversation().group().getRequestsList().stream()
                .anyMatch(request -> request.getUserId().equals(userId));
    }

    private static Decision addNonMembers(CommandContext context, List<String> userIds, MembersAdded.Cause cause) {
        TreeSet<String> nonMembers = new TreeSet<>();
        for (String userId : userIds) {
            if (context.conversation().member(userId).getRole() == Role.ROLE_UNSPECIFIED) {
                nonMembers.add(userId);
            }
        }
        if (nonMembers.isEmpty()) {
            return new Unchanged();
        }
        GroupRecord group = context.conversation().group();
        int count = group.getMemberCount() + nonMembers.size();
        Refused full = GroupCapacity.check(context, group.getProfile(), count);
        if (full != null) {
            return full;
        }
        boolean becameLarge = !context.conversation().head().getLarge()
                && count > context.rules().policy().largeGroupThreshold();
        return context.accepted(context.nextEvent()
                .setMembersAdded(MembersAdded.newBuilder()
                        .setBy(context.actor())
                        .addAllUserIds(nonMembers)
                        .setCause(cause)
                        .setMemberCount(count)
                        .setBecameLarge(becameLarge)
                        .setStrangersNeedConsent(!context.rules().policy().strangersMayAdd())
                        .setProfile(group.getProfile())));
    }

    private static void removeRequests(Conversation.Mutable conversation, List<String> userIds) {
        List<JoinRequest> others = conversation.group().getRequestsList().stream()
                .filter(request -> !userIds.contains(request.getUserId()))
                .toList();
        if (others.size() < conversation.group().getRequestsCount()) {
            conversation.changeGroup(group -> group.clearRequests().addAllRequests(others));
        }
    }

    private static JoinPolicy joinPolicy(CommandContext context) {
        return context.conversation().group().getProfile().getJoinPolicy();
    }
}
