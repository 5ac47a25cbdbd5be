package dev.tidings.ops.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.tidings.ops.e2e.ChatClient.Subprotocol;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.AcceptFriend;
import dev.tidings.v1.ChangeSettings;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.DescribeReceipts;
import dev.tidings.v1.DevicesRequest;
import dev.tidings.v1.FriendCommand;
import dev.tidings.v1.MarkConversationRead;
import dev.tidings.v1.MessageReceipts;
import dev.tidings.v1.Notification;
import dev.tidings.v1.PresenceQuery;
import dev.tidings.v1.RegisterPush;
import dev.tidings.v1.RequestFriend;
import dev.tidings.v1.Resume;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.Sync;
import dev.tidings.v1.SyncMode;
import dev.tidings.v1.Typing;
import dev.tidings.v1.WatchPresence;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is a user's own: devices, settings, presence, receipts, and being told while away; on real parts. */
class UsersIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String SECRET = "a secret that both sides know";

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private static Path data;

    @SuppressWarnings("NullAway.Init") // by start()
    private static RunningTidings tidings;

    @SuppressWarnings("NullAway.Init") // by start()
    private static HttpServer webhook;

    private static final List<Notification> NOTIFIED = new CopyOnWriteArrayList<>();

    private final String suffix = UUID.randomUUID().toString().substring(0, 8);
    private final String alice = "alice-" + suffix;
    private final String bob = "bob-" + suffix;
    private final String pair = "p:" + alice + ':' + bob;

    @BeforeAll
    static void start() throws IOException {
        webhook = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        webhook.createContext("/push", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String signed = exchange.getRequestHeaders().getFirst("Tidings-Timestamp") + '.' + new String(body, UTF_8);
            boolean genuine =
                    ("v1=" + hmac(signed)).equals(exchange.getRequestHeaders().getFirst("Tidings-Signature"));
            if (genuine) {
                NOTIFIED.add(ProtoJson.parse(new String(body, UTF_8), Notification.newBuilder())
                        .build());
            }
            exchange.sendResponseHeaders(genuine ? 204 : 400, -1);
            exchange.close();
        });
        webhook.start();
        tidings = RunningTidings.start(
                data,
                Map.of(
                        "connectors.push.webhook-url",
                        "http://127.0.0.1:" + webhook.getAddress().getPort() + "/push",
                        "connectors.push.webhook-secret",
                        SECRET));
    }

    @AfterAll
    static void stop() {
        tidings.close();
        webhook.stop(0);
    }

    @Test
    void who_is_away_is_notified_over_a_signed_webhook_and_the_last_word_counts_all() {
        try (ChatClient phone = signedIn(bob, "phone")) {
            assertTrue(phone.request(
                            ClientFrame.newBuilder()
                                    .setRegisterPush(RegisterPush.newBuilder()
                                            .setDeviceId("phone")
                                            .setChannel("webhook")
                                            .setToken("token-of-bob")),
                            ServerFrame::hasApplied)
                    .hasApplied());
        }
        try (ChatClient sender = signedIn(alice, "phone")) {
            await().atMost(PATIENCE)
                    .until(() -> !presenceOf(sender, bob).getPresence().getOnline());
            for (int i = 1; i <= 10; i++) {
                send(sender, "m" + i);
            }
        }

        await().atMost(PATIENCE)
                .until(() -> NOTIFIED.stream()
                        .anyMatch(notified -> notified.getUserId().equals(bob) && notified.getUnread() == 10));

        List<Notification> forBob = NOTIFIED.stream()
                .filter(notified -> notified.getUserId().equals(bob))
                .toList();
        assertEquals(
                1, forBob.stream().map(Notification::getCollapseKey).distinct().count());
        Notification last = forBob.getLast();
        assertEquals(10, last.getBadge());
        assertEquals("token-of-bob", last.getTargets(0).getToken());
        assertTrue(last.getBody().contains("10"), last::toString);
    }

    @Test
    void a_device_goes_on_where_it_left_off() {
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
            assertFalse(phone.request(resuming(version + 1_000), ServerFrame::hasConnected)
                    .getConnected()
                    .getResumed());
        }
    }

    @Test
    void settings_made_on_one_device_show_on_the_other() {
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
            assertEquals(
                    2,
                    laptop.request(
                                    ClientFrame.newBuilder().setDevices(DevicesRequest.newBuilder()),
                                    ServerFrame::hasDevices)
                            .getDevices()
                            .getDevicesCount());
        }
    }

    @Test
    void who_watches_learns_of_coming_and_going() {
        try (ChatClient watcher = signedIn(alice, "phone")) {
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
    void who_names_nobody_watches_his_friends() {
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
    void the_sender_learns_what_has_arrived_and_what_was_read_and_who_is_typing() {
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
    void an_operator_sees_the_way_of_a_message() throws IOException {
        String messageId;
        try (ChatClient sender = signedIn(alice, "phone");
                ChatClient phone = signedIn(bob, "phone")) {
            messageId = sender.request(ChatClient.text(pair, "m1", "hello"), ServerFrame::hasSequenced)
                    .getSequenced()
                    .getMessageId();
            phone.ack(phone.awaitFrame(ServerFrame::hasEvents).getEvents().getDeliverySeq());
            sender.awaitFrame(frame -> any(frame, ConversationEvent::hasDeliveredAdvanced));
        }

        List<String> stages = await().atMost(PATIENCE)
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

    private static CommandLineRun trace(String messageId) throws IOException {
        return CommandLineRun.of(
                data,
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

    private static ServerFrame presenceOf(ChatClient client, String user) {
        return client.request(presence(WatchPresence.Mode.ONCE, user), ServerFrame::hasPresence);
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

    private static String hmac(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
