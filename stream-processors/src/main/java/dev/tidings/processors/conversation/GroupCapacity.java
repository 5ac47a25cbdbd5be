package dev.tidings.processors.conversation;

import dev.tidings.processors.conversation.Decision.Refused;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.Refusal;
import org.jspecify.annotations.Nullable;

/** The number of members that a group may have: the smaller of the policy's limit and the limit in the group's profile. */
final class GroupCapacity {

    private GroupCapacity() {}

    /** Returns a refusal if a group with this profile may not have so many members; otherwise null. */
    static @Nullable Refused check(CommandContext context, GroupProfile profile, int members) {
        int limit = limit(context, profile);
        return members <= limit
                ? null
                : context.refused(
                        Refusal.Reason.GROUP_FULL,
                        context.id() + " would have " + members + " members; at most " + limit + " are allowed");
    }

    private static int limit(CommandContext context, GroupProfile profile) {
        int most = context.rules().policy().maxGroupMembers();
        return profile.getMaxMembers() == 0 ? most : Math.min(most, profile.getMaxMembers());
    }
}
