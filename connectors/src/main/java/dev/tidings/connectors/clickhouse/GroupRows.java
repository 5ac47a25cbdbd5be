package dev.tidings.connectors.clickhouse;

import dev.tidings.connectors.clickhouse.row.GroupChangeRow;
import dev.tidings.connectors.clickhouse.row.MemberChangeRow;
import dev.tidings.connectors.clickhouse.row.ProfileValues;
import dev.tidings.connectors.clickhouse.row.Row;
import dev.tidings.v1.AllMuted;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.GroupCreated;
import dev.tidings.v1.GroupDissolved;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.GroupUpdated;
import dev.tidings.v1.JoinPolicy;
import dev.tidings.v1.MemberLeft;
import dev.tidings.v1.MemberMuted;
import dev.tidings.v1.MembersAdded;
import dev.tidings.v1.MembersRemoved;
import dev.tidings.v1.OwnershipTransferred;
import dev.tidings.v1.Role;
import dev.tidings.v1.RoleChanged;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns an event of a group into rows. A row contains only what its event says; all other columns are null. */
final class GroupRows {

    private final ConversationEvent event;
    private final long atMillis;
    private final List<Row> rows = new ArrayList<>();

    GroupRows(ConversationEvent event, long atMillis) {
        this.event = event;
        this.atMillis = atMillis;
    }

    List<Row> created(GroupCreated created) {
        String owner = created.getOwner();
        group(owner, profile(created.getProfile()), owner, (long) created.getMembersCount(), null);
        for (String user : created.getMembersList()) {
            member(user, owner, true, user.equals(owner) ? Role.OWNER : Role.MEMBER, null);
        }
        return rows;
    }

    List<Row> updated(GroupUpdated updated) {
        group(updated.getBy(), profile(updated.getProfile()), null, null, null);
        return rows;
    }

    List<Row> allMuted(AllMuted muted) {
        group(muted.getBy(), null, null, null, muted.getMuted());
        return rows;
    }

    List<Row> dissolved(GroupDissolved dissolved) {
        rows.add(new GroupChangeRow(
                event.getConversationId(), event.getSeq(), atMillis, dissolved.getBy(), null, null, null, null, true));
        return rows;
    }

    /** Without the profile in the event: it is a copy for new members, and has rows of its own events. */
    List<Row> added(MembersAdded added) {
        group(added.getBy(), null, null, (long) added.getMemberCount(), null);
        for (String user : added.getUserIdsList()) {
            member(user, added.getBy(), true, Role.MEMBER, null);
        }
        return rows;
    }

    List<Row> left(MemberLeft left) {
        group(left.getUserId(), null, null, (long) left.getMemberCount(), null);
        member(left.getUserId(), left.getUserId(), false, null, null);
        return rows;
    }

    List<Row> removed(MembersRemoved removed) {
        group(removed.getBy(), null, null, (long) removed.getMemberCount(), null);
        for (String user : removed.getUserIdsList()) {
            member(user, removed.getBy(), false, null, null);
        }
        return rows;
    }

    List<Row> roleChanged(RoleChanged changed) {
        member(changed.getUserId(), changed.getBy(), null, changed.getRole(), null);
        return rows;
    }

    List<Row> transferred(OwnershipTransferred transferred) {
        group(transferred.getFrom(), null, transferred.getTo(), null, null);
        if (!transferred.getFrom().isEmpty()) {
            member(transferred.getFrom(), transferred.getFrom(), null, Role.ADMIN, null);
        }
        member(transferred.getTo(), transferred.getFrom(), null, Role.OWNER, null);
        return rows;
    }

    List<Row> muted(MemberMuted muted) {
        long until = muted.hasUntil() ? Values.untilMillis(muted.getUntil()) : 0;
        member(muted.getUserId(), muted.getBy(), null, null, until);
        return rows;
    }

    private void group(
            String by,
            @Nullable ProfileValues profile,
            @Nullable String owner,
            @Nullable Long memberCount,
            @Nullable Boolean allMuted) {
        rows.add(new GroupChangeRow(
                event.getConversationId(), event.getSeq(), atMillis, by, profile, owner, memberCount, allMuted, false));
    }

    private void member(
            String userId, String by, @Nullable Boolean belongs, @Nullable Role role, @Nullable Long mutedUntilMillis) {
        rows.add(new MemberChangeRow(
                event.getConversationId(),
                Values.user(userId),
                event.getSeq(),
                atMillis,
                by,
                belongs,
                role == null ? null : Values.name(role),
                mutedUntilMillis));
    }

    private static ProfileValues profile(GroupProfile profile) {
        JoinPolicy policy = profile.getJoinPolicy();
        return new ProfileValues(
                profile.getName(),
                profile.getAvatarUrl(),
                profile.getDescription(),
                profile.getAnnouncement(),
                Values.name(policy == JoinPolicy.JOIN_POLICY_UNSPECIFIED ? JoinPolicy.BY_INVITATION : policy),
                profile.getHistoryFromStart(),
                profile.getMaxMembers());
    }
}
