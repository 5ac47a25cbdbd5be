package dev.tidings.processors.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.processors.conversation.Decision.Duplicate;
import dev.tidings.processors.conversation.Decision.Unchanged;
import dev.tidings.v1.AddMembers;
import dev.tidings.v1.BlockUser;
import dev.tidings.v1.Command;
import dev.tidings.v1.CreateGroup;
import dev.tidings.v1.DeclineFriend;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.LeaveGroup;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.RequestFriend;
import dev.tidings.v1.Sequenced;
import dev.tidings.v1.SetRemark;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Commands that a client repeats because it got no answer. */
class OperationIdTest {

    private final Scene pair = new Scene("p:alice:bob");
    private final Scene team = new Scene("g:team");

    @Test
    void a_retried_edit_is_one_edit() {
        pair.accepts(pair.send("alice", "m1"));
        assertOnce(pair, () -> pair.edit("alice", 1, "better"));
    }

    @Test
    void a_retried_recall_is_one_recall() {
        pair.accepts(pair.send("alice", "m1"));
        assertOnce(pair, () -> pair.recall("alice", 1));
    }

    @Test
    void a_retried_reaction_is_one_reaction_also_if_it_was_removed_meanwhile() {
        pair.accepts(pair.send("alice", "m1"));
        Command first = named("op", pair.react("bob", 1, "👍"));
        long seq = pair.accepts(first).getSeq();
        pair.accepts(pair.unreact("bob", 1, "👍"));

        Sequenced again = duplicate(pair, named("op", pair.react("bob", 1, "👍")));

        assertEquals(seq, again.getSeq());
    }

    @Test
    void a_retried_pin_is_one_pin() {
        pair.accepts(pair.send("alice", "m1"));
        assertOnce(pair, () -> pair.pin("alice", 1));
    }

    @Test
    void a_retried_group_creation_is_one_group() {
        assertOnce(
                team,
                () -> team.group(
                        "olga",
                        group -> group.setCreate(CreateGroup.newBuilder()
                                .setProfile(GroupProfile.newBuilder().setName("The team"))
                                .addAllMembers(List.of("max", "mia")))));
    }

    @Test
    void a_retried_membership_command_is_one_command() {
        a_retried_group_creation_is_one_group();
        assertOnce(
                team,
                () -> team.group(
                        "olga",
                        group -> group.setAddMembers(AddMembers.newBuilder().addUserIds("zoe"))));
        assertOnce(team, () -> team.group("max", group -> group.setLeave(LeaveGroup.newBuilder())));
    }

    @Test
    void a_retried_friend_request_is_one_request() {
        assertOnce(pair, () -> pair.friend("alice", friend -> friend.setRequest(RequestFriend.newBuilder())));
    }

    @Test
    void one_users_operation_is_not_anothers_nor_a_message_of_the_same_name() {
        pair.accepts(pair.send("alice", "op"));
        pair.accepts(named("op", pair.pin("alice", 1)));

        pair.accepts(named("op", pair.react("bob", 1, "👍")));
    }

    @Test
    void a_refused_command_is_decided_again() {
        pair.accepts(pair.send("alice", "m1"));
        pair.refuses(Refusal.Reason.NOT_ALLOWED, named("op", pair.edit("bob", 1, "no")));

        pair.accepts(named("op", pair.pin("bob", 1)));
    }

    @Test
    void after_ten_minutes_and_1024_events_it_is_a_new_command() {
        pair.accepts(pair.send("alice", "m1"));
        pair.accepts(named("op", pair.react("bob", 1, "👍")));
        for (int i = 0; i < RecentEvents.WINDOW; i++) {
            pair.accepts(pair.send("alice", "more" + i));
        }
        long last = pair.state().head().getLastSeq();

        assertEquals(last + 1, pair.accepts(named("op", pair.pin("bob", last))).getSeq());
    }

    @Test
    void repeated_commands_outside_the_sequence_change_nothing() {
        pair.accepts(pair.send("bob", "m1"));
        pair.accepts(pair.friend("bob", friend -> friend.setRequest(RequestFriend.newBuilder())));
        for (Supplier<Command> command : List.<Supplier<Command>>of(
                () -> pair.delete("alice", delete -> delete.addSeqs(1)),
                () -> pair.friend("alice", friend -> friend.setBlock(BlockUser.newBuilder())),
                () -> pair.friend(
                        "alice",
                        friend -> friend.setSetRemark(SetRemark.newBuilder().setRemark("Bob"))),
                () -> pair.friend("alice", friend -> friend.setDecline(DeclineFriend.newBuilder())))) {
            assertEquals(0, pair.accepts(command.get()).getSeq());
            assertInstanceOf(Unchanged.class, pair.when(command.get()));
        }
    }

    /** Supplies a command with a new id each time, as a client does. */
    private static void assertOnce(Scene scene, Supplier<Command> command) {
        Command first = named("op" + scene.now(), command.get());
        long seq = scene.accepts(first).getSeq();

        Sequenced again = duplicate(scene, named(first.getOperationId(), command.get()));

        assertEquals(seq, again.getSeq());
        assertEquals(seq, scene.state().head().getLastSeq());
    }

    private static Sequenced duplicate(Scene scene, Command command) {
        Sequenced answer =
                assertInstanceOf(Duplicate.class, scene.when(command)).answer();
        assertTrue(answer.getDuplicate());
        return answer;
    }

    private static Command named(String operationId, Command command) {
        return command.toBuilder().setOperationId(operationId).build();
    }
}
