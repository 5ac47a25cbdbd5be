package dev.tidings.processors.conversation;

import dev.tidings.processors.conversation.Decision.Refused;
import dev.tidings.processors.conversation.Decision.Unchanged;
import dev.tidings.state.v1.GroupRecord;
import dev.tidings.v1.AllMuted;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.CreateGroup;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.GroupCreated;
import dev.tidings.v1.GroupDissolved;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.GroupUpdated;
import dev.tidings.v1.JoinPolicy;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Role;
import dev.tidings.v1.UpdateGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Creates, changes, mutes and dissolves groups, and assigns all other group commands to {@link JoinRules} and
 * {@link MembershipRules}.
 */
final class GroupRules {

    private GroupRules() {}

    static Decision decide(CommandContext context, GroupCommand command) {
        return switch (command.getBodyCase()) {
            case CREATE -> create(context, command.getCreate());
            case UPDATE -> update(context, command.getUpdate());
            case MUTE_ALL -> muteAll(context, command.getMuteAll().getMuted());
            case DISSOLVE -> dissolve(context);
            case DESCRIBE -> GroupDescriptions.describe(context, command.getDescribe());
            case ADD_MEMBERS -> JoinRules.add(context, command.getAddMembers().getUserIdsList());
            case JOIN -> JoinRules.join(context, command.getJoin().getNote());
            case DECIDE_JOIN -> JoinRules.decideRequest(context, command.getDecideJoin());
            case LEAVE -> MembershipRules.leave(context);
            case REMOVE_MEMBERS ->
                MembershipRules.remove(context, command.getRemoveMembers().getUserIdsList());
            case SET_ROLE -> MembershipRules.setRole(context, command.getSetRole());
            case TRANSFER_OWNERSHIP ->
                MembershipRules.transfer(context, command.getTransferOwnership().getUserId());
            case MUTE_MEMBER -> MembershipRules.mute(context, command.getMuteMember());
            case BODY_NOT_SET -> throw new IllegalArgumentException("the group command has no body");
        };
    }

    private static Decision create(CommandContext context, CreateGroup create) {
        ModeratedTexts texts = new ModeratedTexts(context);
        GroupProfile profile = texts.profile(create.getProfile()).toBuilder()
                .setJoinPolicy(
                        create.getProfile().getJoinPolicy() == JoinPolicy.JOIN_POLICY_UNSPECIFIED
                                ? JoinPolicy.BY_INVITATION
                                : create.getProfile().getJoinPolicy())
                .build();
        TreeSet<String> members = new TreeSet<>(create.getMembersList());
        if (!context.actor().isEmpty()) {
            members.add(context.actor());
        }
        Refused full = GroupCapacity.check(context, profile, members.size());
        if (full != null) {
            return full;
        }
        Refused refused = texts.refused();
        if (refused != null) {
            return refused;
        }
        return texts.accepted(context.nextEvent()
                .setGroupCreated(GroupCreated.newBuilder()
                        .setProfile(profile)
                        .setOwner(context.actor())
                        .addAllMembers(members)
                        .setStrangersNeedConsent(!context.rules().policy().strangersMayAdd())
                        .setLarge(members.size() > context.rules().policy().largeGroupThreshold())));
    }

    static void applyCreated(Conversation.Mutable conversation, ConversationEvent event) {
        GroupCreated created = event.getGroupCreated();
        conversation.putGroup(GroupRecord.newBuilder()
                .setProfile(created.getProfile())
                .setOwner(created.getOwner())
                .setMemberCount(created.getMembersCount())
                .build());
        for (String userId : created.getMembersList()) {
            Role role = userId.equals(created.getOwner()) ? Role.OWNER : Role.MEMBER;
            JoinRules.putMember(conversation, userId, role, event.getSeq());
        }
        if (created.getLarge()) {
            conversation.putHead(conversation.head().toBuilder().setLarge(true).build());
        }
    }

    private static Decision update(CommandContext context, UpdateGroup update) {
        if (!context.isAdmin()) {
            return context.adminsOnly();
        }
        GroupProfile before = context.conversation().group().getProfile();
        ModeratedTexts texts = new ModeratedTexts(context);
        GroupProfile after = merged(before, update, texts);
        Refused refused = texts.refused();
        if (refused != null) {
            return refused;
        }
        List<String> changed = changedFields(before, after);
        if (changed.isEmpty()) {
            return new Unchanged();
        }
        return texts.accepted(context.nextEvent()
                .setGroupUpdated(GroupUpdated.newBuilder()
                        .setBy(context.actor())
                        .setProfile(after)
                        .addAllChanged(changed)));
    }

    static void applyUpdated(Conversation.Mutable conversation, ConversationEvent event) {
        conversation.changeGroup(
                group -> group.setProfile(event.getGroupUpdated().getProfile()));
    }

    private static GroupProfile merged(GroupProfile profile, UpdateGroup update, ModeratedTexts texts) {
        GroupProfile.Builder merged = profile.toBuilder();
        if (update.hasName()) {
            merged.setName(texts.text(update.getName()));
        }
        if (update.hasAvatarUrl()) {
            merged.setAvatarUrl(update.getAvatarUrl());
        }
        if (update.hasDescription()) {
            merged.setDescription(texts.text(update.getDescription()));
        }
        if (update.hasAnnouncement()) {
            merged.setAnnouncement(texts.text(update.getAnnouncement()));
        }
        if (update.getJoinPolicy() != JoinPolicy.JOIN_POLICY_UNSPECIFIED) {
            merged.setJoinPolicy(update.getJoinPolicy());
        }
        if (update.hasHistoryFromStart()) {
            merged.setHistoryFromStart(update.getHistoryFromStart());
        }
        if (update.hasMaxMembers()) {
            merged.setMaxMembers(update.getMaxMembers());
        }
        return merged.build();
    }

    /** The names of the fields that differ, in the order of the message definition. */
    private static List<String> changedFields(GroupProfile before, GroupProfile after) {
        List<String> changed = new ArrayList<>();
        GroupProfile.getDescriptor().getFields().forEach(field -> {
            if (!before.getField(field).equals(after.getField(field))) {
                changed.add(field.getName());
            }
        });
        return changed;
    }

    private static Decision muteAll(CommandContext context, boolean muted) {
        if (!context.isAdmin()) {
            return context.adminsOnly();
        }
        return context.conversation().group().getAllMuted() == muted
                ? new Unchanged()
                : context.accepted(context.nextEvent()
                        .setAllMuted(
                                AllMuted.newBuilder().setBy(context.actor()).setMuted(muted)));
    }

    static void applyAllMuted(Conversation.Mutable conversation, ConversationEvent event) {
        conversation.changeGroup(group -> group.setAllMuted(event.getAllMuted().getMuted()));
    }

    private static Decision dissolve(CommandContext context) {
        if (!context.isOwner()) {
            return context.refused(Refusal.Reason.NOT_ALLOWED, "only the owner may dissolve the group");
        }
        if (context.conversation().group().getDissolved()) {
            return new Decision.Unchanged();
        }
        return context.accepted(context.nextEvent()
                .setGroupDissolved(GroupDissolved.newBuilder().setBy(context.actor())));
    }

    /** Member records stay: members of a dissolved group may still mark messages as read and delete them for themselves. */
    static void applyDissolved(Conversation.Mutable conversation, ConversationEvent event) {
        conversation.changeGroup(group ->
                group.setDissolved(true).setMemberCount(0).clearAdmins().clearRequests());
    }
}
