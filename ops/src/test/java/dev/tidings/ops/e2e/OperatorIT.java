package dev.tidings.ops.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.ops.e2e.ChatClient.Subprotocol;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.Ban;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessReply;
import dev.tidings.v1.BusinessSend;
import dev.tidings.v1.BusinessSendToMany;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.Disconnect;
import dev.tidings.v1.Heartbeat;
import dev.tidings.v1.JoinRoom;
import dev.tidings.v1.ModerationAction;
import dev.tidings.v1.ModerationCase;
import dev.tidings.v1.RecallMessage;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Room;
import dev.tidings.v1.RulesCommand;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.Sync;
import dev.tidings.v1.SyncMode;
import dev.tidings.v1.TextContent;
import dev.tidings.v1.WordRule;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The operator broadcasts, sets rules, bans and recalls, all through Kafka. */
class OperatorIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);

    @RegisterExtension
    static final TidingsExtension tidings = TidingsExtension.allInOne();

    private static final BusinessSystem operator = tidings.business();

    private final String suffix = UUID.randomUUID().toString().substring(0, 8);
    private final String alice = "alice-" + suffix;
    private final String bob = "bob-" + suffix;
    private final String pair = "p:" + alice + ':' + bob;

    @Test
    void a_broadcast_reaches_connected_users_and_is_unread_for_others() {
        String news = "b:news-" + suffix;
        signedIn(bob).close();
        try (ChatClient phone = signedIn(alice)) {
            BusinessReply reply = operator.ask(asSystem("all").setSendMessage(message(news, "hello world")));

            assertEquals(1, reply.getSequenced().getSeq());
            assertEquals(news, reply.getConversationId());
            assertEquals("hello world", text(phone.awaitFrame(event(news))));
        }
        try (ChatClient later = signedIn(bob)) {
            ConversationView view = viewOf(later, news);
            assertEquals(1, view.getUnread());
            assertEquals("hello world", view.getLastMessage().getText());
        }
        try (ChatClient stranger = signedIn("new-" + suffix)) {
            assertEquals(0, viewOf(stranger, news).getUnread());
        }
    }

    @Test
    void one_request_sends_to_many_users_in_their_own_conversations() {
        try (ChatClient first = signedIn(alice);
                ChatClient second = signedIn(bob)) {
            operator.send(
                    null,
                    asSystem("many")
                            .setSendToMany(BusinessSendToMany.newBuilder()
                                    .addAllUserIds(List.of(alice, bob, "not a user"))
                                    .setClientMsgId("m1")
                                    .setContent(content("for you")))
                            .build()
                            .toByteArray(),
                    "application/x-protobuf");

            assertEquals("for you", text(first.awaitFrame(event("s:" + alice))));
            assertEquals("for you", text(second.awaitFrame(event("s:" + bob))));
            List<BusinessReply> replies = operator.awaitReplies("many-" + suffix, 3);
            assertEquals(1, replies.stream().filter(BusinessReply::hasRefusal).count());
            assertEquals(
                    List.of("s:" + alice, "s:" + bob),
                    replies.stream()
                            .filter(BusinessReply::hasSequenced)
                            .map(BusinessReply::getConversationId)
                            .sorted()
                            .toList());
        }
    }

    @Test
    void word_rules_refuse_mask_and_flag_and_a_flagged_message_can_be_recalled() {
        assertTrue(operator.ask(asSystem("words")
                        .setRules(RulesCommand.newBuilder()
                                .addSetWords(word("forbidden" + suffix, ModerationAction.REFUSE))
                                .addSetWords(word("坏词", ModerationAction.MASK))
                                .addSetWords(word("meet outside", ModerationAction.FLAG))))
                .hasApplied());
        try (ChatClient sender = signedIn(alice);
                ChatClient receiver = signedIn(bob)) {
            await().atMost(TIMEOUT)
                    .until(() -> sender.request(
                                    ChatClient.text(pair, "try-" + UUID.randomUUID(), "FORBIDDEN" + suffix),
                                    frame -> frame.hasRefused() || frame.hasSequenced())
                            .getRefused()
                            .getReason()
                            .equals(Refusal.Reason.CONTENT_REFUSED));
            sender.send(ChatClient.text(pair, "m2", "一个坏 词"));
            sender.send(ChatClient.text(pair, "m3", "meet outside"));
            receiver.awaitFrame(frame -> text(frame).equals("一个***"));
            receiver.awaitFrame(frame -> text(frame).equals("meet outside"));
        }
        ModerationCase flagged = await().atMost(TIMEOUT)
                .until(
                        () -> operator.committed(Topics.MODERATION).stream()
                                .filter(record -> record.key().equals(pair))
                                .map(ConsumerRecord::value)
                                .toList(),
                        cases -> cases.size() == 1)
                .getFirst();
        assertEquals("meet outside", flagged.getFindings(0).getMatch());

        BusinessReply verdict = operator.ask(asSystem("verdict")
                .setRecall(RecallMessage.newBuilder().setConversationId(pair).setSeq(flagged.getMessageSeq())));

        assertTrue(verdict.hasSequenced(), verdict::toString);
        try (ChatClient receiver = signedIn(bob)) {
            assertTrue(viewOf(receiver, pair).getLastMessage().getRecalled());
        }
    }

    @Test
    void the_session_of_a_banned_user_ends_with_a_reason_and_none_opens_until_the_ban_is_lifted() {
        String lobby = "r:lobby-" + suffix;
        ClientFrame.Builder join = ClientFrame.newBuilder()
                .setRoom(Room.newBuilder().setConversationId(lobby).setJoin(JoinRoom.getDefaultInstance()));
        try (ChatClient banned = signedIn(bob)) {
            assertTrue(banned.request(join, frame -> frame.hasApplied() || frame.hasRefused())
                    .hasApplied());

            ban(Ban.newBuilder().setUserId(bob));

            assertBanned(banned);
        }
        assertFalse(connects(bob, "again"));
        assertTrue(operator.ask(
                        asSystem("unban").setRules(RulesCommand.newBuilder().addUnban(bob)))
                .hasApplied());
        await().atMost(TIMEOUT).until(() -> connects(bob, "later"));
    }

    @Test
    void a_banned_device_is_disconnected_for_every_user_and_other_devices_stay() {
        String device = "device-" + suffix;
        try (ChatClient banned = ChatClient.signedIn(tidings.url(), bob, device, ChatClient.Subprotocol.JSON);
                ChatClient other = signedIn(bob)) {
            ban(Ban.newBuilder().setDeviceId(device));

            assertBanned(banned);
            assertFalse(connects(alice, device));
            assertTrue(other.request(
                            ClientFrame.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance()),
                            ServerFrame::hasHeartbeat)
                    .hasHeartbeat());
        }
    }

    @Test
    void rules_without_authority_are_refused() {
        BusinessReply reply = operator.ask(asSystem("rules")
                .setAsSystem(false)
                .setActor(alice)
                .setRules(RulesCommand.newBuilder().addBan(Ban.newBuilder().setUserId(bob))));

        assertEquals(Refusal.Reason.SYSTEM_ONLY, reply.getRefusal().getReason());
    }

    private BusinessCommand.Builder asSystem(String request) {
        return BusinessCommand.newBuilder().setRequestId(request + '-' + suffix).setAsSystem(true);
    }

    private static BusinessSend message(String conversation, String text) {
        return BusinessSend.newBuilder()
                .setConversationId(conversation)
                .setClientMsgId("m1")
                .setContent(content(text))
                .build();
    }

    private static Content content(String text) {
        return Content.newBuilder()
                .setText(TextContent.newBuilder().setBody(text))
                .build();
    }

    private static WordRule word(String word, ModerationAction action) {
        return WordRule.newBuilder().setWord(word).setAction(action).build();
    }

    private void ban(Ban.Builder ban) {
        assertTrue(
                operator.ask(asSystem("ban").setRules(RulesCommand.newBuilder().addBan(ban)))
                        .hasApplied());
    }

    private static void assertBanned(ChatClient client) {
        Disconnect disconnect = client.awaitFrame(ServerFrame::hasDisconnect).getDisconnect();
        assertEquals(Disconnect.Code.BANNED, disconnect.getCode());
        assertFalse(disconnect.getReconnect());
        assertEquals(4403, client.awaitClose());
    }

    private static boolean connects(String user, String device) {
        try (ChatClient client = new ChatClient(tidings.url(), ChatClient.Subprotocol.JSON)) {
            client.send(ChatClient.connect(ChatClient.devToken(tidings.url(), user), device));
            return client.awaitFrame(frame -> frame.hasConnected() || frame.hasDisconnect())
                    .hasConnected();
        }
    }

    private static ChatClient signedIn(String user) {
        return ChatClient.signedIn(tidings.url(), user, "phone", Subprotocol.PROTO);
    }

    private static Predicate<ServerFrame> event(String conversation) {
        return frame -> frame.hasEvents()
                && frame.getEvents().getConversationId().equals(conversation)
                && frame.getEvents().getEventsList().stream().anyMatch(ConversationEvent::hasMessageSent);
    }

    private static String text(ServerFrame frame) {
        return frame.getEvents().getEventsCount() == 0
                ? ""
                : frame.getEvents()
                        .getEvents(0)
                        .getMessageSent()
                        .getContent()
                        .getText()
                        .getBody();
    }

    private static ConversationView viewOf(ChatClient client, String conversation) {
        return client
                .request(
                        ClientFrame.newBuilder().setSync(Sync.newBuilder().setMode(SyncMode.FULL)),
                        ServerFrame::hasSyncPage)
                .getSyncPage()
                .getViewsList()
                .stream()
                .filter(view -> view.getConversationId().equals(conversation))
                .findFirst()
                .orElseThrow();
    }
}
