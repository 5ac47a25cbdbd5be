package dev.tidings.connectors.clickhouse;

import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.GroupCreated;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.JoinPolicy;
import dev.tidings.v1.MemberMuted;
import dev.tidings.v1.MembersAdded;
import dev.tidings.v1.MembersRemoved;
import dev.tidings.v1.OwnershipTransferred;
import dev.tidings.v1.Role;
import dev.tidings.v1.RoleChanged;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an event says of a group and its members: no more than it says, so that every row stands for itself. */
final class GroupRows {

    private final ConversationEvent event;
    private final long atMillis;
    private final List<Row> rows = new ArrayList<>();

    private GroupRows(ConversationEvent event, long atMillis) {
        this.event = event;
        this.atMillis = atMillis;
    }

    /** Nothing for events of other kinds. */
    static List<Row> of(ConversationEvent event, long atMillis) {
        GroupRows all = new GroupRows(event, atMillis);
        all.add();
        return all.rows;
    }

    private void add() {
        switch (event.getBodyCase()) {
            case GROUP_CREATED -> created(event.getGroupCreated());
            case GROUP_UPDATED ->
                group(
                        event.getGroupUpdated().getBy(),
                        profile(event.getGroupUpdated().getProfile()),
                        null,
                        null,
                        null);
            case MEMBERS_ADDED -> added(event.getMembersAdded());
            case MEMBER_LEFT -> {
                String user = event.getMemberLeft().getUserId();
                group(user, null, null, (long) event.getMemberLeft().getMemberCount(), null);
                member(user, user, false, null, null);
            }
            case MEMBERS_REMOVED -> removed(event.getMembersRemoved());
            case ROLE_CHANGED -> {
                RoleChanged changed = event.getRoleChanged();
                member(changed.getUserId(), changed.getBy(), null, changed.getRole(), null);
            }
            case OWNERSHIP_TRANSFERRED -> transferred(event.getOwnershipTransferred());
            case MEMBER_MUTED -> {
                MemberMuted muted = event.getMemberMuted();
                long until = muted.hasUntil() ? Values.untilMillis(muted.getUntil()) : 0;
                member(muted.getUserId(), muted.getBy(), null, null, until);
            }
            case ALL_MUTED ->
                group(
                        event.getAllMuted().getBy(),
                        null,
                        null,
                        null,
                        event.getAllMuted().getMuted());
            case GROUP_DISSOLVED ->
                rows.add(new Row.GroupChange(
                        event.getConversationId(),
                        event.getSeq(),
                        atMillis,
                        event.getGroupDissolved().getBy(),
                        null,
                        null,
                        null,
                        null,
                        true));
            case MESSAGE_SENT,
                    READ_ADVANCED,
                    MESSAGE_EDITED,
                    MESSAGE_RECALLED,
                    MESSAGES_DELETED,
                    REACTION_CHANGED,
                    PIN_CHANGED,
                    JOIN_REQUESTED,
                    JOIN_DECLINED,
                    FRIEND_REQUESTED,
                    FRIEND_ACCEPTED,
                    FRIEND_DECLINED,
                    FRIEND_REMOVED,
                    BLOCK_CHANGED,
                    REMARK_CHANGED,
                    DELIVERED_ADVANCED,
                    TYPING_STARTED,
                    BODY_NOT_SET -> {
                // not about groups
            }
        }
    }

    private void created(GroupCreated created) {
        String owner = created.getOwner();
        group(owner, profile(created.getProfile()), owner, (long) created.getMembersCount(), null);
        for (String user : created.getMembersList()) {
            member(user, owner, true, user.equals(owner) ? Role.OWNER : Role.MEMBER, null);
        }
    }

    private void added(MembersAdded added) {
        // the profile comes along for those who are new; as an event of its own it has been said before
        group(added.getBy(), null, null, (long) added.getMemberCount(), null);
        for (String user : added.getUserIdsList()) {
            member(user, added.getBy(), true, Role.MEMBER, null);
        }
    }

    private void removed(MembersRemoved removed) {
        group(removed.getBy(), null, null, (long) removed.getMemberCount(), null);
        for (String user : removed.getUserIdsList()) {
            member(user, removed.getBy(), false, null, null);
        }
    }

    private void transferred(OwnershipTransferred transferred) {
        group(transferred.getFrom(), null, transferred.getTo(), null, null);
        if (!transferred.getFrom().isEmpty()) {
            member(transferred.getFrom(), transferred.getFrom(), null, Role.ADMIN, null);
        }
        member(transferred.getTo(), transferred.getFrom(), null, Role.OWNER, null);
    }

    private void group(
            String by,
            Row.@Nullable Profile profile,
            @Nullable String owner,
            @Nullable Long memberCount,
            @Nullable Boolean allMuted) {
        rows.add(new Row.GroupChange(
                event.getConversationId(), event.getSeq(), atMillis, by, profile, owner, memberCount, allMuted, false));
    }

    private void member(
            String userId, String by, @Nullable Boolean belongs, @Nullable Role role, @Nullable Long mutedUntilMillis) {
        rows.add(new Row.MemberChange(
                event.getConversationId(),
                Values.user(userId),
                event.getSeq(),
                atMillis,
                by,
                belongs,
                role == null ? null : Values.name(role),
                mutedUntilMillis));
    }

    private static Row.Profile profile(GroupProfile profile) {
        JoinPolicy policy = profile.getJoinPolicy();
        return new Row.Profile(
                profile.getName(),
                profile.getAvatarUrl(),
                profile.getDescription(),
                profile.getAnnouncement(),
                Values.name(policy == JoinPolicy.JOIN_POLICY_UNSPECIFIED ? JoinPolicy.BY_INVITATION : policy),
                profile.getHistoryFromStart(),
                profile.getMaxMembers());
    }
}
