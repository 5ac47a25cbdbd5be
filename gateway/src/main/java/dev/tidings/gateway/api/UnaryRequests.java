package dev.tidings.gateway.api;

import com.google.protobuf.Message;
import dev.tidings.schemas.check.Refusals;
import dev.tidings.schemas.id.CommandId;
import dev.tidings.v1.Badge;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Command;
import dev.tidings.v1.Error;
import dev.tidings.v1.GatewayAddresses;
import dev.tidings.v1.GatewayBeat;
import dev.tidings.v1.Origin;
import dev.tidings.v1.Presences;
import dev.tidings.v1.ReadHistory;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Search;
import dev.tidings.v1.SyncMode;
import dev.tidings.v1.SyncPage;
import dev.tidings.v1.SyncRequest;
import dev.tidings.v1.UserSearch;
import dev.tidings.v1.Users;
import dev.tidings.v1.UsersQuery;
import dev.tidings.v1.WatchPresence;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the requests of users without a session, each with one reply. The reply is a message of the protocol, among them
 * {@code Refusal} and {@code Error}; no future completes exceptionally. Rooms cannot be entered, because only a connection is in
 * a room. Thread-safe.
 */
public final class UnaryRequests {

    private final ClientApi api;
    private final RequestGuard guard;
    private final PendingReplies pending;
    private final long epoch;
    private final WatchPresence.Visibility presenceVisibility;
    private final Supplier<List<GatewayBeat>> gateways;

    /**
     * @param guard decides whether a user may send a command now
     * @param epoch of the gateway
     * @param presenceVisibility the users that see a user's presence
     * @param gateways the last heartbeats of the gateways that run
     */
    public UnaryRequests(
            ClientApi api,
            RequestGuard guard,
            PendingReplies pending,
            long epoch,
            WatchPresence.Visibility presenceVisibility,
            Supplier<List<GatewayBeat>> gateways) {
        this.api = api;
        this.guard = guard;
        this.pending = pending;
        this.epoch = epoch;
        this.presenceVisibility = presenceVisibility;
        this.gateways = gateways;
    }

    /** Carries out a command of a user whose token is for any device. */
    public CompletableFuture<Message> command(String userId, ClientFrame frame) {
        return command(new RequestUser(userId, ""), frame);
    }

    /** Carries out a command: a frame whose reply does not depend on a connection. */
    public CompletableFuture<Message> command(RequestUser user, ClientFrame frame) {
        Error wrongDevice = checkDevice(user, frame);
        if (wrongDevice != null) {
            return CompletableFuture.completedFuture(wrongDevice);
        }
        return pending.request(changes(frame), (origin, reply) -> {
            Caller caller = new Caller(user.userId(), user.deviceId(), origin, roomId -> false);
            ClientRequest parsed = RequestParser.parse(frame, origin);
            Error exceeded =
                    parsed instanceof ClientRequest.SessionRequest request ? guard.check(user.userId(), request) : null;
            if (exceeded != null) {
                reply.failed(exceeded);
                return;
            }
            switch (parsed) {
                case ClientRequest.ConversationRequest(Command command) ->
                    api.command(caller, identified(command), reply);
                case ClientRequest.MarkRead(Command command) -> api.command(caller, identified(command), reply);
                case ClientRequest.ForwardMessage(Command command, var source) ->
                    api.forward(caller, identified(command), source, reply);
                case ClientRequest.UserRequest(var command) -> api.userCommand(caller, command, reply);
                case ClientRequest.PatchOwnUser(var patch) -> api.patchUser(caller, patch, reply);
                case ClientRequest other ->
                    reply.failed(Errors.invalidArgument(frame.getBodyCase() + " needs a connection"));
            }
        });
    }

    /** A token that is for one device registers no other device for push. */
    private static @Nullable Error checkDevice(RequestUser user, ClientFrame frame) {
        String deviceId = frame.getRegisterPush().getDeviceId();
        return user.deviceId().isEmpty() || deviceId.isEmpty() || deviceId.equals(user.deviceId())
                ? null
                : Errors.error(
                        Error.Code.FORBIDDEN,
                        "deviceId is \"" + deviceId + "\"; the token is for the device \"" + user.deviceId() + '"');
    }

    private static boolean changes(ClientFrame frame) {
        return !frame.hasReceipts() && !frame.hasDevices() && !frame.getGroup().hasDescribe();
    }

    private static Command identified(Command command) {
        return command.toBuilder().setCommandId(CommandId.next()).build();
    }

    /** Reads one page of history. Completes with {@code Events}, or with an error. */
    public CompletableFuture<Message> history(String userId, ReadHistory read) {
        return api.history(caller(userId, pending.origin()), read)
                .handle((range, failure) ->
                        failure == null ? range.toReply(read.getConversationId()) : Errors.of(failure));
    }

    /**
     * Reads one page of the user's conversations.
     *
     * @param since INCREMENTAL: the version of the last page of an earlier sync
     * @param afterVersion {@code SyncPage.next_after} of the page before; 0: the first page
     */
    public CompletableFuture<Message> conversations(String userId, SyncMode mode, long since, long afterVersion) {
        return pending.request(
                false,
                (origin, reply) -> api.syncPage(
                        caller(userId, origin),
                        SyncRequest.newBuilder()
                                .setOrigin(origin)
                                .setMode(mode)
                                .setSince(since)
                                .setAfterVersion(afterVersion)
                                .build(),
                        reply));
    }

    /** Reads the number of unread messages. Completes with {@link Badge}, or with a failure. */
    public CompletableFuture<Message> badge(String userId) {
        return conversations(userId, SyncMode.FAST, 0, 0)
                .thenApply(reply -> reply instanceof SyncPage page
                        ? Badge.newBuilder().setBadge(page.getBadge()).build()
                        : reply);
    }

    /** Finds messages by their words. Completes with {@code SearchResults}, or with an error. */
    public CompletableFuture<Message> search(String userId, Search search) {
        return api.search(caller(userId, pending.origin()), search)
                .handle((results, failure) -> failure == null ? results : Errors.of(failure));
    }

    /** Reads profiles of the user directory; the directory may have fewer of them. */
    public CompletableFuture<Message> users(List<String> userIds) {
        return api.users(UsersQuery.newBuilder().addAllUserIds(userIds).build())
                .handle((users, failure) -> failure == null ? users : Errors.of(failure));
    }

    /** Finds users whose names begin with a prefix. */
    public CompletableFuture<Message> searchUsers(String prefix, int limit) {
        return api.searchUsers(UserSearch.newBuilder()
                        .setPrefix(prefix)
                        .setLimit(limit)
                        .build())
                .handle((users, failure) -> failure == null ? users : Errors.of(failure));
    }

    /** Reads the profile of one user. Completes with it, or with a {@code Refusal} if the directory does not have them. */
    public CompletableFuture<Message> user(String userId) {
        return users(List.of(userId)).thenApply(reply -> reply instanceof Users users ? only(users, userId) : reply);
    }

    private static Message only(Users users, String userId) {
        if (users.getUsersCount() > 0) {
            return users.getUsers(0);
        }
        return users.getComplete()
                ? Refusals.of(Refusal.Reason.USER_NOT_FOUND, "the directory does not have " + userId)
                : Errors.unavailable("the user directory does not answer; retry");
    }

    /** Reads the user's friends. */
    public CompletableFuture<Message> friends(String userId) {
        return pending.request(
                false, (origin, reply) -> api.friends(caller(userId, origin), WatchPresence.Mode.ONCE, reply));
    }

    /** Reads the presence of users. Completes with {@link Presences}, or with the first failure. */
    public CompletableFuture<Message> presence(String userId, List<String> watched) {
        return PresenceReads.all(
                watched.stream().map(one -> presence(userId, one)).toList());
    }

    private CompletableFuture<Message> presence(String userId, String watched) {
        return pending.request(
                false,
                (origin, reply) -> api.watchPresence(
                        caller(userId, origin), watched, WatchPresence.Mode.ONCE, epoch, presenceVisibility, reply));
    }

    /** Returns the addresses of the gateways that run, the one with the fewest sessions first. */
    public GatewayAddresses gateways() {
        GatewayAddresses.Builder addresses = GatewayAddresses.newBuilder();
        gateways.get().stream()
                .filter(beat -> !beat.getAddress().isEmpty()) // it does not listen yet
                .sorted(Comparator.comparingInt(GatewayBeat::getSessions))
                .forEach(beat -> addresses
                        .addGatewaysBuilder()
                        .setAddress(beat.getAddress())
                        .setSessions(beat.getSessions()));
        return addresses.build();
    }

    private static Caller caller(String userId, Origin origin) {
        return new Caller(userId, "", origin, roomId -> false);
    }
}
