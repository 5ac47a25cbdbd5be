package dev.tidings.schemas.check;

import static dev.tidings.schemas.check.CommandCheck.invalid;
import static dev.tidings.schemas.check.CommandCheck.isAtMost;

import dev.tidings.v1.FriendCommand;
import dev.tidings.v1.Refusal;
import org.jspecify.annotations.Nullable;

/** What can be said against a command about a relation by looking at nothing but the command. */
final class FriendCheck {

    private static final int MAX_NOTE_BYTES = 500;
    private static final int MAX_REMARK_BYTES = 256;

    private FriendCheck() {}

    static @Nullable Refusal check(FriendCommand command) {
        return switch (command.getBodyCase()) {
            case REQUEST ->
                isAtMost(command.getRequest().getNote(), MAX_NOTE_BYTES)
                        ? null
                        : invalid("note must be at most " + MAX_NOTE_BYTES + " bytes");
            case SET_REMARK ->
                isAtMost(command.getSetRemark().getRemark(), MAX_REMARK_BYTES)
                        ? null
                        : invalid("remark must be at most " + MAX_REMARK_BYTES + " bytes");
            case ACCEPT, DECLINE, REMOVE, BLOCK, UNBLOCK -> null;
            case BODY_NOT_SET -> invalid("friend must say what is wanted: request, accept, decline, remove, block, …");
        };
    }
}
