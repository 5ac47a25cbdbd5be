package dev.tidings.ops.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.gateway.Gateway;
import dev.tidings.ops.e2e.ChatClient.Subprotocol;
import dev.tidings.v1.AcceptFriend;
import dev.tidings.v1.ChangeSettings;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.DescribeReceipts;
import dev.tidings.v1.Device;
import dev.tidings.v1.DevicesRequest;
import dev.tidings.v1.Disconnect;
import dev.tidings.v1.Error;
import dev.tidings.v1.FriendCommand;
import dev.tidings.v1.MarkConversationRead;
import dev.tidings.v1.MessageReceipts;
import dev.tidings.v1.Platform;
import dev.tidings.v1.PresenceQuery;
import dev.tidings.v1.Pull;
import dev.tidings.v1.PullMany;
import dev.tidings.v1.RequestFriend;
import dev.tidings.v1.Resume;
import dev.tidings.v1.RevokeDevice;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.Sync;
import dev.tidings.v1.SyncMode;
import dev.tidings.v1.Typing;
import dev.tidings.v1.WatchPresence;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Devices, logins, settings, presence, receipts and history of users. */
class UsersIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final long MICROS_PER_HOUR = 3_600_000_000L;

    @RegisterExtension
    static final TidingsExtension tidings = TidingsExtension.shared();

    private final String suffix = UUID.randomUUID().toString().substring(0, 8);
    private final String alice = "alice-" + suffix;
    private final String bob = "bob-" + suffix;
    private final String pair = "p:" + alice + ':' + bob;

    @Test
    void a_device_resumes_from_its_sync_version() {
        long version;
        try (ChatClient phone = signedIn(bob, "phone");
                ChatClient sender = signedIn(alice, "phone")) {
            send(sender, "m1");
            phone.awaitFrame(ServerFrame::hasEvents);
            version = phone.request(
                            ClientFrame.newBuilder().setSync(Sync.newBuilder().setMode(SyncMode.FULL)),
                            ServerFrame::hasSyncPage)
                    .getSyncPage()
                    .getVersion();
        }
        try (ChatClient sender = signedIn(alice, "phone")) {
            send(sender, "m2");
        }
        try (ChatClient phone = new ChatClient(tidings.url(), Subprotocol.PROTO)) {
            ServerFrame connected = phone.request(resuming(version), ServerFrame::hasConnected);

            assertTrue(connected.getConnected().getResumed());
            ServerFrame page = phone.awaitFrame(ServerFrame::hasSyncPage);
            assertEquals(connected.getId(), page.getId());
            assertEquals(2, page.getSyncPage().getViews(0).getUnread());
            assertEquals(2, page.getSyncPage().getBadge());
        }
        try (ChatClient phone = new ChatClient(tidings.url(), Subprotocol.PROTO)) {
            assertFalse(phone.request(resuming(version + MICROS_PER_HOUR), ServerFrame::hasConnected)
                    .getConnected()
                    .getResumed());
        }
    }

    @Test
    void settings_changed_on_one_device_show_on_the_other() {
        try (ChatClient phone = signedIn(bob, "phone");
                ChatClient laptop = signedIn(bob, "laptop");
                ChatClient sender = signedIn(alice, "phone")) {
            send(sender, "m1");
            laptop.awaitFrame(ServerFrame::hasEvents);
            phone.request(
                    ClientFrame.newBuilder()
                            .setSettings(ChangeSettings.newBuilder()
                                    .setConversationId(pair)
                                    .setPinned(true)
                                    .setDraft("Dear Alice")),
                    ServerFrame::hasApplied);

            ServerFrame view = laptop.awaitFrame(ServerFrame::hasView);

            assertTrue(view.getView().getPinned());
            assertEquals("Dear Alice", view.getView().getDraft());
            assertEquals(2, devices(laptop).size());
        }
    }

    @Test
    void a_watcher_sees_a_user_come_online_and_go_offline() {
        try (ChatClient watcher = signedIn(alice, "phone")) {
            // a user that the server does not know cannot be watched
            send(watcher, "m1");
            watcher.send(presence(WatchPresence.Mode.START, bob));
            watcher.awaitFrame(
                    frame -> frame.hasPresence() && !frame.getPresence().getOnline());

            ChatClient phone = signedIn(bob, "phone");
            watcher.awaitFrame(frame -> frame.hasPresence()
                    && frame.getPresence().getUserId().equals(bob)
                    && frame.getPresence().getOnline());
            phone.close();

            watcher.awaitFrame(
                    frame -> frame.hasPresence() && frame.getPresence().hasLastSeenAt());
        }
    }

    @Test
    void a_watch_without_users_covers_the_friends_of_the_watcher() {
        try (ChatClient watcher = signedIn(alice, "phone");
                ChatClient friend = signedIn(bob, "phone")) {
            request(watcher, FriendCommand.newBuilder().setRequest(RequestFriend.getDefaultInstance()));
            friend.awaitFrame(frame -> any(frame, ConversationEvent::hasFriendRequested));
            request(friend, FriendCommand.newBuilder().setAccept(AcceptFriend.getDefaultInstance()));
            watcher.awaitFrame(frame -> any(frame, ConversationEvent::hasFriendAccepted));

            ServerFrame seen = watcher.request(
                    ClientFrame.newBuilder()
                            .setPresence(PresenceQuery.newBuilder().setMode(WatchPresence.Mode.START)),
                    ServerFrame::hasPresence);

            assertEquals(bob, seen.getPresence().getUserId());
            assertTrue(seen.getPresence().getOnline());
            friend.close();
            watcher.awaitFrame(
                    frame -> frame.hasPresence() && frame.getPresence().hasLastSeenAt());
        }
    }

    private void request(ChatClient client, FriendCommand.Builder friend) {
        client.request(ClientFrame.newBuilder().setFriend(friend.setConversationId(pair)), ServerFrame::hasSequenced);
    }

    @Test
    void the_sender_sees_deliveries_reads_and_typing() {
        try (ChatClient sender = signedIn(alice, "phone");
                ChatClient phone = signedIn(bob, "phone")) {
            send(sender, "m1");
            long number = phone.awaitFrame(ServerFrame::hasEvents).getEvents().getDeliverySeq();
            phone.ack(number);
            sender.awaitFrame(frame -> any(frame, ConversationEvent::hasDeliveredAdvanced));
            assertEquals(
                    MessageReceipts.newBuilder()
                            .setSeq(1)
                            .setMembers(1)
                            .setDelivered(1)
                            .build(),
                    receipts(sender));
            phone.send(ClientFrame.newBuilder()
                    .setMarkRead(MarkConversationRead.newBuilder()
                            .setConversationId(pair)
                            .setSeq(1)));
            sender.awaitFrame(frame -> any(frame, ConversationEvent::hasReadAdvanced));
            assertEquals(1, receipts(sender).getRead());

            phone.send(ClientFrame.newBuilder().setTyping(Typing.newBuilder().setConversationId(pair)));

            ServerFrame typing = sender.awaitFrame(frame -> any(frame, ConversationEvent::hasTypingStarted));
            assertEquals(0, typing.getEvents().getDeliverySeq());
        }
    }

    @Test
    void a_reply_carries_the_receipt_of_the_message_before() {
        try (ChatClient sender = signedIn(alice, "phone");
                ChatClient phone = signedIn(bob, "phone")) {
            send(sender, "m1");
            phone.ack(phone.awaitFrame(ServerFrame::hasEvents).getEvents().getDeliverySeq());
            send(phone, "m2");

            ServerFrame reply = sender.awaitFrame(frame -> any(frame, ConversationEvent::hasMessageSent));
            assertEquals(1, reply.getEvents().getEvents(0).getDeliveredSeq());
            assertEquals(1, receipts(sender).getDelivered());
        }
        try (ChatClient laptop = signedIn(alice, "laptop")) {
            ServerFrame page = laptop.request(
                    ClientFrame.newBuilder().setSync(Sync.newBuilder().setMode(SyncMode.FULL)),
                    ServerFrame::hasSyncPage);

            assertEquals(1, page.getSyncPage().getViews(0).getPeerDeliveredSeq());
        }
    }

    @Test
    void an_operator_traces_a_message() throws IOException {
        String messageId;
        try (ChatClient sender = signedIn(alice, "phone");
                ChatClient phone = signedIn(bob, "phone")) {
            messageId = sender.request(ChatClient.text(pair, "m1", "hello"), ServerFrame::hasSequenced)
                    .getSequenced()
                    .getMessageId();
            phone.ack(phone.awaitFrame(ServerFrame::hasEvents).getEvents().getDeliverySeq());
            sender.awaitFrame(frame -> any(frame, ConversationEvent::hasDeliveredAdvanced));
        }

        List<String> stages = await().atMost(TIMEOUT)
                .until(
                        () -> trace(messageId).lines().stream()
                                .map(line -> line.split(" {2,}")[2])
                                .toList(),
                        found -> found.contains("ack"));

        assertEquals("command", stages.getFirst());
        assertTrue(stages.containsAll(List.of("event", "inbox", "delivery", "answer", "ack")), stages::toString);
        assertEquals(1, trace("01a1fab8-0000-7000-8000-000000000000").exitCode());
        assertEquals(2, trace("nonsense").exitCode());
    }

    @Test
    void under_the_policy_one_device_the_earlier_session_ends_with_a_reason() {
        try (Gateway strict = tidings.startGateway(Map.of("gateway.login-policy", "one"));
                ChatClient phone = signedIn(bob, "phone");
                ChatClient laptop =
                        ChatClient.signedIn(TidingsExtension.urlOf(strict), bob, "laptop", Subprotocol.PROTO)) {
            assertEnded(phone, Disconnect.Code.OTHER_DEVICE_CONNECTED, 4410);

            assertEquals(List.of("laptop"), online(laptop));
        }
    }

    @Test
    void under_the_policy_one_device_a_platform_devices_of_other_platforms_stay() {
        try (Gateway strict = tidings.startGateway(Map.of("gateway.login-policy", "one-per-platform"));
                ChatClient phone = on(strict, "phone", Platform.IOS);
                ChatClient desk = on(strict, "desk", Platform.DESKTOP);
                ChatClient laptop = on(strict, "laptop", Platform.DESKTOP)) {
            assertEnded(desk, Disconnect.Code.OTHER_DEVICE_CONNECTED, 4410);

            assertEquals(List.of("laptop", "phone"), online(laptop));
            assertEquals(List.of("laptop", "phone"), online(phone));
        }
    }

    @Test
    void a_revoked_device_is_disconnected_and_forgotten() {
        try (ChatClient phone = signedIn(bob, "phone");
                ChatClient laptop = signedIn(bob, "laptop")) {
            laptop.request(
                    ClientFrame.newBuilder()
                            .setRevokeDevice(RevokeDevice.newBuilder().setDeviceId("phone")),
                    ServerFrame::hasApplied);

            assertEnded(phone, Disconnect.Code.DEVICE_REVOKED, 4403);
            assertEquals(
                    List.of("laptop"),
                    devices(laptop).stream().map(Device::getDeviceId).toList());
        }
    }

    @Test
    void one_failing_range_of_a_pull_stops_no_other() {
        try (ChatClient sender = signedIn(alice, "phone")) {
            for (int i = 1; i <= 3; i++) {
                send(sender, "m" + i);
            }
            ClientFrame.Builder ranges = ClientFrame.newBuilder()
                    .setPullMany(PullMany.newBuilder()
                            .addPulls(range(pair, 1, 1))
                            .addPulls(range("p:others-" + suffix + ":outsiders", 1, 1))
                            .addPulls(range(pair, 2, 1))
                            .addPulls(range(pair, 2, 3)));

            List<ServerFrame> answers = await().atMost(TIMEOUT)
                    .until(
                            () -> {
                                String id = sender.send(ranges);
                                return await().atMost(TIMEOUT)
                                        .until(() -> answersTo(sender, id), found -> found.size() == 4);
                            },
                            found -> found.getLast().getEvents().getEventsCount() == 2);

            assertEquals(1, answers.getFirst().getEvents().getEvents(0).getSeq());
            assertEquals(Error.Code.FORBIDDEN, answers.get(1).getError().getCode());
            assertEquals(Error.Code.INVALID_ARGUMENT, answers.get(2).getError().getCode());
            assertTrue(answers.get(3).getEvents().getComplete());
        }
    }

    /** Asserts that the session ends with this reason and that the client must not reconnect. */
    private static void assertEnded(ChatClient client, Disconnect.Code why, int closeCode) {
        Disconnect disconnect = client.awaitFrame(ServerFrame::hasDisconnect).getDisconnect();
        assertEquals(why, disconnect.getCode());
        assertTrue(disconnect.hasReconnect());
        assertFalse(disconnect.getReconnect());
        assertEquals(closeCode, client.awaitClose());
    }

    private ChatClient on(Gateway gateway, String device, Platform platform) {
        ChatClient client = new ChatClient(TidingsExtension.urlOf(gateway), Subprotocol.PROTO);
        ClientFrame.Builder connect = ChatClient.connect(ChatClient.devToken(tidings.url(), bob), device);
        connect.getConnectBuilder().setPlatform(platform);
        client.request(connect, ServerFrame::hasConnected);
        return client;
    }

    private static List<String> online(ChatClient client) {
        return devices(client).stream()
                .filter(Device::getOnline)
                .map(Device::getDeviceId)
                .toList();
    }

    private static List<Device> devices(ChatClient client) {
        return client.request(ClientFrame.newBuilder().setDevices(DevicesRequest.newBuilder()), ServerFrame::hasDevices)
                .getDevices()
                .getDevicesList();
    }

    private static List<ServerFrame> answersTo(ChatClient client, String id) {
        return client.received().stream()
                .filter(frame -> frame.getId().equals(id))
                .toList();
    }

    private static Pull.Builder range(String conversation, long from, long to) {
        return Pull.newBuilder()
                .setConversationId(conversation)
                .setFromSeq(from)
                .setToSeq(to);
    }

    private static CommandLineRun trace(String messageId) throws IOException {
        return CommandLineRun.of(
                tidings.directory(),
                Map.of("kafka.bootstrap-servers", tidings.settings().required("kafka.bootstrap-servers")),
                List.of("trace", messageId));
    }

    private MessageReceipts receipts(ChatClient client) {
        return client.request(
                        ClientFrame.newBuilder()
                                .setReceipts(DescribeReceipts.newBuilder()
                                        .setConversationId(pair)
                                        .addSeqs(1)),
                        ServerFrame::hasReceipts)
                .getReceipts()
                .getMessages(0);
    }

    private ClientFrame.Builder resuming(long version) {
        ClientFrame.Builder connect = ChatClient.connect(ChatClient.devToken(tidings.url(), bob), "phone");
        connect.getConnectBuilder().setResume(Resume.newBuilder().setVersion(version));
        return connect;
    }

    private static ClientFrame.Builder presence(WatchPresence.Mode mode, String user) {
        return ClientFrame.newBuilder()
                .setPresence(PresenceQuery.newBuilder().addUserIds(user).setMode(mode));
    }

    private void send(ChatClient client, String name) {
        client.request(ChatClient.text(pair, name, "says " + name), ServerFrame::hasSequenced);
    }

    private static ChatClient signedIn(String user, String device) {
        return ChatClient.signedIn(tidings.url(), user, device, Subprotocol.PROTO);
    }

    private static boolean any(ServerFrame frame, Predicate<ConversationEvent> fits) {
        return frame.getEvents().getEventsList().stream().anyMatch(fits);
    }
}
