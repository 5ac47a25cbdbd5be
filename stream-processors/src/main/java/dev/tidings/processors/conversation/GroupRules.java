package dev.tidings.processors.conversation;

import dev.tidings.processors.conversation.Decision.Refused;
import dev.tidings.processors.conversation.Decision.Unchanged;
import dev.tidings.state.v1.GroupRecord;
import dev.tidings.v1.AllMuted;
import dev.tidings.v1.CreateGroup;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.GroupCreated;
import dev.tidings.v1.GroupDissolved;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.GroupUpdated;
import dev.tidings.v1.JoinPolicy;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.UpdateGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** What groups are and how long; who belongs to them is for {@link MembershipRules}. */
final class GroupRules {

    private GroupRules() {}

    static Decision decide(Asked asked, GroupCommand command) {
        return switch (command.getBodyCase()) {
            case CREATE -> create(asked, command.getCreate());
            case UPDATE -> update(asked, command.getUpdate());
            case MUTE_ALL -> muteAll(asked, command.getMuteAll().getMuted());
            case DISSOLVE -> dissolve(asked);
            case DESCRIBE -> GroupDescriptions.describe(asked, command.getDescribe());
            case ADD_MEMBERS, JOIN, DECIDE_JOIN, LEAVE, REMOVE_MEMBERS, SET_ROLE, TRANSFER_OWNERSHIP, MUTE_MEMBER ->
                MembershipRules.decide(asked, command);
            case BODY_NOT_SET -> throw new IllegalArgumentException("checked before");
        };
    }

    /** How many members a group may have. */
    static int limit(Asked asked, GroupProfile profile) {
        int most = asked.rules().policy().maxGroupMembers();
        return profile.getMaxMembers() == 0 ? most : Math.min(most, profile.getMaxMembers());
    }

    private static Decision create(Asked asked, CreateGroup create) {
        ModeratedTexts texts = new ModeratedTexts(asked);
        GroupProfile profile = texts.profile(create.getProfile()).toBuilder()
                .setJoinPolicy(
                        create.getProfile().getJoinPolicy() == JoinPolicy.JOIN_POLICY_UNSPECIFIED
                                ? JoinPolicy.BY_INVITATION
                                : create.getProfile().getJoinPolicy())
                .build();
        TreeSet<String> members = new TreeSet<>(create.getMembersList());
        if (!asked.actor().isEmpty()) {
            members.add(asked.actor());
        }
        if (members.size() > limit(asked, profile)) {
            return full(asked, profile);
        }
        Refused refused = texts.refused();
        if (refused != null) {
            return refused;
        }
        return texts.happened(asked.next()
                .setGroupCreated(GroupCreated.newBuilder()
                        .setProfile(profile)
                        .setOwner(asked.actor())
                        .addAllMembers(members)
                        .setStrangersNeedConsent(!asked.rules().policy().strangersMayAdd())
                        .setLarge(members.size() > asked.rules().policy().largeGroupThreshold())));
    }

    private static Decision update(Asked asked, UpdateGroup update) {
        if (!asked.isAdmin()) {
            return onlyAdmins(asked);
        }
        GroupProfile before = asked.conversation().group().getProfile();
        ModeratedTexts texts = new ModeratedTexts(asked);
        GroupProfile after = merged(before, update, texts);
        Refused refused = texts.refused();
        if (refused != null) {
            return refused;
        }
        List<String> changed = changedFields(before, after);
        if (changed.isEmpty()) {
            return new Unchanged();
        }
        return texts.happened(asked.next()
                .setGroupUpdated(GroupUpdated.newBuilder()
                        .setBy(asked.actor())
                        .setProfile(after)
                        .addAllChanged(changed)));
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

    /** In the order of the contract. */
    private static List<String> changedFields(GroupProfile before, GroupProfile after) {
        List<String> changed = new ArrayList<>();
        GroupProfile.getDescriptor().getFields().forEach(field -> {
            if (!before.getField(field).equals(after.getField(field))) {
                changed.add(field.getName());
            }
        });
        return changed;
    }

    private static Decision muteAll(Asked asked, boolean muted) {
        if (!asked.isAdmin()) {
            return onlyAdmins(asked);
        }
        return asked.conversation().group().getAllMuted() == muted
                ? new Unchanged()
                : asked.happened(asked.next()
                        .setAllMuted(AllMuted.newBuilder().setBy(asked.actor()).setMuted(muted)));
    }

    private static Decision dissolve(Asked asked) {
        if (!asked.isOwner()) {
            return asked.refused(Refusal.Reason.NOT_ALLOWED, "only the owner dissolves a group");
        }
        return asked.happened(
                asked.next().setGroupDissolved(GroupDissolved.newBuilder().setBy(asked.actor())));
    }

    static Decision onlyAdmins(Asked asked) {
        return asked.refused(Refusal.Reason.NOT_ALLOWED, "only the owner and admins may do this");
    }

    static Decision full(Asked asked, GroupProfile profile) {
        return asked.refused(
                Refusal.Reason.GROUP_FULL, asked.id() + " has room for " + limit(asked, profile) + " members");
    }

    static GroupProfile profile(Asked asked) {
        GroupRecord group = asked.conversation().group();
        return group.getProfile();
    }
}
