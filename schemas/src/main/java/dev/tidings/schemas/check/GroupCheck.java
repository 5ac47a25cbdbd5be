package dev.tidings.schemas.check;

import static dev.tidings.schemas.check.CommandCheck.checkUser;
import static dev.tidings.schemas.check.CommandCheck.checkUsers;
import static dev.tidings.schemas.check.CommandCheck.first;
import static dev.tidings.schemas.check.CommandCheck.invalid;
import static dev.tidings.schemas.check.CommandCheck.isAtMost;

import com.google.protobuf.util.Timestamps;
import dev.tidings.schemas.text.BlankText;
import dev.tidings.v1.DescribeGroup;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.JoinPolicy;
import dev.tidings.v1.MuteMember;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Role;
import dev.tidings.v1.SetRole;
import dev.tidings.v1.UpdateGroup;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be said against a command about a group by looking at nothing but the command. */
final class GroupCheck {

    private static final int MAX_USERS = 1_000;
    private static final int MAX_NAME_BYTES = 256;
    private static final int MAX_URL_BYTES = 1_024;
    private static final int MAX_TEXT_BYTES = 4_096;
    private static final int MAX_NOTE_BYTES = 500;
    private static final int MAX_PAGE = 1_000;

    private GroupCheck() {}

    static @Nullable Refusal check(GroupCommand command) {
        return switch (command.getBodyCase()) {
            case CREATE ->
                first(
                        check(command.getCreate().getProfile()),
                        checkList("members", command.getCreate().getMembersList(), 0));
            case UPDATE -> check(command.getUpdate());
            case ADD_MEMBERS -> checkList("userIds", command.getAddMembers().getUserIdsList(), 1);
            case REMOVE_MEMBERS ->
                checkList("userIds", command.getRemoveMembers().getUserIdsList(), 1);
            case JOIN -> atMost("note", command.getJoin().getNote(), MAX_NOTE_BYTES);
            case DECIDE_JOIN -> checkUser(command.getDecideJoin().getUserId());
            case SET_ROLE -> check(command.getSetRole());
            case TRANSFER_OWNERSHIP -> checkUser(command.getTransferOwnership().getUserId());
            case MUTE_MEMBER -> check(command.getMuteMember());
            case DESCRIBE -> check(command.getDescribe());
            case LEAVE, MUTE_ALL, DISSOLVE -> null;
            case BODY_NOT_SET -> invalid("group must say what is wanted: create, update, addMembers, join, …");
        };
    }

    private static @Nullable Refusal check(GroupProfile profile) {
        return first(
                checkName(profile.getName()),
                checkAvatar(profile.getAvatarUrl()),
                atMost("description", profile.getDescription(), MAX_TEXT_BYTES),
                atMost("announcement", profile.getAnnouncement(), MAX_TEXT_BYTES),
                known(profile.getJoinPolicy()),
                notNegative("maxMembers", profile.getMaxMembers()));
    }

    private static @Nullable Refusal check(UpdateGroup update) {
        return first(
                update.hasName() ? checkName(update.getName()) : null,
                checkAvatar(update.getAvatarUrl()),
                atMost("description", update.getDescription(), MAX_TEXT_BYTES),
                atMost("announcement", update.getAnnouncement(), MAX_TEXT_BYTES),
                known(update.getJoinPolicy()),
                notNegative("maxMembers", update.getMaxMembers()));
    }

    private static @Nullable Refusal check(SetRole set) {
        Refusal flaw = checkUser(set.getUserId());
        if (flaw != null) {
            return flaw;
        }
        return set.getRole() == Role.ADMIN || set.getRole() == Role.MEMBER
                ? null
                : invalid("role must be ADMIN or MEMBER; ownership is transferred");
    }

    private static @Nullable Refusal check(MuteMember mute) {
        return mute.hasUntil() && !Timestamps.isValid(mute.getUntil())
                ? invalid("until is no time")
                : checkUser(mute.getUserId());
    }

    private static @Nullable Refusal check(DescribeGroup describe) {
        if (describe.getLimit() < 0 || describe.getLimit() > MAX_PAGE) {
            return invalid("limit must be 0 to " + MAX_PAGE);
        }
        return describe.getAfterUserId().isEmpty() ? null : checkUser(describe.getAfterUserId());
    }

    private static @Nullable Refusal checkAvatar(String url) {
        return first(atMost("avatarUrl", url, MAX_URL_BYTES), MediaCheck.checkOptionalUrl("avatarUrl", url));
    }

    private static @Nullable Refusal checkName(String name) {
        return BlankText.isBlank(name) || !isAtMost(name, MAX_NAME_BYTES)
                ? invalid("name must be 1 to " + MAX_NAME_BYTES + " bytes and not blank")
                : null;
    }

    private static @Nullable Refusal checkList(String field, List<String> userIds, int atLeast) {
        return userIds.size() < atLeast || userIds.size() > MAX_USERS
                ? invalid(field + " must be " + atLeast + " to " + MAX_USERS + "; they are " + userIds.size())
                : checkUsers(userIds);
    }

    private static @Nullable Refusal atMost(String field, String text, int maxBytes) {
        return isAtMost(text, maxBytes) ? null : invalid(field + " must be at most " + maxBytes + " bytes");
    }

    private static @Nullable Refusal known(JoinPolicy policy) {
        return policy == JoinPolicy.UNRECOGNIZED
                ? invalid("joinPolicy must be OPEN, BY_APPROVAL or BY_INVITATION")
                : null;
    }

    private static @Nullable Refusal notNegative(String field, int value) {
        return value < 0 ? invalid(field + " must not be negative") : null;
    }
}
