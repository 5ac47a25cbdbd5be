package dev.tidings.schemas.check;

import static dev.tidings.schemas.check.Refusals.checkLength;

import dev.tidings.v1.FriendCommand;
import dev.tidings.v1.Refusal;
import org.jspecify.annotations.Nullable;

/** Checks friend commands: the length of their texts. */
final class FriendCheck {

    private static final int MAX_NOTE_BYTES = 500;
    private static final int MAX_REMARK_BYTES = 256;

    private FriendCheck() {}

    static @Nullable Refusal check(FriendCommand command) {
        return switch (command.getBodyCase()) {
            case REQUEST -> checkLength("note", command.getRequest().getNote(), MAX_NOTE_BYTES);
            case SET_REMARK -> checkLength("remark", command.getSetRemark().getRemark(), MAX_REMARK_BYTES);
            case ACCEPT, DECLINE, REMOVE, BLOCK, UNBLOCK -> null;
            case BODY_NOT_SET ->
                Refusals.invalid("friend has no body; request, accept, decline, remove, block, … are allowed");
        };
    }
}
