package dev.tidings.ops.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.Timestamps;
import dev.tidings.ops.e2e.ChatClient.Subprotocol;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.Applied;
import dev.tidings.v1.Badge;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.Devices;
import dev.tidings.v1.Events;
import dev.tidings.v1.Friends;
import dev.tidings.v1.GatewayAddresses;
import dev.tidings.v1.GroupDescription;
import dev.tidings.v1.MarkConversationRead;
import dev.tidings.v1.Presences;
import dev.tidings.v1.ProblemDetails;
import dev.tidings.v1.Receipts;
import dev.tidings.v1.Sequenced;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.SyncPage;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Users of the REST API and of WebSockets together, on real parts. */
class RestIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @RegisterExtension
    static final TidingsExtension tidings = TidingsExtension.shared();

    private final String suffix = UUID.randomUUID().toString().substring(0, 8);
    private final String ruth = "ruth-" + suffix;
    private final String wes = "wes-" + suffix;
    private final User rest = new User(ruth);
    private final User other = new User(wes);
    private final String messages = "/v1/conversations/p:" + ruth + ':' + wes + "/messages";

    @Test
    void users_of_rest_and_of_a_websocket_talk_to_each_other() throws Exception {
        try (ChatClient socket = ChatClient.signedIn(tidings.url(), wes, "phone", Subprotocol.JSON)) {
            Sequenced first = rest.post(messages, text("hello"), Sequenced.getDefaultInstance(), "k1");
            Sequenced again = rest.post(messages, text("hello"), Sequenced.getDefaultInstance(), "k1");
            assertEquals(first.toBuilder().setDuplicate(true).build(), again);
            assertEquals(
                    "hello",
                    body(socket.awaitFrame(ServerFrame::hasEvents).getEvents().getEvents(0)));
            Sequenced reply = socket.request(
                            ChatClient.text("p:" + ruth + ':' + wes, "m1", "hi"), ServerFrame::hasSequenced)
                    .getSequenced();
            socket.request(
                    ClientFrame.newBuilder()
                            .setMarkRead(MarkConversationRead.newBuilder()
                                    .setConversationId("p:" + ruth + ':' + wes)
                                    .setSeq(1)),
                    ServerFrame::hasAccepted);

            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertEquals(
                            List.of("hello", "hi"),
                            rest.get(messages, Events.getDefaultInstance()).getEventsList().stream()
                                    .map(RestIT::body)
                                    .toList()));
            assertEquals(1, rest.get("/v1/badge", Badge.getDefaultInstance()).getBadge());
            SyncPage page = rest.get("/v1/conversations", SyncPage.getDefaultInstance());
            ConversationView view = page.getViews(0);
            assertTrue(page.getDone());
            assertEquals(0, page.getNextAfter());
            assertEquals(1, view.getUnread());
            assertFalse(readUpTo(reply.getSeq()).getUnchanged());
            assertTrue(readUpTo(reply.getSeq()).getUnchanged());
            await().atMost(TIMEOUT)
                    .until(() ->
                            rest.get("/v1/badge", Badge.getDefaultInstance()).getBadge() == 0);
            SyncPage changed = rest.get("/v1/conversations?since=" + page.getVersion(), SyncPage.getDefaultInstance());
            assertEquals(0, changed.getViews(0).getUnread());
            Receipts receipts = rest.get(messages + "/1/receipts?withUsers=true", Receipts.getDefaultInstance());
            assertEquals(List.of(wes), receipts.getMessages(0).getReadByList());
        }
    }

    @Test
    void a_message_is_edited_reacted_to_pinned_recalled_and_hidden() throws Exception {
        rest.post(messages, text("draft"), Sequenced.getDefaultInstance(), "k1");

        rest.call("PATCH", messages + "/1", text("final"), Sequenced.getDefaultInstance(), "k2");
        other.call("PUT", messages + "/1/reactions/%F0%9F%91%8D", "", Sequenced.getDefaultInstance(), "");
        other.call("DELETE", messages + "/1/reactions/%F0%9F%91%8D", "", Sequenced.getDefaultInstance(), "");
        rest.call("PUT", messages + "/1/pin", "", Sequenced.getDefaultInstance(), "");
        rest.call("DELETE", messages + "/1/pin", "", Sequenced.getDefaultInstance(), "");
        await().atMost(TIMEOUT)
                .until(() -> body(rest.get(messages + "?from=1&to=1", Events.getDefaultInstance())
                                .getEvents(0))
                        .equals("final"));
        assertEquals(
                "NOT_ALLOWED",
                other.problem("PATCH", messages + "/1", text("mine"), 403).getCode());
        Sequenced recalled = rest.call("DELETE", messages + "/1", "", Sequenced.getDefaultInstance(), "k3");
        assertEquals(
                recalled.getSeq(),
                rest.call("DELETE", messages + "/1", "", Sequenced.getDefaultInstance(), "k3")
                        .getSeq());
        other.call("DELETE", messages + "/1?forMe=true", "", Applied.getDefaultInstance(), "");
        assertEquals(
                "MESSAGE_NOT_FOUND",
                rest.problem("DELETE", messages + "/99", "", 404).getCode());
    }

    @Test
    void history_is_read_by_position_and_by_time_without_deleted_messages() throws Exception {
        for (String body : List.of("one", "two", "three")) {
            rest.post(messages, text(body), Sequenced.getDefaultInstance(), body);
        }
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertEquals(List.of("one", "two", "three"), bodies(history(rest, "?after=0"))));

        Events first = history(rest, "?after=0&limit=1");
        assertEquals(List.of("one"), bodies(first));
        assertFalse(first.getComplete());
        Events further = history(rest, "?after=" + first.getToSeq());
        assertEquals(List.of("two", "three"), bodies(further));
        assertTrue(further.getComplete());
        assertEquals(List.of("one", "two"), bodies(history(rest, "?before=3")));
        assertEquals(List.of("one", "two", "three"), bodies(history(rest, "?around=2&limit=3")));
        String second = Timestamps.toString(further.getEvents(0).getSentAt());
        assertEquals(List.of("two", "three"), bodies(history(rest, "?sentFrom=" + second)));
        assertEquals(List.of("one"), bodies(history(rest, "?sentBefore=" + second)));

        other.call("DELETE", messages + "/2?forMe=true", "", Applied.getDefaultInstance(), "");
        await().atMost(TIMEOUT).untilAsserted(() -> assertEquals(List.of("one", "three"), bodies(history(other, ""))));
        assertEquals(List.of("one", "two", "three"), bodies(history(rest, "")));
    }

    private Events history(User user, String query) throws Exception {
        return user.get(messages + query, Events.getDefaultInstance());
    }

    private static List<String> bodies(Events events) {
        return events.getEventsList().stream().map(RestIT::body).toList();
    }

    @Test
    void a_group_is_created_changed_left_and_dissolved() throws Exception {
        String group = "/v1/groups/g:rest-" + suffix;
        String create = "{\"profile\":{\"name\":\"Club\"},\"members\":[\"" + wes + "\"]}";
        rest.post("/v1/groups?groupId=g:rest-" + suffix, create, Sequenced.getDefaultInstance(), "k1");
        assertEquals(
                "GROUP_EXISTS",
                other.problem("POST", "/v1/groups?groupId=g:rest-" + suffix, create, 409)
                        .getCode());

        rest.call("PATCH", group, "{\"description\":\"tea\"}", Sequenced.getDefaultInstance(), "");
        rest.post(group + "/members", "{\"userIds\":[\"eve-" + suffix + "\"]}", Sequenced.getDefaultInstance(), "");
        rest.call(
                "PUT", group + "/members/" + wes + "/role", "{\"role\":\"ADMIN\"}", Sequenced.getDefaultInstance(), "");
        rest.call(
                "PUT",
                group + "/members/eve-" + suffix + "/mute",
                "{\"until\":\"2099-01-01T00:00:00Z\"}",
                Sequenced.getDefaultInstance(),
                "");
        rest.call("DELETE", group + "/members/eve-" + suffix + "/mute", "", Sequenced.getDefaultInstance(), "");
        rest.call("PUT", group + "/mute", "", Sequenced.getDefaultInstance(), "");
        rest.call("DELETE", group + "/mute", "", Sequenced.getDefaultInstance(), "");
        GroupDescription described = rest.get(group + "/members?limit=2", GroupDescription.getDefaultInstance());
        assertEquals("tea", described.getProfile().getDescription());
        assertEquals(3, described.getMemberCount());
        assertEquals(2, described.getMembersCount());
        assertTrue(described.getMoreMembers());
        rest.call("DELETE", group + "/members/eve-" + suffix, "", Sequenced.getDefaultInstance(), "");
        assertEquals(
                "NOT_A_MEMBER",
                new User("eve-" + suffix).problem("GET", group, "", 403).getCode());
        rest.call("PUT", group + "/owner", "{\"userId\":\"" + wes + "\"}", Sequenced.getDefaultInstance(), "");
        rest.call("DELETE", group + "/members/" + ruth, "", Sequenced.getDefaultInstance(), "");
        other.call("DELETE", group, "", Sequenced.getDefaultInstance(), "");
        assertEquals(
                "GROUP_DISSOLVED",
                other.problem("PATCH", group, "{\"name\":\"Late\"}", 410).getCode());
    }

    @Test
    void users_become_friends_block_each_other_and_change_their_settings() throws Exception {
        rest.post("/v1/friends/" + wes + "/request", "{\"note\":\"hi\"}", Sequenced.getDefaultInstance(), "");
        other.post("/v1/friends/" + ruth + "/accept", "", Sequenced.getDefaultInstance(), "");
        await().atMost(TIMEOUT)
                .until(() -> rest.get("/v1/friends", Friends.getDefaultInstance())
                        .getUserIdsList()
                        .equals(List.of(wes)));
        rest.call("PUT", "/v1/friends/" + wes + "/remark", "{\"remark\":\"W.\"}", Applied.getDefaultInstance(), "");
        rest.call("PUT", "/v1/blocks/" + wes, "", Applied.getDefaultInstance(), "");
        assertEquals(
                "BLOCKED", other.problem("POST", messages, text("why"), 403).getCode());
        rest.call("DELETE", "/v1/blocks/" + wes, "", Applied.getDefaultInstance(), "");
        rest.call("DELETE", "/v1/friends/" + wes, "", Sequenced.getDefaultInstance(), "");

        rest.call("PATCH", "/v1/me", "{\"status\":\"at sea\"}", Applied.getDefaultInstance(), "");
        assertEquals(
                "at sea",
                other.get("/v1/presence?userIds=" + ruth, Presences.getDefaultInstance())
                        .getPresences(0)
                        .getStatus());
        rest.call(
                "PATCH",
                "/v1/conversations/p:" + ruth + ':' + wes + "/settings",
                "{\"pinned\":true,\"draft\":\"to do\"}",
                Applied.getDefaultInstance(),
                "");
        assertTrue(rest.get("/v1/conversations?mode=fast", SyncPage.getDefaultInstance())
                .getViews(0)
                .getPinned());
    }

    @Test
    void a_device_is_listed_registered_for_push_and_revoked() throws Exception {
        try (ChatClient phone = ChatClient.signedIn(tidings.url(), ruth, "old phone", Subprotocol.PROTO)) {
            String device = "/v1/me/devices/old%20phone";
            rest.call(
                    "PUT",
                    device + "/push",
                    "{\"channel\":\"log\",\"token\":\"t1\"}",
                    Applied.getDefaultInstance(),
                    "");
            assertTrue(rest.get("/v1/me/devices", Devices.getDefaultInstance())
                    .getDevices(0)
                    .getPush());
            rest.call("DELETE", device + "/push", "", Applied.getDefaultInstance(), "");
            rest.call("DELETE", device, "", Applied.getDefaultInstance(), "");

            assertTrue(phone.awaitFrame(ServerFrame::hasDisconnect).hasDisconnect());
            assertEquals(
                    "DEVICE_NOT_FOUND", rest.problem("DELETE", device, "", 404).getCode());
        }
    }

    @Test
    void the_gateway_is_listed_with_its_address() throws Exception {
        await().atMost(TIMEOUT)
                .until(() -> rest.get("/v1/gateways", GatewayAddresses.getDefaultInstance()).getGatewaysList().stream()
                        .anyMatch(one ->
                                one.getAddress().endsWith(":" + tidings.url().getPort())));
    }

    @Test
    void history_and_groups_of_others_are_not_visible() throws Exception {
        rest.post(messages, text("secret"), Sequenced.getDefaultInstance(), "");
        User stranger = new User("stan-" + suffix);

        assertEquals("FORBIDDEN", stranger.problem("GET", messages, "", 403).getCode());
        assertEquals(
                "NOT_A_MEMBER",
                stranger.problem("POST", messages, text("me too"), 403).getCode());
        assertEquals(
                "NOT_A_MEMBER",
                stranger.problem("POST", "/v1/conversations/r:x/messages", text("hi"), 403)
                        .getCode());
    }

    private Applied readUpTo(long seq) throws Exception {
        return rest.post(
                "/v1/conversations/p:" + ruth + ':' + wes + "/read",
                "{\"seq\":" + seq + '}',
                Applied.getDefaultInstance(),
                "");
    }

    private static String text(String body) {
        return "{\"content\":{\"text\":{\"body\":\"" + body + "\"}}}";
    }

    private static String body(ConversationEvent event) {
        return event.getMessageSent().getContent().getText().getBody();
    }

    /** A user with a token, as {@code curl} would use it. */
    private record User(String userId) {

        <M extends Message> M get(String path, M type) throws Exception {
            return call("GET", path, "", type, "");
        }

        <M extends Message> M post(String path, String json, M type, String key) throws Exception {
            return call("POST", path, json, type, key);
        }

        /** Expects success and parses the reply. */
        @SuppressWarnings("unchecked")
        <M extends Message> M call(String method, String path, String json, M type, String idempotencyKey)
                throws Exception {
            HttpResponse<String> response = send(method, path, json, idempotencyKey);
            assertEquals(200, response.statusCode(), () -> method + ' ' + path + ": " + response.body());
            return (M) parsed(response, type);
        }

        ProblemDetails problem(String method, String path, String json, int status) throws Exception {
            HttpResponse<String> response = send(method, path, json, "");
            assertEquals(status, response.statusCode(), () -> method + ' ' + path + ": " + response.body());
            return (ProblemDetails) parsed(response, ProblemDetails.getDefaultInstance());
        }

        private static Message parsed(HttpResponse<String> response, Message type)
                throws InvalidProtocolBufferException {
            return ProtoJson.parse(response.body(), type.newBuilderForType()).build();
        }

        private HttpResponse<String> send(String method, String path, String json, String idempotencyKey)
                throws Exception {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(tidings.url() + path))
                    .header("Authorization", "Bearer " + ChatClient.devToken(tidings.url(), userId))
                    .method(method, HttpRequest.BodyPublishers.ofString(json));
            if (!json.isEmpty()) {
                request.header("Content-Type", "application/json");
            }
            if (!idempotencyKey.isEmpty()) {
                request.header("Idempotency-Key", idempotencyKey);
            }
            HttpResponse<String> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            new OpenApiValidator(tidings.get("/v1/openapi.json").body())
                    .validate(method, path.split("\\?")[0], response.statusCode(), response.body());
            return response;
        }
    }
}
