package dev.tidings.processors.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tidings.processors.TestRecords;
import dev.tidings.processors.rules.FixedRules;
import dev.tidings.v1.AddMembers;
import dev.tidings.v1.Command;
import dev.tidings.v1.CreateGroup;
import dev.tidings.v1.DecideJoin;
import dev.tidings.v1.DescribeGroup;
import dev.tidings.v1.DissolveGroup;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.JoinGroup;
import dev.tidings.v1.JoinPolicy;
import dev.tidings.v1.MuteAll;
import dev.tidings.v1.MuteMember;
import dev.tidings.v1.RemoveMembers;
import dev.tidings.v1.Role;
import dev.tidings.v1.SetRole;
import dev.tidings.v1.TransferOwnership;
import dev.tidings.v1.UpdateGroup;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The authorization matrix of groups: each operation by the owner, an admin, a member, a member of another group, a banned member,
 * and the system. New members need an approval. Max has sent message 3, and Zoe requests to join.
 */
class GroupAuthorizationTest {

    private static final List<String> ACTORS = List.of("olga", "ada", "max", "sam", "mallory", "");

    /**
     * An operation, and its outcome for each actor: + allowed, - NOT_ALLOWED, m NOT_A_MEMBER, b BANNED, u INVALID_USER_ID (it is
     * about its actor).
     */
    private enum Operation {
        SEND("+++mb+", (scene, actor) -> scene.send(actor, "m2")),
        EDIT("--+mb+", (scene, actor) -> scene.edit(actor, 3, "edited")),
        RECALL("+++mb+", (scene, actor) -> scene.recall(actor, 3)),
        REACT("+++mbu", (scene, actor) -> scene.react(actor, 3, "x")),
        PIN("++-mb+", (scene, actor) -> scene.pin(actor, 3)),
        DELETE_FOR_ME("+++mbu", (scene, actor) -> scene.delete(actor, what -> what.addSeqs(3))),
        UPDATE("++-mb+", group(body -> body.setUpdate(UpdateGroup.newBuilder().setName("New")))),
        ADD_MEMBERS(
                "++-mb+",
                group(body -> body.setAddMembers(AddMembers.newBuilder().addUserIds("new")))),
        JOIN("++++bu", group(body -> body.setJoin(JoinGroup.getDefaultInstance()))),
        APPROVE_JOIN(
                "++-mb+",
                group(body -> body.setDecideJoin(
                        DecideJoin.newBuilder().setUserId("zoe").setApprove(true)))),
        REMOVE_MEMBER(
                "++-mb+",
                group(body -> body.setRemoveMembers(RemoveMembers.newBuilder().addUserIds("mia")))),
        REMOVE_ADMIN(
                "+--mb+",
                group(body -> body.setRemoveMembers(RemoveMembers.newBuilder().addUserIds("eve")))),
        SET_ROLE(
                "+--mb+",
                group(body ->
                        body.setSetRole(SetRole.newBuilder().setUserId("mia").setRole(Role.ADMIN)))),
        TRANSFER_OWNERSHIP(
                "+--mb+",
                group(body ->
                        body.setTransferOwnership(TransferOwnership.newBuilder().setUserId("mia")))),
        MUTE_MEMBER(
                "++-mb+",
                group(body -> body.setMuteMember(
                        MuteMember.newBuilder().setUserId("mia").setUntil(TestRecords.at(900))))),
        MUTE_ALL("++-mb+", group(body -> body.setMuteAll(MuteAll.newBuilder().setMuted(true)))),
        DISSOLVE("+--mb+", group(body -> body.setDissolve(DissolveGroup.getDefaultInstance()))),
        DESCRIBE("+++mb+", group(body -> body.setDescribe(DescribeGroup.getDefaultInstance())));

        private final String outcomes;
        private final BiFunction<Scene, String, Command> command;

        Operation(String outcomes, BiFunction<Scene, String, Command> command) {
            this.outcomes = outcomes;
            this.command = command;
        }

        private static BiFunction<Scene, String, Command> group(UnaryOperator<GroupCommand.Builder> body) {
            return (scene, actor) -> scene.group(actor, body);
        }
    }

    @ParameterizedTest
    @EnumSource
    void each_operation_is_open_to_the_actors_of_its_row_and_to_no_others(Operation operation) {
        StringBuilder outcomes = new StringBuilder();
        for (String actor : ACTORS) {
            Scene scene = scene();
            Command command = operation.command.apply(scene, actor);
            outcomes.append(outcome(scene.when(actor.isEmpty() ? Scene.asSystem(command) : command)));
        }

        assertEquals(operation.outcomes, outcomes.toString());
    }

    private static Scene scene() {
        Scene scene = new Scene("g:team");
        scene.accepts(scene.group(
                "olga",
                body -> body.setCreate(CreateGroup.newBuilder()
                        .setProfile(GroupProfile.newBuilder().setName("Team").setJoinPolicy(JoinPolicy.BY_APPROVAL))
                        .addAllMembers(List.of("ada", "eve", "max", "mia", "mallory")))));
        scene.accepts(scene.group(
                "olga",
                body -> body.setSetRole(SetRole.newBuilder().setUserId("ada").setRole(Role.ADMIN))));
        scene.accepts(scene.send("max", "m1"));
        scene.accepts(scene.group(
                "olga",
                body -> body.setSetRole(SetRole.newBuilder().setUserId("eve").setRole(Role.ADMIN))));
        scene.accepts(scene.group("zoe", body -> body.setJoin(JoinGroup.getDefaultInstance())));
        return scene.under(FixedRules.banning("mallory"));
    }

    private static char outcome(Decision decision) {
        return switch (decision) {
            case Decision.Refused(var refusal) ->
                switch (refusal.getReason()) {
                    case NOT_ALLOWED -> '-';
                    case NOT_A_MEMBER -> 'm';
                    case BANNED -> 'b';
                    case INVALID_USER_ID -> 'u';
                    default -> throw new AssertionError("unexpected refusal: " + refusal);
                };
            case Decision.Accepted _,
                    Decision.Duplicate _,
                    Decision.Unchanged _,
                    Decision.Described _,
                    Decision.Counted _,
                    Decision.HeadRead _ -> '+';
        };
    }
}
