package dev.tidings.ops.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.Timestamps;
import dev.tidings.gateway.Gateway;
import dev.tidings.ops.e2e.ChatClient.Subprotocol;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessSend;
import dev.tidings.v1.ChangeProfile;
import dev.tidings.v1.ChangeSettings;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.CreateGroup;
import dev.tidings.v1.Disconnect;
import dev.tidings.v1.EncryptedContent;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.Mentions;
import dev.tidings.v1.Notification;
import dev.tidings.v1.NotificationSettings;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.TextContent;
import java.net.URI;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Notifications to a webhook that checks signatures: which users get them and what they contain. A test that expects none
 * reads the topic {@code notifications} after a later notification of the same conversation, because the webhook gets only one
 * of several that wait together.
 */
class NotificationIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);

    @RegisterExtension
    static final TidingsExtension tidings = TidingsExtension.allInOne().withWebhook();

    private static final BusinessSystem log = tidings.business();

    private final String suffix = UUID.randomUUID().toString().substring(0, 8);
    private final String alice = "alice-" + suffix;
    private final String bob = "bob-" + suffix;
    private final String pair = ConversationId.between(alice, bob).toString();

    @Test
    void a_disconnected_user_is_notified_over_a_signed_webhook_with_the_unread_count() {
        try (ChatClient sender = signedIn(alice)) {
            bobLeaves(sender, NotificationSettings.getDefaultInstance());
            for (int i = 1; i <= 10; i++) {
                send(sender, "m" + i);
            }
        }

        awaitNotified(notified -> notified.getUnread() == 10);

        List<Notification> forBob = tidings.webhook().of(bob);
        assertEquals(
                1, forBob.stream().map(Notification::getCollapseKey).distinct().count());
        Notification last = forBob.getLast();
        assertEquals(10, last.getBadge());
        assertEquals("token-of-bob", last.getTargets(0).getToken());
        assertTrue(last.getBody().contains("10"), last::toString);
    }

    @Test
    void a_broadcast_notifies_disconnected_users() {
        try (ChatClient watcher = signedIn(alice)) {
            bobLeaves(watcher, NotificationSettings.getDefaultInstance());

            log.ask(BusinessCommand.newBuilder()
                    .setRequestId("news-" + suffix)
                    .setAsSystem(true)
                    .setSendMessage(BusinessSend.newBuilder()
                            .setConversationId("b:news")
                            .setClientMsgId("news-" + suffix)
                            .setContent(Content.newBuilder()
                                    .setText(TextContent.newBuilder().setBody("closed on Sunday")))));

            watcher.awaitFrame(frame -> frame.getEvents().getConversationId().equals("b:news"));
        }

        awaitNotified(notified -> notified.getConversationId().equals("b:news"));
        assertEquals("closed on Sunday", tidings.webhook().of(bob).getLast().getBody());
    }

    @Test
    void a_muted_group_notifies_only_mentioned_users() {
        String team = "g:team-" + suffix;
        try (ChatClient sender = signedIn(alice)) {
            sender.request(
                    ClientFrame.newBuilder()
                            .setGroup(GroupCommand.newBuilder()
                                    .setConversationId(team)
                                    .setCreate(CreateGroup.newBuilder()
                                            .setProfile(
                                                    GroupProfile.newBuilder().setName("The team"))
                                            .addMembers(bob))),
                    ServerFrame::hasSequenced);
            try (ChatClient phone = signedIn(bob)) {
                ChangeSettings mute = ChangeSettings.newBuilder()
                        .setConversationId(team)
                        .setMuted(true)
                        .build();
                phone.request(ClientFrame.newBuilder().setSettings(mute), ServerFrame::hasApplied);
            }
            bobLeaves(sender, NotificationSettings.getDefaultInstance());

            say(sender, ChatClient.text(team, "m1", "says m1"));
            say(sender, calling(team, "m2", Mentions.newBuilder().setAll(true)));
            say(sender, calling(team, "m3", Mentions.newBuilder().addUserIds(bob)));
        }

        Notification notified = awaitNotified(Notification::getMentioned);
        assertEquals("The team", notified.getTitle());
        assertEquals(0, notified.getBadge(), "a muted conversation is not in the badge");
        assertEquals(List.of(notified), allOf(bob));
    }

    @Test
    void a_conversation_notifies_no_more_often_than_its_user_allows() {
        String carol = "carol-" + suffix;
        String other = ConversationId.between(carol, bob).toString();
        try (ChatClient sender = signedIn(alice);
                ChatClient second = signedIn(carol)) {
            bobLeaves(
                    sender,
                    NotificationSettings.newBuilder()
                            .setAtMostEverySeconds(3_600)
                            .build());
            for (int i = 1; i <= 3; i++) {
                send(sender, "m" + i);
            }
            say(second, ChatClient.text(other, "m1", "says m1"));
        }

        Notification later =
                awaitNotified(notified -> notified.getConversationId().equals(other));
        assertEquals(4, later.getBadge());
        assertEquals(
                List.of(pair + " 1", other + " 1"),
                allOf(bob).stream()
                        .map(notified -> notified.getConversationId() + ' ' + notified.getSeq())
                        .toList());
    }

    @Test
    void no_user_is_notified_in_their_quiet_hours() {
        int minute = LocalTime.now(ZoneOffset.UTC).get(ChronoField.MINUTE_OF_DAY);
        NotificationSettings quietNow = NotificationSettings.newBuilder()
                .setQuietFromMinute(Math.floorMod(minute - 60, 24 * 60))
                .setQuietUntilMinute(Math.floorMod(minute + 60, 24 * 60))
                .build();
        try (ChatClient sender = signedIn(alice)) {
            bobLeaves(sender, quietNow);
            send(sender, "m1");
            bobLeaves(sender, NotificationSettings.getDefaultInstance());
            send(sender, "m2");
        }

        Notification notified = awaitNotified(any -> true);
        assertEquals(2, notified.getUnread());
        assertEquals(List.of(notified), allOf(bob));
    }

    @Test
    void a_notification_shows_the_text_only_where_the_user_allows_it() {
        String carol = "carol-" + suffix;
        ConversationId sealed = ConversationId.between(carol, bob);
        ByteString payload = ByteString.copyFromUtf8("sealed-" + suffix);
        ClientFrame.Builder encrypted = ChatClient.text(sealed.toString(), "m1", "");
        encrypted
                .getSendBuilder()
                .setContent(Content.newBuilder()
                        .setEncrypted(EncryptedContent.newBuilder()
                                .setScheme("mls-" + suffix)
                                .setPayload(payload)));
        try (ChatClient sender = signedIn(alice);
                ChatClient second = signedIn(carol)) {
            bobLeaves(sender, NotificationSettings.getDefaultInstance());
            send(sender, "m1");
            say(second, encrypted);
            Notification open = awaitNotified(notified ->
                    notified.getSeq() == 1 && notified.getConversationId().equals(pair));
            Notification closed =
                    awaitNotified(notified -> notified.getConversationId().equals(sealed.toString()));
            try (ChatClient phone = signedIn(bob)) {
                phone.request(read(pair, 1), ServerFrame::hasAccepted);
            }
            bobLeaves(
                    sender,
                    NotificationSettings.newBuilder().setHideContent(true).build());
            send(sender, "m2");
            Notification hidden = awaitNotified(notified -> notified.getSeq() == 2);

            assertEquals("says m1", open.getBody());
            assertEquals("New message", closed.getBody());
            assertFalse(closed.toString().contains("mls-"), closed::toString);
            assertFalse(closed.toString().contains(payload.toStringUtf8()), closed::toString);
            assertEquals("New message", hidden.getBody());
            assertFalse(hidden.toString().contains("says"), hidden::toString);
        }
    }

    @Test
    void unacknowledged_messages_of_a_dead_device_are_notified_and_no_others() {
        try (ChatClient sender = signedIn(alice)) {
            bobLeaves(sender, NotificationSettings.getDefaultInstance());
            try (ChatClient phone = signedIn(bob)) {
                send(sender, "m1");
                phone.ack(phone.awaitFrame(carries(1)).getEvents().getDeliverySeq());
                sender.awaitFrame(frame ->
                        frame.getEvents().getEventsList().stream().anyMatch(ConversationEvent::hasDeliveredAdvanced));
                send(sender, "m2");
                phone.awaitFrame(carries(2));
            }

            Notification notified = awaitNotified(any -> true);
            assertEquals(2, notified.getSeq());
            send(sender, "m3");
            awaitNotified(last -> last.getSeq() == 3);
            assertEquals(2, allOf(bob).size());
        }
    }

    @Test
    void messages_a_slow_device_misses_are_notified_unless_they_have_expired() {
        // redelivered 1, 3 and 7 s after the delivery, give or take a fifth: the third time m1 has expired
        try (Gateway impatient = tidings.startGateway(Map.of("gateway.ack-timeout-millis", "1000"));
                ChatClient sender = signedIn(alice)) {
            bobLeaves(sender, NotificationSettings.getDefaultInstance());
            try (ChatClient phone = signedIn(TidingsExtension.urlOf(impatient), bob)) {
                long expiresAt = System.currentTimeMillis() + 5_000;
                ClientFrame.Builder fleeting = ChatClient.text(pair, "m1", "says m1");
                fleeting.getSendBuilder().setExpiresAt(Timestamps.fromMillis(expiresAt));
                say(sender, fleeting);
                phone.awaitFrame(carries(1));
                send(sender, "m2");

                Disconnect slow = phone.awaitFrame(ServerFrame::hasDisconnect).getDisconnect();
                assertEquals(Disconnect.Code.SLOW_CONSUMER, slow.getCode());
                assertTrue(slow.getReconnect());
                assertTrue(
                        times(phone, carries(2)) > times(phone, carries(1)),
                        "an expired message is redelivered less often than one that does not expire");
            }
            ClientFrame.Builder tooLate = ChatClient.text(pair, "m3", "says m3");
            tooLate.getSendBuilder().setExpiresAt(Timestamps.fromMillis(System.currentTimeMillis() - 1));
            assertEquals(
                    Refusal.Reason.EXPIRED,
                    sender.request(tooLate, ServerFrame::hasRefused)
                            .getRefused()
                            .getReason());

            Notification notified = awaitNotified(any -> true);
            assertEquals(2, notified.getSeq());
            send(sender, "m4");
            awaitNotified(last -> last.getSeq() == 3);
            assertEquals(
                    List.of(2L, 3L),
                    allOf(bob).stream().map(Notification::getSeq).toList());
        }
    }

    /** Registers Bob's phone for push with these settings and disconnects it. */
    private void bobLeaves(ChatClient witness, NotificationSettings settings) {
        try (ChatClient phone = signedIn(bob)) {
            phone.registerPush("phone", "token-of-bob");
            phone.request(
                    ClientFrame.newBuilder()
                            .setProfile(ChangeProfile.newBuilder().setNotifications(settings)),
                    ServerFrame::hasApplied);
        }
        witness.awaitOffline(bob);
    }

    private Notification awaitNotified(Predicate<Notification> fits) {
        return await().atMost(TIMEOUT)
                .until(() -> tidings.webhook().of(bob).stream().filter(fits).toList(), found -> !found.isEmpty())
                .getFirst();
    }

    /** Returns all notifications of a user, collapsed ones included. */
    private static List<Notification> allOf(String userId) {
        return log.committed(Topics.NOTIFICATIONS).stream()
                .filter(record -> record.key().equals(userId))
                .map(ConsumerRecord::value)
                .toList();
    }

    private static Predicate<ServerFrame> carries(long seq) {
        return frame -> frame.getEvents().getEventsList().stream()
                .anyMatch(event -> event.hasMessageSent() && event.getSeq() == seq);
    }

    private static long times(ChatClient client, Predicate<ServerFrame> fits) {
        return client.received().stream().filter(fits).count();
    }

    private static ClientFrame.Builder calling(String conversation, String name, Mentions.Builder whom) {
        ClientFrame.Builder frame = ChatClient.text(conversation, name, "says " + name);
        frame.getSendBuilder().setMentions(whom);
        return frame;
    }

    private static ClientFrame.Builder read(String conversation, long seq) {
        ClientFrame.Builder frame = ClientFrame.newBuilder();
        frame.getMarkReadBuilder().setConversationId(conversation).setSeq(seq);
        return frame;
    }

    private void send(ChatClient client, String name) {
        say(client, ChatClient.text(pair, name, "says " + name));
    }

    private static void say(ChatClient client, ClientFrame.Builder message) {
        client.request(message, ServerFrame::hasSequenced);
    }

    private static ChatClient signedIn(String user) {
        return signedIn(tidings.url(), user);
    }

    private static ChatClient signedIn(URI gateway, String user) {
        return ChatClient.signedIn(gateway, user, "phone", Subprotocol.PROTO);
    }
}
