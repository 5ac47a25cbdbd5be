package dev.tidings.ops.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.ops.e2e.ChatClient.Subprotocol;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.Events;
import dev.tidings.v1.MarkConversationRead;
import dev.tidings.v1.Pull;
import dev.tidings.v1.Sequenced;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.Sync;
import dev.tidings.v1.SyncMode;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two users exchange messages: sequencing, delivery, receipts, history and the rows in ClickHouse. */
class MessagingIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);

    @RegisterExtension
    static final TidingsExtension tidings = TidingsExtension.shared();

    @ParameterizedTest
    @EnumSource(Subprotocol.class)
    void a_message_is_accepted_then_sequenced_and_reaches_the_other(Subprotocol subprotocol) {
        Pair pair = new Pair();
        try (ChatClient alice = pair.alice("phone", subprotocol);
                ChatClient bob = pair.bob("phone", subprotocol)) {
            String id = alice.send(ChatClient.text(pair.conversation, "m1", "hello 你好 👋"));

            Sequenced sequenced = alice.awaitFrame(frame -> frame.getId().equals(id) && frame.hasSequenced())
                    .getSequenced();
            Events delivered = bob.awaitFrame(ServerFrame::hasEvents).getEvents();

            List<ServerFrame> answers = alice.received().stream()
                    .filter(frame -> frame.getId().equals(id))
                    .toList();
            assertTrue(answers.getFirst().hasAccepted(), answers::toString);
            assertEquals(answers.getFirst().getAccepted().getCommandId(), sequenced.getMessageId());
            assertEquals(1, sequenced.getSeq());
            assertFalse(sequenced.getDuplicate());
            assertEquals(1, delivered.getDeliverySeq());
            ConversationEvent event = delivered.getEvents(0);
            assertEquals(1, event.getSeq());
            assertEquals(sequenced.getSentAt(), event.getSentAt());
            assertEquals(pair.alice, event.getMessageSent().getSender());
            assertEquals(
                    "hello 你好 👋", event.getMessageSent().getContent().getText().getBody());
            bob.ack(1);
        }
    }

    @Test
    void a_message_sent_twice_is_one_message() {
        Pair pair = new Pair();
        try (ChatClient alice = pair.alice("phone", Subprotocol.PROTO)) {
            Sequenced first = alice.request(ChatClient.text(pair.conversation, "m1", "once"), ServerFrame::hasSequenced)
                    .getSequenced();

            Sequenced second = alice.request(
                            ChatClient.text(pair.conversation, "m1", "once"), ServerFrame::hasSequenced)
                    .getSequenced();

            assertEquals(first.toBuilder().setDuplicate(true).build(), second);
        }
    }

    @Test
    void the_senders_other_device_gets_the_message_and_the_sending_one_does_not() {
        Pair pair = new Pair();
        try (ChatClient phone = pair.alice("phone", Subprotocol.PROTO);
                ChatClient laptop = pair.alice("laptop", Subprotocol.JSON)) {
            phone.request(ChatClient.text(pair.conversation, "m1", "from my phone"), ServerFrame::hasSequenced);

            assertEquals(
                    pair.alice,
                    laptop.awaitFrame(ServerFrame::hasEvents)
                            .getEvents()
                            .getEvents(0)
                            .getMessageSent()
                            .getSender());
            assertTrue(phone.received().stream().noneMatch(ServerFrame::hasEvents));
        }
    }

    @Test
    void reading_clears_the_unread_count_and_the_sender_sees_the_read_position() {
        Pair pair = new Pair();
        try (ChatClient alice = pair.alice("phone", Subprotocol.PROTO);
                ChatClient bob = pair.bob("phone", Subprotocol.PROTO)) {
            alice.request(ChatClient.text(pair.conversation, "m1", "one"), ServerFrame::hasSequenced);
            alice.request(ChatClient.text(pair.conversation, "m2", "two"), ServerFrame::hasSequenced);
            bob.awaitFrame(frame -> frame.getEvents().getDeliverySeq() == 2);
            assertEquals(2, view(bob, pair).getUnread());

            bob.send(ClientFrame.newBuilder()
                    .setMarkRead(MarkConversationRead.newBuilder()
                            .setConversationId(pair.conversation)
                            .setSeq(2)));

            ConversationEvent seen = alice.awaitFrame(frame ->
                            frame.hasEvents() && frame.getEvents().getEvents(0).hasReadAdvanced())
                    .getEvents()
                    .getEvents(0);
            assertEquals(2, seen.getReadAdvanced().getReadSeq());
            assertEquals(0, view(bob, pair).getUnread());
            assertEquals(2, view(alice, pair).getPeerReadSeq());
        }
    }

    @Test
    void missed_messages_are_counted_by_sync_and_read_by_pull() {
        Pair pair = new Pair();
        try (ChatClient alice = pair.alice("phone", Subprotocol.PROTO)) {
            for (int i = 1; i <= 5; i++) {
                alice.request(ChatClient.text(pair.conversation, "m" + i, "number " + i), ServerFrame::hasSequenced);
            }
        }
        try (ChatClient bob = pair.bob("phone", Subprotocol.PROTO)) {
            ConversationView view = view(bob, pair);

            assertEquals(5, view.getLastSeq());
            assertEquals(5, view.getUnread());
            assertEquals("number 5", view.getLastMessage().getText());
            assertEquals(LongStream.rangeClosed(1, 5).boxed().toList(), pullAll(bob, pair, 5));
        }
    }

    @Test
    void a_message_is_stored_in_clickhouse() {
        Pair pair = new Pair();
        try (ChatClient alice = pair.alice("phone", Subprotocol.PROTO)) {
            alice.request(ChatClient.text(pair.conversation, "m1", "for the record"), ServerFrame::hasSequenced);
        }

        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertEquals(
                        "1\t" + pair.alice + "\tfor the record\n",
                        tidings.sql("SELECT seq, sender, text FROM messages FINAL WHERE conversation_id = '"
                                + pair.conversation + "'")));
    }

    @Test
    void history_missing_in_redis_is_read_from_clickhouse() {
        Pair pair = new Pair();
        try (ChatClient alice = pair.alice("phone", Subprotocol.PROTO)) {
            for (int i = 1; i <= 3; i++) {
                alice.request(ChatClient.text(pair.conversation, "m" + i, "number " + i), ServerFrame::hasSequenced);
            }
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertEquals(
                            "3\n",
                            tidings.sql("SELECT count() FROM events FINAL WHERE conversation_id = '" + pair.conversation
                                    + "'")));
            pullAll(alice, pair, 3);
            RedisClient redis = RedisClient.create(tidings.settings().required("redis.url"));
            try (StatefulRedisConnection<String, String> connection = redis.connect()) {
                connection.sync().flushall();
            } finally {
                redis.shutdown();
            }

            assertEquals(List.of(1L, 2L, 3L), pullAll(alice, pair, 3));
        }
    }

    @Test
    void a_device_that_connects_again_ends_its_earlier_session_with_a_reason() {
        Pair pair = new Pair();
        try (ChatClient first = pair.alice("phone", Subprotocol.JSON);
                ChatClient second = pair.alice("phone", Subprotocol.JSON)) {
            assertFalse(
                    first.awaitFrame(ServerFrame::hasDisconnect).getDisconnect().getReconnect());
            assertEquals(4409, first.awaitClose());
            second.request(ChatClient.text(pair.conversation, "m1", "still here"), ServerFrame::hasSequenced);
        }
    }

    private static ConversationView view(ChatClient client, Pair pair) {
        return client
                .request(
                        ClientFrame.newBuilder().setSync(Sync.newBuilder().setMode(SyncMode.FULL)),
                        frame -> frame.getSyncPage().getDone())
                .getSyncPage()
                .getViewsList()
                .stream()
                .filter(view -> view.getConversationId().equals(pair.conversation))
                .findFirst()
                .orElseThrow();
    }

    /** Pulls until history, which lags behind deliveries, has the messages. */
    private static List<Long> pullAll(ChatClient client, Pair pair, long lastSeq) {
        return await().atMost(TIMEOUT)
                .until(
                        () -> client
                                .request(
                                        ClientFrame.newBuilder()
                                                .setPull(Pull.newBuilder()
                                                        .setConversationId(pair.conversation)
                                                        .setFromSeq(1)
                                                        .setToSeq(lastSeq)),
                                        ServerFrame::hasEvents)
                                .getEvents()
                                .getEventsList()
                                .stream()
                                .map(ConversationEvent::getSeq)
                                .toList(),
                        seqs -> seqs.size() == lastSeq);
    }

    /** Two users that only one test has. */
    private static final class Pair {
        private final String suffix = UUID.randomUUID().toString().substring(0, 8);
        private final String alice = "alice-" + suffix;
        private final String bob = "bob-" + suffix;
        private final String conversation = "p:" + alice + ":" + bob;

        ChatClient alice(String device, Subprotocol subprotocol) {
            return ChatClient.signedIn(tidings.url(), alice, device, subprotocol);
        }

        ChatClient bob(String device, Subprotocol subprotocol) {
            return ChatClient.signedIn(tidings.url(), bob, device, subprotocol);
        }
    }
}
