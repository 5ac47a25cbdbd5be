package dev.tidings.ops.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.ops.e2e.ChatClient.Subprotocol;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessMarkRead;
import dev.tidings.v1.BusinessReply;
import dev.tidings.v1.BusinessSend;
import dev.tidings.v1.Content;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.SyncPage;
import dev.tidings.v1.TextContent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A business system sends commands of its users through Kafka with a plain producer, and reads the replies. */
class BusinessIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final int PARTITIONS = 8;

    @RegisterExtension
    static final TidingsExtension tidings =
            TidingsExtension.allInOne().with("topics.conversation-partitions", Integer.toString(PARTITIONS));

    private static final BusinessSystem billing = tidings.business();

    private final String suffix = UUID.randomUUID().toString().substring(0, 8);
    private final String alice = "alice-" + suffix;
    private final String shop = "shop-" + suffix;
    private final String conversation = "p:" + alice + ':' + shop;

    @Test
    void messages_in_json_and_protobuf_reach_a_user_and_are_replied_to() {
        try (ChatClient phone = ChatClient.signedIn(tidings.url(), alice, "phone", Subprotocol.JSON)) {
            billing.send(
                    5,
                    utf8("{\"requestId\":\"json-" + suffix + "\",\"actor\":\"" + shop
                            + "\",\"sendMessage\":{\"conversationId\":\"" + conversation
                            + "\",\"clientMsgId\":\"order-1\",\"content\":{\"text\":{\"body\":\"on its way 好\"}}}}"),
                    null);
            MessageSent first = awaitMessage(phone, 1);
            billing.send(2, message("proto-" + suffix, "order-2", "arrived").toByteArray(), "application/x-protobuf");
            MessageSent second = awaitMessage(phone, 2);

            assertEquals(shop, first.getSender());
            assertEquals("on its way 好", first.getContent().getText().getBody());
            assertEquals("arrived", second.getContent().getText().getBody());
            BusinessReply reply = billing.awaitReplies("json-" + suffix, 1).getFirst();
            assertEquals("billing", reply.getSource());
            assertEquals(1, reply.getSequenced().getSeq());
            assertEquals(first.getMessageId(), reply.getSequenced().getMessageId());
            assertEquals(
                    2,
                    billing.awaitReplies("proto-" + suffix, 1)
                            .getFirst()
                            .getSequenced()
                            .getSeq());
        }
    }

    @Test
    void a_message_in_every_partition_lands_in_one_conversation_without_gaps() {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            billing.send(
                    partition,
                    message("r" + partition + '-' + suffix, "m" + partition, "hello")
                            .toByteArray(),
                    "application/x-protobuf");
        }

        List<Long> seqs = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            seqs.add(billing.awaitReplies("r" + partition + '-' + suffix, 1)
                    .getFirst()
                    .getSequenced()
                    .getSeq());
        }
        assertEquals(
                List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L), seqs.stream().sorted().toList());
    }

    @Test
    void a_request_sent_twice_to_two_partitions_is_one_message() {
        byte[] twice = message("twice-" + suffix, "m1", "once").toByteArray();
        billing.send(0, twice, "application/x-protobuf");
        billing.send(1, twice, "application/x-protobuf");

        List<BusinessReply> replies = billing.awaitReplies("twice-" + suffix, 2);
        assertEquals(
                1,
                replies.stream()
                        .filter(reply -> reply.getSequenced().getDuplicate())
                        .count());
        assertEquals(
                1,
                replies.stream()
                        .map(reply -> reply.getSequenced().getMessageId())
                        .distinct()
                        .count());
    }

    @Test
    void read_positions_and_refusals_are_replied_to() {
        BusinessCommand read = BusinessCommand.newBuilder()
                .setRequestId("read-" + suffix)
                .setActor(alice)
                .setMarkRead(BusinessMarkRead.newBuilder()
                        .setConversationId(conversation)
                        .setSeq(1))
                .build();
        billing.send(3, message("sent-" + suffix, "m1", "hello").toByteArray(), "application/x-protobuf");
        billing.awaitReplies("sent-" + suffix, 1);
        billing.send(3, read.toByteArray(), "application/x-protobuf");
        billing.send(
                3,
                read.toBuilder()
                        .setRequestId("stranger-" + suffix)
                        .setActor("mallory")
                        .build()
                        .toByteArray(),
                "application/x-protobuf");

        assertTrue(billing.awaitReplies("read-" + suffix, 1).getFirst().hasApplied());
        assertEquals(
                Refusal.Reason.NOT_A_MEMBER,
                billing.awaitReplies("stranger-" + suffix, 1)
                        .getFirst()
                        .getRefusal()
                        .getReason());
    }

    @Test
    void queries_in_json_are_answered_in_json() {
        billing.send(3, message("sent-" + suffix, "m1", "hello").toByteArray(), "application/x-protobuf");
        billing.awaitReplies("sent-" + suffix, 1);
        billing.send(
                3,
                utf8("{\"requestId\":\"head-" + suffix + "\",\"asSystem\":true,\"readHead\":{\"conversationId\":\""
                        + conversation + "\"}}"),
                null);
        billing.send(
                3,
                utf8("{\"requestId\":\"presence-" + suffix + "\",\"asSystem\":true,\"getPresence\":{\"userIds\":[\""
                        + alice + "\",\"" + shop + "\"]}}"),
                null);
        assertEquals(
                1,
                billing.awaitReplies("head-" + suffix, 1).getFirst().getHead().getLastSeq());
        assertEquals(
                Set.of(alice, shop),
                billing.awaitReplies("presence-" + suffix, 2).stream()
                        .map(reply -> reply.getPresence().getUserId())
                        .collect(Collectors.toSet()));

        SyncPage page = awaitConversations();

        assertEquals(conversation, page.getViews(0).getConversationId());
        assertEquals(1, page.getViews(0).getUnread());
        assertEquals(1, page.getBadge());
        for (String name : List.of("head-", "presence-", "list-1-")) {
            assertTrue(
                    billing.committed(Topics.BUSINESS_REPLIES).stream()
                            .filter(record -> record.key().equals(name + suffix))
                            .allMatch(record -> "application/json"
                                    .equals(new String(
                                            record.headers()
                                                    .lastHeader("content-type")
                                                    .value(),
                                            UTF_8))),
                    name);
        }
    }

    /** A query has no order with the message before it, so it is repeated until it shows the message. */
    private SyncPage awaitConversations() {
        for (int attempt = 1; ; attempt++) {
            String requestId = "list-" + attempt + '-' + suffix;
            billing.send(
                    3,
                    utf8("{\"requestId\":\"" + requestId + "\",\"actor\":\"" + alice + "\",\"listConversations\":{}}"),
                    null);
            SyncPage page = billing.awaitReplies(requestId, 1).getFirst().getConversations();
            if (page.getViewsCount() > 0) {
                return page;
            }
            assertTrue(attempt < 100, () -> "no conversation in " + page);
        }
    }

    @Test
    void a_poison_record_is_refused_and_a_dead_letter_and_the_partition_continues() {
        byte[] poison = utf8("{\"requestId\":\"poison-" + suffix + "\",\"nonsense\":true}");
        RecordMetadata at = billing.send(4, poison, "application/json");
        RecordMetadata large = billing.send(4, new byte[1_000_000], "application/json");
        billing.send(4, message("after-" + suffix, "m1", "still here").toByteArray(), "application/x-protobuf");

        assertEquals(
                1,
                billing.awaitReplies("after-" + suffix, 1)
                        .getFirst()
                        .getSequenced()
                        .getSeq());
        Refusal refusal = billing.awaitReplies("poison-" + suffix, 1).getFirst().getRefusal();
        assertEquals(Refusal.Reason.INVALID_ARGUMENT, refusal.getReason());
        assertTrue(refusal.getMessage().contains("nonsense"), refusal.getMessage());
        ConsumerRecord<byte[], byte[]> letter = awaitLetter(at);
        assertArrayEquals(poison, letter.value());
        assertEquals("billing", text(letter.headers(), "source"));
        assertTrue(text(letter.headers(), "tidings.reason").contains("nonsense"));
        assertTrue(text(awaitLetter(large).headers(), "tidings.cut").contains("value: 1000000"));
    }

    private BusinessCommand message(String requestId, String clientMsgId, String body) {
        return BusinessCommand.newBuilder()
                .setRequestId(requestId)
                .setActor(shop)
                .setSendMessage(BusinessSend.newBuilder()
                        .setConversationId(conversation)
                        .setClientMsgId(clientMsgId)
                        .setContent(Content.newBuilder()
                                .setText(TextContent.newBuilder().setBody(body))))
                .build();
    }

    private MessageSent awaitMessage(ChatClient client, long seq) {
        return client.awaitFrame(frame -> frame.hasEvents()
                        && frame.getEvents().getConversationId().equals(conversation)
                        && frame.getEvents().getEvents(0).getSeq() == seq)
                .getEvents()
                .getEvents(0)
                .getMessageSent();
    }

    private static ConsumerRecord<byte[], byte[]> awaitLetter(RecordMetadata of) {
        return await().atMost(TIMEOUT)
                .until(
                        () -> billing.committed(Topics.DEAD_LETTERS).stream()
                                .filter(record -> text(record.headers(), "tidings.partition")
                                                .equals(Integer.toString(of.partition()))
                                        && text(record.headers(), "tidings.offset")
                                                .equals(Long.toString(of.offset())))
                                .toList(),
                        letters -> letters.size() == 1)
                .getFirst();
    }

    private static String text(Headers headers, String name) {
        var header = headers.lastHeader(name);
        return header == null ? "" : new String(header.value(), UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }
}
