package dev.tidings.ops.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.tidings.gateway.Gateway;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessReply;
import dev.tidings.v1.ChangeUsers;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.DisableUser;
import dev.tidings.v1.Disconnect;
import dev.tidings.v1.EnableUser;
import dev.tidings.v1.PatchUser;
import dev.tidings.v1.PutUser;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.UserChange;
import dev.tidings.v1.UserProfile;
import dev.tidings.v1.UserSearch;
import dev.tidings.v1.UsersQuery;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A business system fills the user directory and disables users; clients and the command line read, find and change them. */
class PeopleIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final String PROTOBUF = "application/x-protobuf";

    @RegisterExtension
    static final TidingsExtension tidings = TidingsExtension.shared();

    private static final BusinessSystem crm = tidings.business();

    private final String suffix = UUID.randomUUID().toString().substring(0, 8);
    private final String alice = "alice-" + suffix;
    private final String yu = "yu-" + suffix;

    @Test
    void users_of_a_business_system_arrive_in_clickhouse_with_their_newest_names() throws Exception {
        crm.send(null, request("put", put(alice, "Alice"), put("no id", "?"), put(yu, "小雨")), PROTOBUF);
        List<BusinessReply> replies = crm.awaitReplies("put-" + suffix, 3);
        assertEquals(2, replies.stream().filter(BusinessReply::hasApplied).count());
        assertEquals(
                List.of(Refusal.Reason.INVALID_USER_ID),
                replies.stream()
                        .filter(BusinessReply::hasRefusal)
                        .map(reply -> reply.getRefusal().getReason())
                        .toList());

        assertTrue(ask("rename", change(alice).setPatch(PatchUser.newBuilder().setDisplayName("Alice Müller")))
                .hasApplied());

        await().atMost(TIMEOUT).until(() -> nameInClickHouse(alice).equals("Alice Müller"));
        await().atMost(TIMEOUT).until(() -> nameInClickHouse(yu).equals("小雨"));
    }

    @Test
    void a_disabled_user_is_disconnected_until_they_are_enabled() {
        assertTrue(ask("add", put(alice, "Alice")).hasApplied());
        try (ChatClient phone = ChatClient.signedIn(tidings.url(), alice, "phone", ChatClient.Subprotocol.JSON)) {
            assertTrue(ask("disable", change(alice).setDisable(DisableUser.getDefaultInstance()))
                    .hasApplied());

            Disconnect disconnect = phone.awaitFrame(ServerFrame::hasDisconnect).getDisconnect();
            assertEquals(Disconnect.Code.USER_DISABLED, disconnect.getCode());
            assertEquals(4403, phone.awaitClose());
        }
        assertTrue(ask("enable", change(alice).setEnable(EnableUser.getDefaultInstance()))
                .hasApplied());
        await().atMost(TIMEOUT).until(() -> connects(alice));
    }

    @Test
    void clients_read_find_and_change_names(@TempDir Path directory) throws Exception {
        String word = "mul" + suffix;
        assertTrue(ask("yu", put(yu, "小雨" + suffix)).hasApplied());
        try (ChatClient phone = ChatClient.signedIn(tidings.url(), alice, "phone", ChatClient.Subprotocol.JSON)) {
            assertTrue(phone.request(
                            ClientFrame.newBuilder()
                                    .setPatchUser(PatchUser.newBuilder()
                                            .setDisplayName("Älice Mül" + suffix)
                                            .setAvatarUrl("https://example.org/a.png")),
                            frame -> frame.hasApplied() || frame.hasRefused())
                    .hasApplied());
            assertTrue(phone.request(
                            ClientFrame.newBuilder()
                                    .setPatchUser(PatchUser.newBuilder().setCustom(ByteString.copyFromUtf8("x"))),
                            ServerFrame::hasRefused)
                    .hasRefused());

            await().atMost(TIMEOUT)
                    .until(() -> names(phone, alice, "ghost", yu).equals(List.of("Älice Mül" + suffix, "小雨" + suffix)));
            await().atMost(TIMEOUT).until(() -> found(phone, word).equals(List.of(alice)));
            await().atMost(TIMEOUT).until(() -> found(phone, "ALICE " + word).equals(List.of(alice)));
            await().atMost(TIMEOUT).until(() -> found(phone, "雨" + suffix).equals(List.of(yu)));
            assertEquals(List.of(), found(phone, "ice mul" + suffix));
        }

        HttpRequest one = HttpRequest.newBuilder(tidings.url().resolve("/v1/users/" + alice))
                .header("Authorization", "Bearer " + ChatClient.devToken(tidings.url(), yu))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            UserProfile.Builder profile = UserProfile.newBuilder();
            ProtoJson.parse(http.send(one, HttpResponse.BodyHandlers.ofString()).body(), profile);
            assertEquals("https://example.org/a.png", profile.getAvatarUrl());
        }

        assertTrue(users(directory, "show", alice).out().contains("\"displayName\":\"Älice Mül" + suffix));
        assertTrue(users(directory, "search", word).out().contains("\"userId\":\"" + alice));
        assertEquals(1, users(directory, "show", "ghost-" + suffix).exitCode());
    }

    @Test
    void without_redis_names_come_from_clickhouse() throws Exception {
        assertTrue(ask("yu", put(yu, "小雨")).hasApplied());
        await().atMost(TIMEOUT).until(() -> nameInClickHouse(yu).equals("小雨"));
        Map<String, String> noRedis = Map.of("redis.url", "redis://127.0.0.1:1", "gateway.http-port", "0");
        try (Gateway other = tidings.startGateway(noRedis);
                ChatClient phone = tidings.connect(TidingsExtension.urlOf(other), alice)) {
            assertEquals(List.of("小雨"), names(phone, yu, "ghost"));
        }
    }

    @Test
    void the_command_line_imports_users_and_disables_them(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(
                directory.resolve("users.jsonl"),
                "{\"userId\":\"" + alice + "\",\"displayName\":\"Alice\"}\n{\"userId\":\"" + yu
                        + "\",\"displayName\":\"小雨\",\"disabled\":true}\n");

        assertEquals(
                List.of("3 changed, 0 unchanged, 0 refused."),
                users(directory, "import", file.toString()).lines());
        assertEquals(
                List.of("0 changed, 1 unchanged, 0 refused."),
                users(directory, "put", alice, "--name", "Alice").lines());
        assertEquals(
                List.of("1 changed, 0 unchanged, 0 refused."),
                users(directory, "disable", alice).lines());
        CommandLineRun unknown = users(directory, "enable", yu, "ghost-" + suffix);
        assertEquals(1, unknown.exitCode());
        assertEquals("1 changed, 0 unchanged, 1 refused.", unknown.lines().getLast());
        assertTrue(unknown.lines().getFirst().contains("USER_NOT_FOUND"), unknown::out);
        await().atMost(TIMEOUT).until(() -> nameInClickHouse(yu).equals("小雨"));
    }

    private static List<String> names(ChatClient phone, String... userIds) {
        return phone
                .request(
                        ClientFrame.newBuilder()
                                .setUsers(UsersQuery.newBuilder().addAllUserIds(List.of(userIds))),
                        ServerFrame::hasUsers)
                .getUsers()
                .getUsersList()
                .stream()
                .map(UserProfile::getDisplayName)
                .toList();
    }

    private static List<String> found(ChatClient phone, String prefix) {
        return phone
                .request(
                        ClientFrame.newBuilder()
                                .setUserSearch(UserSearch.newBuilder().setPrefix(prefix)),
                        ServerFrame::hasUsers)
                .getUsers()
                .getUsersList()
                .stream()
                .map(UserProfile::getUserId)
                .toList();
    }

    private static CommandLineRun users(Path directory, String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of("users"));
        all.addAll(List.of(words));
        Map<String, String> settings = new HashMap<>(tidings.settings().under(""));
        settings.keySet()
                .retainAll(List.of(
                        "kafka.bootstrap-servers",
                        "redis.url",
                        "clickhouse.url",
                        "clickhouse.user",
                        "clickhouse.password"));
        return CommandLineRun.of(directory, settings, all);
    }

    private BusinessReply ask(String request, UserChange.Builder change) {
        crm.send(null, request(request, change), PROTOBUF);
        return crm.awaitReplies(request + '-' + suffix, 1).getFirst();
    }

    private byte[] request(String request, UserChange.Builder... changes) {
        ChangeUsers.Builder users = ChangeUsers.newBuilder();
        for (UserChange.Builder change : changes) {
            users.addChanges(change);
        }
        return BusinessCommand.newBuilder()
                .setRequestId(request + '-' + suffix)
                .setAsSystem(true)
                .setChangeUsers(users)
                .build()
                .toByteArray();
    }

    private static UserChange.Builder put(String userId, String name) {
        return change(userId).setPut(PutUser.newBuilder().setDisplayName(name));
    }

    private static UserChange.Builder change(String userId) {
        return UserChange.newBuilder().setUserId(userId);
    }

    private static String nameInClickHouse(String userId) throws Exception {
        return tidings.sql("SELECT display_name FROM tidings.users_current WHERE user_id = '" + userId + "'")
                .strip();
    }

    private static boolean connects(String user) {
        try (ChatClient client = new ChatClient(tidings.url(), ChatClient.Subprotocol.JSON)) {
            client.send(ChatClient.connect(ChatClient.devToken(tidings.url(), user), "phone"));
            return client.awaitFrame(frame -> frame.hasConnected() || frame.hasDisconnect())
                    .hasConnected();
        }
    }
}
