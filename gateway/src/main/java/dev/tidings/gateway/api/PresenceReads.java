package dev.tidings.gateway.api;

import com.google.protobuf.Message;
import dev.tidings.gateway.log.CommandAppender;
import dev.tidings.gateway.room.RoomUserPages;
import dev.tidings.schemas.check.Refusals;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.GatewayBeat;
import dev.tidings.v1.GroupDescription;
import dev.tidings.v1.Member;
import dev.tidings.v1.OnlineCount;
import dev.tidings.v1.OnlineMembers;
import dev.tidings.v1.Presence;
import dev.tidings.v1.Presences;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.WatchPresence;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Reads for operators which users are online: sessions from INBOX, users of rooms from Redis, and the total from the heartbeats of
 * the gateways. Replies are as of {@link UnaryRequests}. See decision 73. Thread-safe.
 */
public final class PresenceReads {

    /** Users in one request, and members of a group in one page: each costs a record in the log and a reply. */
    public static final int MAX_USERS = 200;

    /** Users of a room in one page. */
    public static final int MAX_ROOM_USERS = 1_000;

    private final CommandAppender log;
    private final PendingReplies pending;
    private final RoomUserPages rooms;
    private final Supplier<List<GatewayBeat>> gateways;
    private final Executor blocking;

    /**
     * @param gateways the last heartbeats of the gateways that run
     * @param blocking runs reads of rooms, which block
     */
    public PresenceReads(
            CommandAppender log,
            PendingReplies pending,
            RoomUserPages rooms,
            Supplier<List<GatewayBeat>> gateways,
            Executor blocking) {
        this.log = log;
        this.pending = pending;
        this.rooms = rooms;
        this.gateways = gateways;
        this.blocking = blocking;
    }

    /**
     * Reads the presence of users, whatever they show to others. Completes with {@link Presences}, or with the first failure.
     *
     * @param userIds valid and distinct, at most {@link #MAX_USERS}
     */
    public CompletableFuture<Message> users(List<String> userIds) {
        return all(userIds.stream().map(this::presence).toList());
    }

    private CompletableFuture<Message> presence(String userId) {
        return pending.request(
                false,
                (origin, reply) -> log.append(
                        UserCommand.newBuilder()
                                .setUserId(userId)
                                .setWatchPresence(WatchPresence.newBuilder()
                                        .setOrigin(origin)
                                        .setMode(WatchPresence.Mode.ONCE)
                                        .setVisibility(WatchPresence.Visibility.SYSTEM))
                                .build(),
                        failure -> ClientApi.answer(failure, reply)));
    }

    /** Completes with the {@link Presences} that are replied, in this order, or with the first other reply. */
    static CompletableFuture<Message> all(List<CompletableFuture<Message>> replies) {
        return CompletableFuture.allOf(replies.toArray(CompletableFuture[]::new))
                .thenApply(done -> {
                    Presences.Builder presences = Presences.newBuilder();
                    for (CompletableFuture<Message> reply : replies) {
                        if (reply.join() instanceof Presence presence) {
                            presences.addPresences(presence);
                        } else {
                            return reply.join();
                        }
                    }
                    return presences.build();
                });
    }

    /**
     * Reads which members of a page of a group are online. Completes with {@link OnlineMembers}, or with a failure.
     *
     * @param page at most {@link #MAX_USERS} members
     */
    CompletableFuture<Message> onlineMembers(GroupDescription page) {
        return users(page.getMembersList().stream().map(Member::getUserId).toList())
                .thenApply(reply -> reply instanceof Presences presences ? online(page, presences) : reply);
    }

    private static OnlineMembers online(GroupDescription page, Presences presences) {
        OnlineMembers.Builder online = OnlineMembers.newBuilder()
                .addAllPresences(presences.getPresencesList().stream()
                        .filter(Presence::getOnline)
                        .toList())
                .setMemberCount(page.getMemberCount());
        if (page.getMoreMembers()) {
            online.setNextAfterUserId(page.getMembersList().getLast().getUserId());
        }
        return online.build();
    }

    /**
     * Reads a page of the users who are in a room.
     *
     * @param afterUserId empty: the first page
     * @param limit at most {@link #MAX_ROOM_USERS}
     */
    public CompletableFuture<Message> roomUsers(String roomId, String afterUserId, int limit) {
        if (!(ConversationId.parse(roomId) instanceof ConversationId.Room)) {
            return CompletableFuture.completedFuture(Refusals.of(
                    Refusal.Reason.INVALID_CONVERSATION_ID, "the room is \"" + roomId + "\"; r:<id> is allowed"));
        }
        return CompletableFuture.<Message>supplyAsync(() -> rooms.page(roomId, afterUserId, limit), blocking)
                .exceptionally(Errors::of);
    }

    /** Counts the users who are online. */
    public OnlineCount count() {
        List<GatewayBeat> running = gateways.get();
        return OnlineCount.newBuilder()
                .setUsers(running.stream().mapToLong(GatewayBeat::getUsers).sum())
                .setConnections(
                        running.stream().mapToLong(GatewayBeat::getSessions).sum())
                .setGateways(running.size())
                .build();
    }
}
