package dev.tidings.gateway.grpc;

import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.tidings.gateway.api.Errors;
import dev.tidings.gateway.api.RequestException;
import dev.tidings.gateway.api.UnaryRequests;
import dev.tidings.schemas.id.UserId;
import dev.tidings.v1.ChangeFriendRequest;
import dev.tidings.v1.ChangeGroupRequest;
import dev.tidings.v1.ChangeProfile;
import dev.tidings.v1.ChangeSettings;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.DeleteMessagesForMeRequest;
import dev.tidings.v1.DescribeGroup;
import dev.tidings.v1.DescribeReceipts;
import dev.tidings.v1.DevicesRequest;
import dev.tidings.v1.EditMessageRequest;
import dev.tidings.v1.GetBadgeRequest;
import dev.tidings.v1.GetGroupRequest;
import dev.tidings.v1.GetPresenceRequest;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.ListConversationsRequest;
import dev.tidings.v1.ListFriendsRequest;
import dev.tidings.v1.ListGatewaysRequest;
import dev.tidings.v1.MarkConversationRead;
import dev.tidings.v1.PatchUser;
import dev.tidings.v1.PinMessageRequest;
import dev.tidings.v1.ReactToMessageRequest;
import dev.tidings.v1.ReadHistory;
import dev.tidings.v1.RecallMessageRequest;
import dev.tidings.v1.RegisterPush;
import dev.tidings.v1.RevokeDevice;
import dev.tidings.v1.Search;
import dev.tidings.v1.Send;
import dev.tidings.v1.SyncMode;
import dev.tidings.v1.UserSearch;
import dev.tidings.v1.UsersQuery;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** The table of the unary methods for users, in the order of service.proto. */
final class UnaryMethods {

    /** As in one presence query of a connection. */
    private static final int MAX_QUERIED = 200;

    static final List<UnaryMethod<?>> ALL = List.of(
            command("SendMessage", Send.parser(), request -> frame("").setSend(request)),
            change(
                    "EditMessage",
                    EditMessageRequest.parser(),
                    request -> frame(request.getOperationId()).setEdit(request.getEdit())),
            change(
                    "RecallMessage",
                    RecallMessageRequest.parser(),
                    request -> frame(request.getOperationId()).setRecall(request.getRecall())),
            change(
                    "DeleteMessagesForMe",
                    DeleteMessagesForMeRequest.parser(),
                    request -> frame(request.getOperationId()).setDeleteForMe(request.getDelete())),
            change(
                    "ReactToMessage",
                    ReactToMessageRequest.parser(),
                    request -> frame(request.getOperationId()).setReact(request.getReact())),
            change(
                    "PinMessage",
                    PinMessageRequest.parser(),
                    request -> frame(request.getOperationId()).setPin(request.getPin())),
            read("ListMessages", ReadHistory.parser(), UnaryRequests::history),
            read("SearchMessages", Search.parser(), UnaryRequests::search),
            read(
                    "GetReceipts",
                    DescribeReceipts.parser(),
                    (requests, userId, request) -> requests.command(
                            userId, frame("").setReceipts(request).build())),
            read("ListConversations", ListConversationsRequest.parser(), UnaryMethods::listConversations),
            read("GetBadge", GetBadgeRequest.parser(), (requests, userId, request) -> requests.badge(userId)),
            command(
                    "MarkRead",
                    MarkConversationRead.parser(),
                    request -> frame("").setMarkRead(request)),
            command(
                    "UpdateSettings",
                    ChangeSettings.parser(),
                    request -> frame("").setSettings(request)),
            read(
                    "GetGroup",
                    GetGroupRequest.parser(),
                    (requests, userId, request) -> requests.command(userId, describe(request))),
            change("ChangeGroup", ChangeGroupRequest.parser(), UnaryMethods::changeGroup),
            read("ListFriends", ListFriendsRequest.parser(), (requests, userId, request) -> requests.friends(userId)),
            change(
                    "ChangeFriend",
                    ChangeFriendRequest.parser(),
                    request -> frame(request.getOperationId()).setFriend(request.getCommand())),
            command(
                    "UpdateProfile",
                    ChangeProfile.parser(),
                    request -> frame("").setProfile(request)),
            read(
                    "BatchGetUsers",
                    UsersQuery.parser(),
                    (requests, userId, request) -> requests.users(request.getUserIdsList())),
            read(
                    "SearchUsers",
                    UserSearch.parser(),
                    (requests, userId, request) -> requests.searchUsers(request.getPrefix(), request.getLimit())),
            command("UpdateUser", PatchUser.parser(), request -> frame("").setPatchUser(request)),
            read(
                    "ListDevices",
                    DevicesRequest.parser(),
                    (requests, userId, request) -> requests.command(
                            userId, frame("").setDevices(request).build())),
            command("DeleteDevice", RevokeDevice.parser(), request -> frame("").setRevokeDevice(request)),
            command("UpdatePush", RegisterPush.parser(), request -> frame("").setRegisterPush(request)),
            read(
                    "GetPresence",
                    GetPresenceRequest.parser(),
                    (requests, userId, request) -> requests.presence(userId, userIds(request))),
            read(
                    "ListGateways",
                    ListGatewaysRequest.parser(),
                    (requests, userId, request) -> CompletableFuture.completedFuture(requests.gateways())));

    private UnaryMethods() {}

    private static <Q extends Message> UnaryMethod<Q> read(
            String name, Parser<Q> parser, UnaryMethod.Operation<Q> operation) {
        return UnaryMethod.read(name, parser, operation);
    }

    /** A method that sends this frame of the client protocol and has one kind of outcome. */
    private static <Q extends Message> UnaryMethod<Q> command(
            String name, Parser<Q> parser, Function<Q, ClientFrame.Builder> frame) {
        return UnaryMethod.change(
                name,
                parser,
                (api, caller, request) ->
                        api.users().command(caller.user(), frame.apply(request).build()));
    }

    /** A method that sends this frame of the client protocol; its reply is a {@code CommandOutcome}. */
    private static <Q extends Message> UnaryMethod<Q> change(
            String name, Parser<Q> parser, Function<Q, ClientFrame.Builder> frame) {
        return UnaryMethod.change(
                name,
                parser,
                (api, caller, request) -> api.users()
                        .command(caller.user(), frame.apply(request).build())
                        .thenApply(UnaryMethod::outcome));
    }

    private static ClientFrame.Builder frame(String operationId) {
        return ClientFrame.newBuilder().setOperationId(operationId);
    }

    private static CompletableFuture<Message> listConversations(
            UnaryRequests requests, String userId, ListConversationsRequest request) {
        if (request.getSince() < 0 || request.getAfter() < 0) {
            throw invalid("since is " + request.getSince() + " and after is " + request.getAfter()
                    + "; both must be at least 0");
        }
        SyncMode mode = switch (request.getMode()) {
            case SYNC_MODE_UNSPECIFIED -> request.getSince() > 0 ? SyncMode.INCREMENTAL : SyncMode.FULL;
            case FAST, FULL, INCREMENTAL -> request.getMode();
            case UNRECOGNIZED ->
                throw invalid("mode is " + request.getModeValue() + "; FAST, INCREMENTAL and FULL are allowed");
        };
        if (mode != SyncMode.INCREMENTAL && request.getSince() > 0) {
            throw invalid("mode is " + mode + " with since; only INCREMENTAL has it");
        }
        if (mode == SyncMode.FAST && request.getAfter() > 0) {
            throw invalid("mode is FAST with after; FAST has one page");
        }
        return requests.conversations(userId, mode, request.getSince(), request.getAfter());
    }

    private static ClientFrame describe(GetGroupRequest request) {
        return frame("")
                .setGroup(GroupCommand.newBuilder()
                        .setConversationId(request.getConversationId())
                        .setDescribe(DescribeGroup.newBuilder()
                                .setAfterUserId(request.getAfterUserId())
                                .setLimit(request.getLimit())))
                .build();
    }

    private static ClientFrame.Builder changeGroup(ChangeGroupRequest request) {
        if (request.getCommand().hasDescribe()) {
            throw invalid("command.describe changes nothing; call GetGroup");
        }
        return frame(request.getOperationId()).setGroup(request.getCommand());
    }

    static List<String> userIds(GetPresenceRequest request) {
        List<String> userIds = request.getUserIdsList().stream().distinct().toList();
        if (userIds.isEmpty() || userIds.size() > MAX_QUERIED) {
            throw invalid("user_ids has " + userIds.size() + " entries; 1 to " + MAX_QUERIED + " are allowed");
        }
        for (String one : userIds) {
            if (!UserId.isValid(one)) {
                throw invalid("user_ids has \"" + one + "\"; a user id must match [A-Za-z0-9_.-]{1,64}");
            }
        }
        return userIds;
    }

    private static RequestException invalid(String message) {
        return new RequestException(Errors.invalidArgument(message));
    }
}
