package dev.tidings.ops.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.schemas.Topic;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessReply;
import dev.tidings.v1.BusinessSend;
import dev.tidings.v1.Content;
import dev.tidings.v1.TextContent;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.management.ObjectName;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Records that fail below the code of the topologies, on a real broker. Counts the deaths of threads. */
class PoisonedInputIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);

    @RegisterExtension
    static final TidingsExtension tidings = TidingsExtension.allInOne();

    private static final BusinessSystem business = tidings.business();

    private final String suffix = UUID.randomUUID().toString().substring(0, 8);

    @Test
    void a_record_whose_outcome_the_broker_rejects_costs_at_most_two_threads_and_becomes_a_dead_letter()
            throws Exception {
        long deaths = count("conversation", "ThreadDeaths");
        long skipped = count("conversation", "SkippedRecords");
        tidings.setTopicConfig(Topics.CONVERSATION_EVENTS, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "3000");
        try {
            business.send(0, send("large", "x".repeat(4_000)), "application/x-protobuf");

            await().dontCatchUncaughtExceptions() // the thread dies, as it is meant to
                    .atMost(TIMEOUT)
                    .until(() -> count("conversation", "SkippedRecords") == skipped + 1);
            assertEquals(1, answer("small", "x").getSequenced().getSeq());
        } finally {
            tidings.setTopicConfig(Topics.CONVERSATION_EVENTS, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "1048588");
        }

        // the first rejected output of a process turns tracing on, which costs one more thread
        long died = count("conversation", "ThreadDeaths") - deaths;
        assertTrue(died == 1 || died == 2, () -> died + " threads died");
        List<String> reasons = reasonsOf(Topics.COMMANDS);
        assertEquals(
                List.of("its outcome cannot be written to tidings.conversation-events: RecordTooLargeException"),
                reasons);
        await().atMost(TIMEOUT).until(() -> tidings.get("/readyz").statusCode() == 200);
    }

    @Test
    void a_record_with_an_impossible_timestamp_becomes_a_dead_letter_and_costs_no_thread() throws Exception {
        long deaths = count("intake", "ThreadDeaths");
        tidings.setTopicConfig(Topics.BUSINESS, TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "CreateTime");
        try {
            RecordMetadata at = produce(Map.of(), new WithoutTime(send("timeless", "x")));

            assertEquals(1, answer("behind", "x").getSequenced().getSeq());
            assertTrue(
                    reasonsOf(Topics.BUSINESS)
                            .contains("the record has the impossible timestamp -1; the topic must"
                                    + " have message.timestamp.type=LogAppendTime"),
                    () -> "no dead letter of offset " + at.offset());
        } finally {
            tidings.setTopicConfig(Topics.BUSINESS, TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
        }

        assertEquals(deaths, count("intake", "ThreadDeaths"));
    }

    /** A record without a time, which a plain record cannot be. */
    private static final class WithoutTime extends ProducerRecord<byte[], byte[]> {
        WithoutTime(byte[] value) {
            super(Topics.BUSINESS.name(), 0, null, value);
        }

        @Override
        public Long timestamp() {
            return -1L;
        }
    }

    private RecordMetadata produce(Map<String, Object> more, ProducerRecord<byte[], byte[]> record) throws Exception {
        Map<String, Object> config = new HashMap<>(more);
        config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, tidings.bootstrapServers());
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            return producer.send(record).get(60, TimeUnit.SECONDS);
        }
    }

    private BusinessReply answer(String name, String text) {
        business.send(0, send(name, text), "application/x-protobuf");
        return business.awaitReplies(name + "-" + suffix, 1).getFirst();
    }

    private byte[] send(String name, String text) {
        return BusinessCommand.newBuilder()
                .setRequestId(name + "-" + suffix)
                .setActor("shop-" + suffix)
                .setSendMessage(BusinessSend.newBuilder()
                        .setConversationId("p:customer-" + suffix + ":shop-" + suffix)
                        .setClientMsgId(name)
                        .setContent(Content.newBuilder()
                                .setText(TextContent.newBuilder().setBody(text))))
                .build()
                .toByteArray();
    }

    private static List<String> reasonsOf(Topic<?, ?> topic) {
        return business.committed(Topics.DEAD_LETTERS).stream()
                .filter(letter -> topic.name().equals(header(letter, "tidings.topic")))
                .map(letter -> header(letter, "tidings.reason"))
                .toList();
    }

    private static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
        Header header = letter.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), UTF_8);
    }

    private static long count(String topology, String attribute) throws Exception {
        return ((Number) ManagementFactory.getPlatformMBeanServer()
                        .getAttribute(
                                new ObjectName("dev.tidings.processors:type=topology,topology=" + topology), attribute))
                .longValue();
    }
}
