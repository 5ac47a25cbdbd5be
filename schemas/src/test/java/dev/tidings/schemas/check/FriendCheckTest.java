package dev.tidings.schemas.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.v1.AcceptFriend;
import dev.tidings.v1.BlockUser;
import dev.tidings.v1.DeclineFriend;
import dev.tidings.v1.FriendCommand;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.RemoveFriend;
import dev.tidings.v1.RequestFriend;
import dev.tidings.v1.SetRemark;
import dev.tidings.v1.UnblockUser;
import java.util.List;
import org.junit.jupiter.api.Test;

class FriendCheckTest {

    @Test
    void valid_commands_are_allowed() {
        List<FriendCommand> commands = List.of(
                request(""),
                request("ä".repeat(250)),
                friend().setAccept(AcceptFriend.getDefaultInstance()).build(),
                friend().setDecline(DeclineFriend.getDefaultInstance()).build(),
                friend().setRemove(RemoveFriend.getDefaultInstance()).build(),
                friend().setBlock(BlockUser.getDefaultInstance()).build(),
                friend().setUnblock(UnblockUser.getDefaultInstance()).build(),
                remark(""),
                remark("ä".repeat(128)));

        for (FriendCommand command : commands) {
            assertNull(FriendCheck.check(command), command::toString);
        }
    }

    @Test
    void a_command_without_a_body_is_refused() {
        assertInvalid("friend", friend().build());
    }

    @Test
    void notes_and_remarks_have_limits_in_bytes() {
        assertInvalid("note", request("ä".repeat(250) + "x"));
        assertInvalid("remark", remark("ä".repeat(128) + "x"));
    }

    private static void assertInvalid(String expected, FriendCommand command) {
        Refusal refusal = FriendCheck.check(command);
        assertTrue(refusal != null && refusal.getMessage().contains(expected), () -> command + " is " + refusal);
        assertEquals(Refusal.Reason.INVALID_ARGUMENT, refusal.getReason());
    }

    private static FriendCommand.Builder friend() {
        return FriendCommand.newBuilder().setConversationId("p:alice:bob");
    }

    private static FriendCommand request(String note) {
        return friend().setRequest(RequestFriend.newBuilder().setNote(note)).build();
    }

    private static FriendCommand remark(String remark) {
        return friend().setSetRemark(SetRemark.newBuilder().setRemark(remark)).build();
    }
}
