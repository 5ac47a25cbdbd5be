package dev.tidings.gateway.rest;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import dev.tidings.gateway.api.ClientApi;
import dev.tidings.gateway.api.UnaryRequests;
import dev.tidings.v1.AcceptFriend;
import dev.tidings.v1.Applied;
import dev.tidings.v1.BlockUser;
import dev.tidings.v1.ChangeProfile;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.DeclineFriend;
import dev.tidings.v1.Devices;
import dev.tidings.v1.DevicesRequest;
import dev.tidings.v1.FriendCommand;
import dev.tidings.v1.Friends;
import dev.tidings.v1.GatewayAddresses;
import dev.tidings.v1.PatchUser;
import dev.tidings.v1.Presences;
import dev.tidings.v1.RegisterPush;
import dev.tidings.v1.RemoveFriend;
import dev.tidings.v1.RequestFriend;
import dev.tidings.v1.RevokeDevice;
import dev.tidings.v1.Sequenced;
import dev.tidings.v1.SetRemark;
import dev.tidings.v1.UnblockUser;
import dev.tidings.v1.UserProfile;
import dev.tidings.v1.Users;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** The operations on the user, their relations to other users, their devices, the presence of others, and the gateways to connect to. */
final class UserRoutes {

    private static final String FRIEND = "/v1/friends/{userId}";
    private static final String BLOCK = "/v1/blocks/{userId}";
    private static final String DEVICE = "/v1/me/devices/{deviceId}";

    /** As in one presence query of a connection. */
    private static final int MAX_QUERIED = 200;

    private static final Descriptor[] CHANGED = {Sequenced.getDescriptor(), Applied.getDescriptor()};

    static final List<Route> ALL = List.of(
            Route.get("/v1/friends", "listFriends", "Reads the ids of the user's friends, at most 1,000, ascending.")
                    .replies(Friends.getDescriptor())
                    .operation((requests, request) -> requests.friends(request.userId())),
            Route.post(FRIEND + "/request", "requestFriend", "Asks a user to become friends.")
                    .body(RequestFriend.getDescriptor())
                    .replies(CHANGED)
                    .frame(to((request, command) -> command.setRequest(request.body(RequestFriend.newBuilder())))),
            Route.post(FRIEND + "/accept", "acceptFriend", "Accepts the friend request of a user.")
                    .replies(CHANGED)
                    .frame(to((request, command) -> command.setAccept(AcceptFriend.getDefaultInstance()))),
            Route.post(FRIEND + "/decline", "declineFriend", "Declines the friend request of a user.")
                    .replies(CHANGED)
                    .frame(to((request, command) -> command.setDecline(DeclineFriend.getDefaultInstance()))),
            Route.delete(FRIEND, "removeFriend", "Ends a friendship.")
                    .replies(CHANGED)
                    .frame(to((request, command) -> command.setRemove(RemoveFriend.getDefaultInstance()))),
            Route.put(FRIEND + "/remark", "setRemark", "Sets the user's own name for another user.")
                    .body(SetRemark.getDescriptor())
                    .replies(CHANGED)
                    .frame(to((request, command) -> command.setSetRemark(request.body(SetRemark.newBuilder())))),
            Route.put(BLOCK, "blockUser", "Blocks a user: neither can write to the other.")
                    .replies(CHANGED)
                    .frame(to((request, command) -> command.setBlock(BlockUser.getDefaultInstance()))),
            Route.delete(BLOCK, "unblockUser", "Ends the block of a user.")
                    .replies(CHANGED)
                    .frame(to((request, command) -> command.setUnblock(UnblockUser.getDefaultInstance()))),
            Route.patch("/v1/me", "changeProfile", "Changes the user's status and preferences.")
                    .body(ChangeProfile.getDescriptor(), "origin")
                    .replies(Applied.getDescriptor())
                    .state(request -> ClientFrame.newBuilder().setProfile(request.body(ChangeProfile.newBuilder()))),
            Route.patch(
                            "/v1/me/profile",
                            "patchUser",
                            "Changes the user's own profile: name, avatar, locale, time zone.")
                    .body(PatchUser.getDescriptor())
                    .replies(Applied.getDescriptor())
                    .state(request -> ClientFrame.newBuilder().setPatchUser(request.body(PatchUser.newBuilder()))),
            Route.get("/v1/users", "listUsers", "Reads profiles of the user directory by ids, or finds users by name.")
                    .query(
                            QueryParameter.userIds("ids", false, "1 to 100 user ids, separated by commas."),
                            QueryParameter.text(
                                    "prefix",
                                    "Instead of `ids`: the beginning of the display name, or of a word of it."),
                            QueryParameter.limit(
                                    ClientApi.MAX_FOUND_USERS, "With `prefix`: 1 to 20 users; 20 if absent."))
                    .replies(Users.getDescriptor())
                    .operation(UserRoutes::users),
            Route.get("/v1/users/{userId}", "readUser", "Reads the profile of one user, with its custom data.")
                    .replies(UserProfile.getDescriptor())
                    .operation((requests, request) -> requests.user(request.pathUserId())),
            Route.get("/v1/me/devices", "listDevices", "Reads the user's devices.")
                    .replies(Devices.getDescriptor())
                    .state(request -> ClientFrame.newBuilder().setDevices(DevicesRequest.getDefaultInstance())),
            Route.delete(DEVICE, "revokeDevice", "Ends a device's session and deletes the device.")
                    .replies(Applied.getDescriptor())
                    .state(request -> ClientFrame.newBuilder()
                            .setRevokeDevice(RevokeDevice.newBuilder().setDeviceId(request.path("deviceId")))),
            Route.put(DEVICE + "/push", "registerPush", "Registers a device for push notifications.")
                    .body(RegisterPush.getDescriptor(), "deviceId", "origin")
                    .replies(Applied.getDescriptor())
                    .state(request -> ClientFrame.newBuilder()
                            .setRegisterPush(
                                    request.body(RegisterPush.newBuilder()).setDeviceId(request.path("deviceId")))),
            Route.delete(DEVICE + "/push", "unregisterPush", "Ends the push notifications of a device.")
                    .replies(Applied.getDescriptor())
                    .state(request -> ClientFrame.newBuilder()
                            .setRegisterPush(RegisterPush.newBuilder().setDeviceId(request.path("deviceId")))),
            Route.get("/v1/presence", "readPresence", "Reads whether users are online, as far as the user may see it.")
                    .query(QueryParameter.userIds("userIds", true, "1 to 200 user ids, separated by commas."))
                    .replies(Presences.getDescriptor())
                    .operation((requests, request) ->
                            requests.presence(request.userId(), request.userIds("userIds", MAX_QUERIED))),
            Route.get(
                            "/v1/gateways",
                            "listGateways",
                            "Reads the addresses of the running gateways, the one with the fewest sessions first.")
                    .replies(GatewayAddresses.getDescriptor())
                    .operation((requests, request) -> CompletableFuture.completedFuture(requests.gateways())));

    private UserRoutes() {}

    private static CompletableFuture<Message> users(UnaryRequests requests, RestRequest request) {
        if (request.query().containsKey("prefix")) {
            if (request.query().containsKey("ids")) {
                throw RestRequest.invalid("the query has ids and prefix; one of them is allowed");
            }
            return requests.searchUsers(
                    request.text("prefix"),
                    request.limit("limit", ClientApi.MAX_FOUND_USERS, ClientApi.MAX_FOUND_USERS));
        }
        return requests.users(request.userIds("ids", ClientApi.MAX_USERS));
    }

    private static Function<RestRequest, ClientFrame.Builder> to(BiConsumer<RestRequest, FriendCommand.Builder> body) {
        return request -> {
            FriendCommand.Builder command =
                    FriendCommand.newBuilder().setConversationId(request.privateConversationId());
            body.accept(request, command);
            return ClientFrame.newBuilder().setFriend(command);
        };
    }
}
