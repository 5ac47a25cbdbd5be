package dev.tidings.ops.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessReply;
import dev.tidings.v1.ChangeUsers;
import dev.tidings.v1.DisableUser;
import dev.tidings.v1.Disconnect;
import dev.tidings.v1.EnableUser;
import dev.tidings.v1.PatchUser;
import dev.tidings.v1.PutUser;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.UserChange;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A business system fills the user directory, and disables users. */
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
            assertEquals(Disconnect.Code.BANNED, disconnect.getCode());
            assertEquals(4403, phone.awaitClose());
        }
        assertTrue(ask("enable", change(alice).setEnable(EnableUser.getDefaultInstance()))
                .hasApplied());
        await().atMost(TIMEOUT).until(() -> connects(alice));
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
