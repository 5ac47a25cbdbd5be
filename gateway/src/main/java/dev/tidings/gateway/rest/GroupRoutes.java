package dev.tidings.gateway.rest;

import com.google.protobuf.Descriptors.Descriptor;
import dev.tidings.v1.AddMembers;
import dev.tidings.v1.Applied;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.CreateGroup;
import dev.tidings.v1.DecideJoin;
import dev.tidings.v1.DescribeGroup;
import dev.tidings.v1.DissolveGroup;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.GroupDescription;
import dev.tidings.v1.JoinGroup;
import dev.tidings.v1.LeaveGroup;
import dev.tidings.v1.MuteAll;
import dev.tidings.v1.MuteMember;
import dev.tidings.v1.RemoveMembers;
import dev.tidings.v1.Sequenced;
import dev.tidings.v1.SetRole;
import dev.tidings.v1.TransferOwnership;
import dev.tidings.v1.UpdateGroup;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/** The operations on groups. A group id is its conversation id, {@code g:<id>}. */
final class GroupRoutes {

    private static final String GROUP = "/v1/groups/{groupId}";
    private static final String MEMBER = GROUP + "/members/{userId}";
    private static final int MAX_MEMBERS = 1_000;
    private static final Descriptor[] CHANGED = {Sequenced.getDescriptor(), Applied.getDescriptor()};

    static final List<Route> ALL = List.of(
            Route.post(
                            "/v1/groups",
                            "createGroup",
                            "Creates a group, which the user owns. The reply names its id as conversationId.")
                    .query(QueryParameter.text(
                            "groupId",
                            "`g:` and an id of the client's choice. Absent: the server derives one from the idempotency key,"
                                    + " or chooses one at random."))
                    .body(CreateGroup.getDescriptor())
                    .replies(CHANGED)
                    .frame(request -> group(
                            newGroupId(request), command -> command.setCreate(request.body(CreateGroup.newBuilder())))),
            Route.get(GROUP, "readGroup", "Reads the profile and the state of a group, and a page of its members.")
                    .query(memberPage())
                    .replies(GroupDescription.getDescriptor())
                    .frame(GroupRoutes::describe),
            Route.patch(GROUP, "updateGroup", "Changes the fields of the profile that are present.")
                    .body(UpdateGroup.getDescriptor())
                    .replies(CHANGED)
                    .frame(on((request, command) -> command.setUpdate(request.body(UpdateGroup.newBuilder())))),
            Route.delete(GROUP, "dissolveGroup", "Dissolves a group. Its id cannot be used again.")
                    .replies(CHANGED)
                    .frame(on((request, command) -> command.setDissolve(DissolveGroup.getDefaultInstance()))),
            Route.get(GROUP + "/members", "listMembers", "Reads a page of the members, ascending by user id.")
                    .query(memberPage())
                    .replies(GroupDescription.getDescriptor())
                    .frame(GroupRoutes::describe),
            Route.post(GROUP + "/members", "addMembers", "Adds users to a group.")
                    .body(AddMembers.getDescriptor())
                    .replies(CHANGED)
                    .frame(on((request, command) -> command.setAddMembers(request.body(AddMembers.newBuilder())))),
            Route.delete(MEMBER, "removeMember", "Removes a member from a group. With the user's own id: leaves it.")
                    .replies(CHANGED)
                    .frame(on(GroupRoutes::remove)),
            Route.put(MEMBER + "/role", "setRole", "Makes a member an admin, or an admin a plain member.")
                    .body(SetRole.getDescriptor(), "userId")
                    .replies(CHANGED)
                    .frame(on((request, command) -> command.setSetRole(
                            request.body(SetRole.newBuilder()).setUserId(request.pathUserId())))),
            Route.put(MEMBER + "/mute", "muteMember", "Stops a member from posting until a time.")
                    .body(MuteMember.getDescriptor(), "userId")
                    .replies(CHANGED)
                    .frame(on((request, command) -> command.setMuteMember(mute(request)))),
            Route.delete(MEMBER + "/mute", "unmuteMember", "Allows a member to post again.")
                    .replies(CHANGED)
                    .frame(on((request, command) ->
                            command.setMuteMember(MuteMember.newBuilder().setUserId(request.pathUserId())))),
            Route.put(GROUP + "/mute", "muteAllMembers", "Stops all members except the owner and admins from posting.")
                    .replies(CHANGED)
                    .frame(on((request, command) ->
                            command.setMuteAll(MuteAll.newBuilder().setMuted(true)))),
            Route.delete(GROUP + "/mute", "unmuteAllMembers", "Allows all members to post again.")
                    .replies(CHANGED)
                    .frame(on((request, command) -> command.setMuteAll(MuteAll.getDefaultInstance()))),
            Route.put(GROUP + "/owner", "transferOwnership", "Makes another member the owner.")
                    .body(TransferOwnership.getDescriptor())
                    .replies(CHANGED)
                    .frame(on((request, command) ->
                            command.setTransferOwnership(request.body(TransferOwnership.newBuilder())))),
            Route.post(GROUP + "/join", "joinGroup", "Joins a group, or requests to join it.")
                    .body(JoinGroup.getDescriptor())
                    .replies(CHANGED)
                    .frame(on((request, command) -> command.setJoin(request.body(JoinGroup.newBuilder())))),
            Route.put(GROUP + "/requests/{userId}", "approveJoinRequest", "Approves a join request.")
                    .replies(CHANGED)
                    .frame(on((request, command) -> command.setDecideJoin(DecideJoin.newBuilder()
                            .setUserId(request.pathUserId())
                            .setApprove(true)))),
            Route.delete(GROUP + "/requests/{userId}", "declineJoinRequest", "Declines a join request.")
                    .replies(CHANGED)
                    .frame(on((request, command) ->
                            command.setDecideJoin(DecideJoin.newBuilder().setUserId(request.pathUserId())))));

    private GroupRoutes() {}

    private static QueryParameter[] memberPage() {
        return new QueryParameter[] {
            QueryParameter.text("afterUserId", "The last user id of the page before."),
            QueryParameter.limit(MAX_MEMBERS, "1 to 1,000 members; 100 if absent.")
        };
    }

    private static Function<RestRequest, ClientFrame.Builder> on(BiConsumer<RestRequest, GroupCommand.Builder> body) {
        return request -> group(request.groupId(), command -> body.accept(request, command));
    }

    private static ClientFrame.Builder group(String groupId, Consumer<GroupCommand.Builder> body) {
        GroupCommand.Builder command = GroupCommand.newBuilder().setConversationId(groupId);
        body.accept(command);
        return ClientFrame.newBuilder().setGroup(command);
    }

    /** A repeated request with the same idempotency key creates the same group. */
    private static String newGroupId(RestRequest request) {
        if (request.query().containsKey("groupId")) {
            return request.text("groupId");
        }
        String key = request.idempotencyKey();
        UUID id = key.isEmpty()
                ? UUID.randomUUID()
                : UUID.nameUUIDFromBytes((request.userId() + '\n' + key).getBytes(StandardCharsets.UTF_8));
        return "g:" + id;
    }

    private static ClientFrame.Builder describe(RestRequest request) {
        return group(
                request.groupId(),
                command -> command.setDescribe(DescribeGroup.newBuilder()
                        .setAfterUserId(request.text("afterUserId"))
                        .setLimit(request.limit("limit", 100, MAX_MEMBERS))));
    }

    private static void remove(RestRequest request, GroupCommand.Builder command) {
        String removed = request.pathUserId();
        if (removed.equals(request.userId())) {
            command.setLeave(LeaveGroup.getDefaultInstance());
        } else {
            command.setRemoveMembers(RemoveMembers.newBuilder().addUserIds(removed));
        }
    }

    private static MuteMember.Builder mute(RestRequest request) {
        MuteMember.Builder mute = request.body(MuteMember.newBuilder());
        if (!mute.hasUntil()) {
            throw RestRequest.invalid("the body has no until; DELETE the mute to end it");
        }
        return mute.setUserId(request.pathUserId());
    }
}
