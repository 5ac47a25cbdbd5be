package dev.tidings.ops.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.ops.e2e.ChatClient.Subprotocol;
import dev.tidings.schemas.Topic;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessMarkRead;
import dev.tidings.v1.BusinessReply;
import dev.tidings.v1.BusinessSend;
import dev.tidings.v1.Content;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.TextContent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A business system speaks for its users through Kafka, with nothing but a producer, and hears what became of it. */
class BusinessIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int PARTITIONS = 8;

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private static Path data;

    @SuppressWarnings("NullAway.Init") // by start()
    private static RunningTidings tidings;

    @SuppressWarnings("NullAway.Init") // by start()
    private static KafkaProducer<byte[], byte[]> producer;

    private final String suffix = UUID.randomUUID().toString().substring(0, 8);
    private final String alice = "alice-" + suffix;
    private final String shop = "shop-" + suffix;
    private final String conversation = "p:" + alice + ':' + shop;

    @BeforeAll
    static void start() {
        tidings = RunningTidings.start(data, Map.of("topics.conversation-partitions", Integer.toString(PARTITIONS)));
        producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers(), ProducerConfig.ACKS_CONFIG, "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    @AfterAll
    static void stop() {
        producer.close();
        tidings.close();
    }

    @Test
    void messages_in_json_and_protobuf_reach_a_person_and_are_answered() throws Exception {
        try (ChatClient phone = ChatClient.signedIn(tidings.url(), alice, "phone", Subprotocol.JSON)) {
            send(
                    5,
                    utf8("{\"requestId\":\"json-" + suffix + "\",\"actor\":\"" + shop
                            + "\",\"sendMessage\":{\"conversationId\":\"" + conversation
                            + "\",\"clientMsgId\":\"order-1\",\"content\":{\"text\":{\"body\":\"on its way 好\"}}}}"),
                    null);
            MessageSent first = awaitMessage(phone, 1);
            send(2, message("proto-" + suffix, "order-2", "arrived").toByteArray(), "application/x-protobuf");
            MessageSent second = awaitMessage(phone, 2);

            assertEquals(shop, first.getSender());
            assertEquals("on its way 好", first.getContent().getText().getBody());
            assertEquals("arrived", second.getContent().getText().getBody());
            BusinessReply reply = awaitReplies("json-" + suffix, 1).getFirst();
            assertEquals("billing", reply.getSource());
            assertEquals(1, reply.getSequenced().getSeq());
            assertEquals(first.getMessageId(), reply.getSequenced().getMessageId());
            assertEquals(
                    2,
                    awaitReplies("proto-" + suffix, 1).getFirst().getSequenced().getSeq());
        }
    }

    @Test
    void a_message_in_every_partition_lands_in_one_conversation_without_gaps() throws Exception {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            send(
                    partition,
                    message("r" + partition + '-' + suffix, "m" + partition, "hello")
                            .toByteArray(),
                    "application/x-protobuf");
        }

        List<Long> seqs = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            seqs.add(awaitReplies("r" + partition + '-' + suffix, 1)
                    .getFirst()
                    .getSequenced()
                    .getSeq());
        }
        assertEquals(
                List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L), seqs.stream().sorted().toList());
    }

    @Test
    void a_request_sent_twice_to_two_partitions_is_one_message() throws Exception {
        byte[] twice = message("twice-" + suffix, "m1", "once").toByteArray();
        send(0, twice, "application/x-protobuf");
        send(1, twice, "application/x-protobuf");

        List<BusinessReply> replies = awaitReplies("twice-" + suffix, 2);
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
    void reading_and_refusals_are_answered_too() throws Exception {
        BusinessCommand read = BusinessCommand.newBuilder()
                .setRequestId("read-" + suffix)
                .setActor(alice)
                .setMarkRead(BusinessMarkRead.newBuilder()
                        .setConversationId(conversation)
                        .setSeq(1))
                .build();
        send(3, message("sent-" + suffix, "m1", "hello").toByteArray(), "application/x-protobuf");
        awaitReplies("sent-" + suffix, 1);
        send(3, read.toByteArray(), "application/x-protobuf");
        send(
                3,
                read.toBuilder()
                        .setRequestId("stranger-" + suffix)
                        .setActor("mallory")
                        .build()
                        .toByteArray(),
                "application/x-protobuf");

        assertTrue(awaitReplies("read-" + suffix, 1).getFirst().hasApplied());
        assertEquals(
                Refusal.Reason.NOT_A_MEMBER,
                awaitReplies("stranger-" + suffix, 1).getFirst().getRefusal().getReason());
    }

    @Test
    void poison_goes_to_the_dead_letters_and_the_partition_goes_on() throws Exception {
        byte[] poison = utf8("{\"requestId\":\"poison-" + suffix + "\",\"nonsense\":true}");
        RecordMetadata at = send(4, poison, "application/json");
        RecordMetadata large = send(4, new byte[1_000_000], "application/json");
        send(4, message("after-" + suffix, "m1", "still here").toByteArray(), "application/x-protobuf");

        assertEquals(
                1, awaitReplies("after-" + suffix, 1).getFirst().getSequenced().getSeq());
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

    /** To a partition that no key would have chosen. */
    private static RecordMetadata send(int partition, byte[] value, @Nullable String contentType) throws Exception {
        Headers headers = new RecordHeaders().add("source", utf8("billing"));
        if (contentType != null) {
            headers.add("content-type", utf8(contentType));
        }
        return producer.send(
                        new ProducerRecord<>(Topics.BUSINESS.name(), partition, utf8("key of its own"), value, headers))
                .get(30, TimeUnit.SECONDS);
    }

    private MessageSent awaitMessage(ChatClient client, long seq) {
        return client.awaitFrame(frame -> frame.hasEvents()
                        && frame.getEvents().getConversationId().equals(conversation)
                        && frame.getEvents().getEvents(0).getSeq() == seq)
                .getEvents()
                .getEvents(0)
                .getMessageSent();
    }

    private static List<BusinessReply> awaitReplies(String requestId, int count) {
        return await(requestId)
                .atMost(PATIENCE)
                .until(
                        () -> committed(Topics.BUSINESS_REPLIES).stream()
                                .filter(record -> record.key().equals(requestId))
                                .map(ConsumerRecord::value)
                                .toList(),
                        replies -> replies.size() >= count);
    }

    private static ConsumerRecord<byte[], byte[]> awaitLetter(RecordMetadata of) {
        return await().atMost(PATIENCE)
                .until(
                        () -> committed(Topics.DEAD_LETTERS).stream()
                                .filter(record -> text(record.headers(), "tidings.partition")
                                                .equals(Integer.toString(of.partition()))
                                        && text(record.headers(), "tidings.offset")
                                                .equals(Long.toString(of.offset())))
                                .toList(),
                        letters -> letters.size() == 1)
                .getFirst();
    }

    /** All that a topic holds, as those see it who read committed. */
    private static <K, V> List<ConsumerRecord<K, V>> committed(Topic<K, V> topic) {
        Map<String, Object> properties = new HashMap<>();
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers());
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        List<ConsumerRecord<K, V>> found = new ArrayList<>();
        try (KafkaConsumer<K, V> consumer = new KafkaConsumer<>(
                properties, topic.key().deserializer(), topic.value().deserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.name()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(found::add);
            }
        }
        return found;
    }

    private static String bootstrapServers() {
        return tidings.settings().required("kafka.bootstrap-servers");
    }

    private static String text(Headers headers, String name) {
        var header = headers.lastHeader(name);
        return header == null ? "" : new String(header.value(), UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }
}
