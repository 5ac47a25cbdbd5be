package dev.tidings.schemas.check;

import static dev.tidings.schemas.check.Refusals.checkCount;
import static dev.tidings.schemas.check.Refusals.checkLength;
import static dev.tidings.schemas.check.Refusals.checkNotNegative;
import static dev.tidings.schemas.check.Refusals.checkRange;
import static dev.tidings.schemas.check.Refusals.checkUser;
import static dev.tidings.schemas.check.Refusals.checkUsers;
import static dev.tidings.schemas.check.Refusals.first;
import static dev.tidings.schemas.check.Refusals.invalid;

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

/** Checks group commands: user lists, texts, roles, pages. */
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
            case JOIN -> checkLength("note", command.getJoin().getNote(), MAX_NOTE_BYTES);
            case DECIDE_JOIN -> checkUser(command.getDecideJoin().getUserId());
            case SET_ROLE -> check(command.getSetRole());
            case TRANSFER_OWNERSHIP -> checkUser(command.getTransferOwnership().getUserId());
            case MUTE_MEMBER -> check(command.getMuteMember());
            case DESCRIBE -> check(command.getDescribe());
            case LEAVE, MUTE_ALL, DISSOLVE -> null;
            case BODY_NOT_SET -> invalid("group has no body; create, update, addMembers, join, … are allowed");
        };
    }

    private static @Nullable Refusal check(GroupProfile profile) {
        return first(
                checkName(profile.getName()),
                checkAvatar(profile.getAvatarUrl()),
                checkLength("description", profile.getDescription(), MAX_TEXT_BYTES),
                checkLength("announcement", profile.getAnnouncement(), MAX_TEXT_BYTES),
                checkJoinPolicy(profile.getJoinPolicy()),
                checkNotNegative("maxMembers", profile.getMaxMembers()));
    }

    private static @Nullable Refusal check(UpdateGroup update) {
        return first(
                update.hasName() ? checkName(update.getName()) : null,
                checkAvatar(update.getAvatarUrl()),
                checkLength("description", update.getDescription(), MAX_TEXT_BYTES),
                checkLength("announcement", update.getAnnouncement(), MAX_TEXT_BYTES),
                checkJoinPolicy(update.getJoinPolicy()),
                checkNotNegative("maxMembers", update.getMaxMembers()));
    }

    private static @Nullable Refusal check(SetRole set) {
        Refusal refusal = checkUser(set.getUserId());
        if (refusal != null) {
            return refusal;
        }
        return set.getRole() == Role.ADMIN || set.getRole() == Role.MEMBER
                ? null
                : invalid("role is " + set.getRole() + "; ADMIN and MEMBER are allowed");
    }

    private static @Nullable Refusal check(MuteMember mute) {
        return mute.hasUntil() && !Timestamps.isValid(mute.getUntil())
                ? invalid("until is out of range; 0001-01-01 to 9999-12-31 is allowed")
                : checkUser(mute.getUserId());
    }

    private static @Nullable Refusal check(DescribeGroup describe) {
        return first(
                checkRange("limit", describe.getLimit(), 0, MAX_PAGE),
                describe.getAfterUserId().isEmpty() ? null : checkUser(describe.getAfterUserId()));
    }

    private static @Nullable Refusal checkAvatar(String url) {
        return first(checkLength("avatarUrl", url, MAX_URL_BYTES), MediaCheck.checkOptionalUrl("avatarUrl", url));
    }

    private static @Nullable Refusal checkName(String name) {
        return BlankText.isBlank(name)
                ? invalid("name is blank; 1 to " + MAX_NAME_BYTES + " bytes are allowed")
                : checkLength("name", name, MAX_NAME_BYTES);
    }

    private static @Nullable Refusal checkList(String field, List<String> userIds, int min) {
        return first(checkCount(field, userIds.size(), min, MAX_USERS), checkUsers(userIds));
    }

    private static @Nullable Refusal checkJoinPolicy(JoinPolicy policy) {
        return policy == JoinPolicy.UNRECOGNIZED
                ? invalid("joinPolicy is unknown; OPEN, BY_APPROVAL and BY_INVITATION are allowed")
                : null;
    }
}
