package dev.tidings.ops.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.gateway.Gateway;
import dev.tidings.gateway.auth.Scope;
import dev.tidings.schemas.Limits;
import dev.tidings.v1.Applied;
import dev.tidings.v1.AuditPage;
import dev.tidings.v1.Badge;
import dev.tidings.v1.Ban;
import dev.tidings.v1.BlockUser;
import dev.tidings.v1.ChangeBansRequest;
import dev.tidings.v1.ChangeFriendRequest;
import dev.tidings.v1.ChangeGroupRequest;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.CommandOutcome;
import dev.tidings.v1.Connect;
import dev.tidings.v1.Content;
import dev.tidings.v1.CreateGroup;
import dev.tidings.v1.Disconnect;
import dev.tidings.v1.Error;
import dev.tidings.v1.Events;
import dev.tidings.v1.FriendCommand;
import dev.tidings.v1.GetBadgeRequest;
import dev.tidings.v1.GetGroupRequest;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.GroupDescription;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.ListAuditRequest;
import dev.tidings.v1.ListConversationsRequest;
import dev.tidings.v1.ReadHistory;
import dev.tidings.v1.Resume;
import dev.tidings.v1.Search;
import dev.tidings.v1.SearchResults;
import dev.tidings.v1.Send;
import dev.tidings.v1.Sequenced;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.Sync;
import dev.tidings.v1.SyncMode;
import dev.tidings.v1.SyncPage;
import dev.tidings.v1.TextContent;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Back ends at the gRPC port of a second gateway, on real parts. */
class GrpcIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final int MESSAGES = 20;
    private static final Path SCHEMA =
            Path.of("..", "schemas", "src", "main", "protobuf").toAbsolutePath();

    @RegisterExtension
    static final TidingsExtension tidings = TidingsExtension.shared();

    private static int port;
    private static Gateway gateway;

    private final String suffix = UUID.randomUUID().toString().substring(0, 8);
    private final String ann = "ann-" + suffix;
    private final String ben = "ben-" + suffix;
    private final String conversation = "p:" + ann + ':' + ben;

    private GrpcUser first;
    private GrpcUser second;

    @BeforeAll
    static void startGateway() throws Exception {
        port = RoleProcess.freePort();
        gateway = tidings.startGateway(Map.of("gateway.grpc-port", Integer.toString(port)));
        ExampleProgram.installFromNpm("grpc", "@grpc/grpc-js@1.14.7", "@grpc/proto-loader@0.8.1");
    }

    @AfterAll
    static void stopGateway() {
        gateway.close();
    }

    @BeforeEach
    void openChannels() throws Exception {
        first = new GrpcUser(port, ChatClient.devToken(tidings.url(), ann));
        second = new GrpcUser(port, ChatClient.devToken(tidings.url(), ben));
    }

    @AfterEach
    void closeChannels() {
        first.close();
        second.close();
    }

    @Test
    void the_gateway_serves() {
        HealthGrpc.HealthBlockingStub health = HealthGrpc.newBlockingStub(first.channel());

        await().atMost(TIMEOUT)
                .until(() ->
                        health.check(HealthCheckRequest.getDefaultInstance()).getStatus() == ServingStatus.SERVING);
    }

    @Test
    void the_javascript_example_exchanges_messages_in_order() throws Exception {
        try (ExampleProgram one = example("ann.log", first, ben);
                ExampleProgram other = example("ben.log", second, ann)) {
            one.assertReceived(MESSAGES, ben);
            other.assertReceived(MESSAGES, ann);
        }
    }

    @Test
    void a_stream_gets_what_unary_calls_send_and_resumes_after_a_cut() throws Exception {
        GrpcUser.Stream stream = second.connect(connect(second, 0));
        stream.await(ServerFrame::hasConnected);
        Sequenced sent = first.call("SendMessage", message("m1", "hello"), Sequenced.getDefaultInstance());
        Sequenced again = first.call("SendMessage", message("m1", "hello"), Sequenced.getDefaultInstance());
        assertEquals(sent.toBuilder().setDuplicate(true).build(), again);
        assertEquals(
                "hello",
                stream.await(ServerFrame::hasEvents)
                        .getEvents()
                        .getEvents(0)
                        .getMessageSent()
                        .getContent()
                        .getText()
                        .getBody());
        stream.send(ClientFrame.newBuilder().setSync(Sync.newBuilder().setMode(SyncMode.FULL)));
        long version = stream.await(frame -> frame.getSyncPage().getDone())
                .getSyncPage()
                .getVersion();
        stream.cancel();
        first.call("SendMessage", message("m2", "while away"), Sequenced.getDefaultInstance());

        GrpcUser.Stream resumed = second.connect(connect(second, version));
        assertTrue(resumed.await(ServerFrame::hasConnected).getConnected().getResumed());
        SyncPage changes = resumed.await(ServerFrame::hasSyncPage).getSyncPage();
        assertEquals(2, changes.getViews(0).getLastSeq());
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertEquals(
                        List.of("hello", "while away"),
                        second
                                .call(
                                        "ListMessages",
                                        ReadHistory.newBuilder()
                                                .setConversationId(conversation)
                                                .build(),
                                        Events.getDefaultInstance())
                                .getEventsList()
                                .stream()
                                .map(event -> event.getMessageSent()
                                        .getContent()
                                        .getText()
                                        .getBody())
                                .toList()));
        resumed.cancel();
    }

    @Test
    void an_operator_bans_a_user_whose_calls_are_rejected_until_the_ban_is_lifted() throws Exception {
        String service = "tidings.v1.TidingsAdmin/";
        GrpcUser.Stream stream = second.connect(connect(second, 0));
        assertTrue(stream.await(ServerFrame::hasConnected).hasConnected());
        try (GrpcUser moderator = new GrpcUser(port, tidings.token("ada-" + suffix, Scope.MODERATOR))) {
            moderator.call(
                    service + "ChangeBans",
                    ChangeBansRequest.newBuilder()
                            .addBan(Ban.newBuilder().setUserId(ben))
                            .build(),
                    Applied.getDefaultInstance());
            assertEquals(Status.Code.PERMISSION_DENIED, stream.status().getCode());
            assertEquals(
                    "the user, the device or the address is banned",
                    second.failure("GetBadge", GetBadgeRequest.getDefaultInstance(), Badge.getDefaultInstance())
                            .getDescription());

            moderator.call(
                    service + "ChangeBans",
                    ChangeBansRequest.newBuilder().addUnban(ben).build(),
                    Applied.getDefaultInstance());
        }
        await().atMost(TIMEOUT).ignoreExceptions().until(() -> {
            second.call("GetBadge", GetBadgeRequest.getDefaultInstance(), Badge.getDefaultInstance());
            return true;
        });
        try (GrpcUser admin = new GrpcUser(port, tidings.token("root-" + suffix, Scope.ADMIN))) {
            await().atMost(TIMEOUT)
                    .until(() -> admin.call(
                                            service + "ListAudit",
                                            ListAuditRequest.newBuilder()
                                                    .setTarget("user:" + ben)
                                                    .setOperator("ada-" + suffix)
                                                    .build(),
                                            AuditPage.getDefaultInstance())
                                    .getRecordsCount()
                            == 2);
        }
    }

    @Test
    void groups_are_changed_described_read_and_searched() {
        String group = "g:" + suffix;
        first.call(
                "ChangeGroup",
                ChangeGroupRequest.newBuilder()
                        .setCommand(GroupCommand.newBuilder()
                                .setConversationId(group)
                                .setCreate(CreateGroup.newBuilder()
                                        .setProfile(GroupProfile.newBuilder().setName("club"))
                                        .addMembers(ben)))
                        .setOperationId("create")
                        .build(),
                CommandOutcome.getDefaultInstance());
        first.call(
                "SendMessage",
                message("m1", "meeting").toBuilder().setConversationId(group).build(),
                Sequenced.getDefaultInstance());

        GroupDescription description = second.call(
                "GetGroup",
                GetGroupRequest.newBuilder().setConversationId(group).build(),
                GroupDescription.getDefaultInstance());
        assertEquals(2, description.getMemberCount());
        SyncPage conversations = second.call(
                "ListConversations", ListConversationsRequest.getDefaultInstance(), SyncPage.getDefaultInstance());
        assertEquals(group, conversations.getViews(0).getConversationId());
        await().atMost(TIMEOUT)
                .until(() -> second.call(
                                        "SearchMessages",
                                        Search.newBuilder()
                                                .setQuery("meeting")
                                                .setConversationId(group)
                                                .build(),
                                        SearchResults.getDefaultInstance())
                                .getHitsCount()
                        == 1);
    }

    @Test
    void wrong_input_gets_clear_codes_and_loses_nothing() throws Exception {
        GrpcUser.Stream stream = second.connect(connect(second, 0));
        stream.await(ServerFrame::hasConnected);

        assertEquals(Status.Code.INVALID_ARGUMENT, sendFailure(message("", "no id")));
        assertEquals(Status.Code.INVALID_ARGUMENT, sendFailure(message("m2", "x".repeat(Limits.FRAME + 1))));
        assertEquals(
                Status.Code.NOT_FOUND,
                sendFailure(message("m3", "hi").toBuilder()
                        .setConversationId("g:no-" + suffix)
                        .build()));
        try (GrpcUser forged = new GrpcUser(port, first.token() + "x")) {
            assertEquals(
                    Status.Code.UNAUTHENTICATED,
                    forged.failure("SendMessage", message("m4", "hi"), Sequenced.getDefaultInstance())
                            .getCode());
            GrpcUser.Stream refused = forged.connect(connect(forged, 0));
            assertEquals(
                    Error.Code.INVALID_TOKEN,
                    refused.await(ServerFrame::hasError).getError().getCode());
            assertEquals(
                    Disconnect.Code.INVALID_TOKEN,
                    refused.await(ServerFrame::hasDisconnect).getDisconnect().getCode());
            assertEquals(Status.Code.UNAUTHENTICATED, refused.status().getCode());
        }
        first.call("SendMessage", message("m5", "still here"), Sequenced.getDefaultInstance());
        assertEquals(
                "still here",
                stream.await(ServerFrame::hasEvents)
                        .getEvents()
                        .getEvents(0)
                        .getMessageSent()
                        .getContent()
                        .getText()
                        .getBody());

        second.call(
                "ChangeFriend",
                ChangeFriendRequest.newBuilder()
                        .setCommand(FriendCommand.newBuilder()
                                .setConversationId(conversation)
                                .setBlock(BlockUser.getDefaultInstance()))
                        .build(),
                CommandOutcome.getDefaultInstance());
        assertEquals(Status.Code.PERMISSION_DENIED, sendFailure(message("m6", "blocked")));
        stream.cancel();
    }

    private static ExampleProgram example(String log, GrpcUser user, String peer) throws IOException {
        return ExampleProgram.start(
                "grpc",
                log,
                "node",
                "grpc.mjs",
                "127.0.0.1:" + port,
                user.token(),
                peer,
                Integer.toString(MESSAGES),
                SCHEMA.toString());
    }

    private Status.Code sendFailure(Send message) {
        return first.failure("SendMessage", message, Sequenced.getDefaultInstance())
                .getCode();
    }

    /** @param version to resume from; 0: none */
    private static ClientFrame.Builder connect(GrpcUser user, long version) {
        Connect.Builder connect = Connect.newBuilder().setToken(user.token()).setDeviceId("server");
        if (version > 0) {
            connect.setResume(Resume.newBuilder().setVersion(version));
        }
        return ClientFrame.newBuilder().setId("connect").setConnect(connect);
    }

    private Send message(String clientMsgId, String text) {
        return Send.newBuilder()
                .setConversationId(conversation)
                .setClientMsgId(clientMsgId)
                .setContent(
                        Content.newBuilder().setText(TextContent.newBuilder().setBody(text)))
                .build();
    }
}
