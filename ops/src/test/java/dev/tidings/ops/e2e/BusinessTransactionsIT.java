package dev.tidings.ops.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.schemas.Topics;
import dev.tidings.v1.Ban;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessReply;
import dev.tidings.v1.BusinessSend;
import dev.tidings.v1.Content;
import dev.tidings.v1.CreateGroup;
import dev.tidings.v1.DissolveGroup;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.RulesCommand;
import dev.tidings.v1.TextContent;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Business systems that use Kafka transactions. All commands are in one partition, so a reply proves that the earlier commands
 * were processed.
 */
class BusinessTransactionsIT {

    private static final int PARTITION = 0;

    @RegisterExtension
    static final TidingsExtension tidings = TidingsExtension.allInOne();

    private static final BusinessSystem business = tidings.business();

    private final String suffix = UUID.randomUUID().toString().substring(0, 8);
    private final String shop = "shop-" + suffix;
    private final String customer = "customer-" + suffix;
    private final String pair = "p:" + customer + ":" + shop;

    @Test
    void an_aborted_message_is_never_sent_and_of_two_payments_only_the_committed_one_arrives() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = transactional()) {
            producer.beginTransaction();
            write(producer, pay("100 EUR", "aborted"));
            producer.flush();
            producer.abortTransaction();
            producer.beginTransaction();
            write(producer, pay("120 EUR", "committed"));
            producer.commitTransaction();
        }

        business.awaitReplies("committed-" + suffix, 1);

        assertEquals(List.of("paid: 120 EUR"), messagesIn(pair));
        assertEquals(List.of(), repliesTo("aborted-" + suffix));
    }

    @Test
    void an_aborted_ban_and_an_aborted_dissolution_have_no_effect() throws Exception {
        String group = "g:" + suffix;
        ask(BusinessCommand.newBuilder()
                .setActor(shop)
                .setGroup(GroupCommand.newBuilder()
                        .setConversationId(group)
                        .setCreate(CreateGroup.newBuilder()
                                .setProfile(GroupProfile.newBuilder().setName("orders"))
                                .addMembers(customer))));
        try (KafkaProducer<byte[], byte[]> producer = transactional()) {
            producer.beginTransaction();
            write(
                    producer,
                    BusinessCommand.newBuilder()
                            .setRequestId("ban-" + suffix)
                            .setAsSystem(true)
                            .setRules(RulesCommand.newBuilder()
                                    .addBan(Ban.newBuilder().setUserId(shop))));
            write(
                    producer,
                    BusinessCommand.newBuilder()
                            .setRequestId("dissolve-" + suffix)
                            .setAsSystem(true)
                            .setGroup(GroupCommand.newBuilder()
                                    .setConversationId(group)
                                    .setDissolve(DissolveGroup.getDefaultInstance())));
            producer.flush();
            producer.abortTransaction();
        }

        // in the same partition, behind the aborted ones
        assertTrue(ask(send(group, "after", "still here")).hasSequenced());
        assertEquals(List.of(), repliesTo("ban-" + suffix));
        assertEquals(List.of(), repliesTo("dissolve-" + suffix));
    }

    @Test
    void an_open_transaction_takes_effect_after_its_commit_and_holds_up_its_partition() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = transactional()) {
            producer.beginTransaction();
            write(producer, pay("100 EUR", "open"));
            producer.flush();
            business.send(PARTITION, pay("80 EUR", "behind").build().toByteArray(), "application/x-protobuf");
            business.send(1 - PARTITION, pay("60 EUR", "elsewhere").build().toByteArray(), "application/x-protobuf");

            business.awaitReplies("elsewhere-" + suffix, 1);
            assertEquals(List.of(), repliesTo("open-" + suffix));
            assertEquals(List.of(), repliesTo("behind-" + suffix));
            producer.commitTransaction();
        }

        business.awaitReplies("behind-" + suffix, 1);

        assertEquals(1, repliesTo("open-" + suffix).size());
        assertEquals(List.of("paid: 60 EUR", "paid: 100 EUR", "paid: 80 EUR"), messagesIn(pair));
    }

    private BusinessCommand.Builder pay(String amount, String name) {
        return send(pair, name, "paid: " + amount);
    }

    private BusinessCommand.Builder send(String conversation, String name, String text) {
        return BusinessCommand.newBuilder()
                .setRequestId(name + "-" + suffix)
                .setActor(shop)
                .setSendMessage(BusinessSend.newBuilder()
                        .setConversationId(conversation)
                        .setClientMsgId(name)
                        .setContent(Content.newBuilder()
                                .setText(TextContent.newBuilder().setBody(text))));
    }

    private BusinessReply ask(BusinessCommand.Builder command) {
        String requestId = command.getRequestId().isEmpty() ? "ask-" + suffix : command.getRequestId();
        business.send(PARTITION, command.setRequestId(requestId).build().toByteArray(), "application/x-protobuf");
        return business.awaitReplies(requestId, 1).getFirst();
    }

    private static List<String> messagesIn(String conversation) {
        return business.committed(Topics.CONVERSATION_EVENTS).stream()
                .filter(record -> record.key().equals(conversation))
                .map(record ->
                        record.value().getMessageSent().getContent().getText().getBody())
                .toList();
    }

    private static List<String> repliesTo(String requestId) {
        return business.committed(Topics.BUSINESS_REPLIES).stream()
                .map(ConsumerRecord::key)
                .filter(requestId::equals)
                .toList();
    }

    private static void write(KafkaProducer<byte[], byte[]> producer, BusinessCommand.Builder command)
            throws Exception {
        producer.send(new ProducerRecord<>(
                        Topics.BUSINESS.name(),
                        PARTITION,
                        "orders".getBytes(UTF_8),
                        command.build().toByteArray(),
                        new RecordHeaders()
                                .add("source", BusinessSystem.SOURCE.getBytes(UTF_8))
                                .add("content-type", "application/x-protobuf".getBytes(UTF_8))))
                .get(60, TimeUnit.SECONDS);
    }

    private KafkaProducer<byte[], byte[]> transactional() {
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        tidings.bootstrapServers(),
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        "billing-" + suffix),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
        return producer;
    }
}
