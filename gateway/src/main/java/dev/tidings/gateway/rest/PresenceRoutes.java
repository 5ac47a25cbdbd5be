package dev.tidings.gateway.rest;

import dev.tidings.gateway.api.PresenceReads;
import dev.tidings.gateway.auth.Permission;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.HeadNotice;
import dev.tidings.v1.OnlineCount;
import dev.tidings.v1.OnlineMembers;
import dev.tidings.v1.Presences;
import dev.tidings.v1.ReadHead;
import dev.tidings.v1.RoomUsers;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The operations by which operators and business systems read who is online. */
final class PresenceRoutes {

    private static final QueryParameter AFTER = QueryParameter.text("after", "The nextAfterUserId of the page before.");

    static final List<Route> ALL = List.of(
            Route.get(
                            "/v1/admin/presence",
                            "readAnyPresence",
                            "Reads whether users are online, whatever they show to others.")
                    .query(QueryParameter.userIds("userIds", true, "1 to 200 user ids, separated by commas."))
                    .replies(Presences.getDescriptor())
                    .admin(
                            Permission.READ_PRESENCE,
                            (requests, request) ->
                                    requests.presence().users(request.userIds("userIds", PresenceReads.MAX_USERS))),
            Route.get(
                            "/v1/admin/groups/{groupId}/online",
                            "listOnlineMembers",
                            "Reads the members of one page of a group who are online.")
                    .query(
                            AFTER,
                            QueryParameter.limit(
                                    PresenceReads.MAX_USERS,
                                    "1 to 200 members in a page, whether online or not; 100 if absent."))
                    .replies(OnlineMembers.getDescriptor())
                    .admin(
                            Permission.READ_PRESENCE,
                            (requests, request) -> requests.onlineMembers(
                                    request.audit(),
                                    request.groupId(),
                                    request.text("after"),
                                    request.limit("limit", 100, PresenceReads.MAX_USERS))),
            Route.get("/v1/admin/rooms/{roomId}/users", "listRoomUsers", "Reads a page of the users who are in a room.")
                    .query(
                            AFTER,
                            QueryParameter.limit(PresenceReads.MAX_ROOM_USERS, "1 to 1,000 users; 100 if absent."))
                    .replies(RoomUsers.getDescriptor())
                    .admin(
                            Permission.READ_PRESENCE,
                            (requests, request) -> requests.presence()
                                    .roomUsers(
                                            request.path("roomId"),
                                            request.text("after"),
                                            request.limit("limit", 100, PresenceReads.MAX_ROOM_USERS))),
            Route.get("/v1/admin/online", "countOnlineUsers", "Counts the users who are online.")
                    .replies(OnlineCount.getDescriptor())
                    .admin(
                            Permission.READ_PRESENCE,
                            (requests, request) -> CompletableFuture.completedFuture(
                                    requests.presence().count())),
            Route.get(
                            "/v1/admin/conversations/{conversationId}/head",
                            "readHead",
                            "Reads the newest position of a conversation, and how many sessions are in a room.")
                    .replies(HeadNotice.getDescriptor())
                    .command(
                            Permission.READ_PRESENCE,
                            request -> BusinessCommand.newBuilder()
                                    .setReadHead(ReadHead.newBuilder().setConversationId(request.conversationId()))));

    private PresenceRoutes() {}
}
