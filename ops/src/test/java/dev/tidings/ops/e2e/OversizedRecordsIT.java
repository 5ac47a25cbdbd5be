package dev.tidings.ops.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.schemas.Limits;
import dev.tidings.schemas.Topic;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.id.UserId;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Records around each limit, on a real broker. No thread of a topology dies, {@link Bystanders} in every partition are not
 * disturbed, and dead letters stay within their limit.
 */
class OversizedRecordsIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);

    /** Bytes that a broker and a producer accept by default, batch overhead included. */
    private static final int KAFKA_RECORD = 1_048_576;

    private static final int STEP = 60;

    @RegisterExtension
    static final TidingsExtension tidings = TidingsExtension.allInOne();

    private static final BusinessSystem business = tidings.business();

    @SuppressWarnings("NullAway.Init") // by start()
    private static KafkaProducer<byte[], byte[]> producer;

    /** One conversation of each partition. */
    private static final List<String> ATTACKED = new ArrayList<>();

    private final String suffix = UUID.randomUUID().toString().substring(0, 8);
    private final OversizedMessages messages = new OversizedMessages(suffix);

    @SuppressWarnings("NullAway.Init") // before each test
    private Bystanders bystanders;

    @BeforeAll
    static void start() {
        producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        tidings.bootstrapServers(),
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        2 * KAFKA_RECORD),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        int partitions = tidings.conversationPartitions();
        for (int partition = 0; partition < partitions; partition++) {
            ATTACKED.add(conversation("x", "y", partition, partitions));
        }
    }

    private static String conversation(String one, String other, int partition, int partitions) {
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> "p:" + one + i + ':' + other + i)
                .filter(conversation -> partitionOf(conversation, partitions) == partition)
                .findFirst()
                .orElseThrow();
    }

    /** Returns the partition that Kafka's own partitioner chooses for a key. */
    private static int partitionOf(String key, int partitions) {
        return UserId.inboxPartition(key, partitions);
    }

    @AfterAll
    static void stop() {
        producer.close();
    }

    @BeforeEach
    void start_bystanders(TestInfo test) {
        int partitions = tidings.conversationPartitions();
        bystanders = Bystanders.start(tidings.url(), partitions, test.getDisplayName());
    }

    @AfterEach
    void check_bystanders_and_dead_letters() throws Exception {
        bystanders.close();
        for (ConsumerRecord<byte[], byte[]> letter : business.committed(Topics.DEAD_LETTERS)) {
            assertTrue(sizeOf(letter) <= Limits.DEAD_LETTER, () -> "a dead letter has " + sizeOf(letter) + " bytes");
        }
    }

    @Test
    void a_megabyte_of_unknown_fields_is_discarded() throws Exception {
        int sent = 0;
        for (String attacked : ATTACKED) {
            for (int size = 1_046_000; size <= KAFKA_RECORD - 150; size += 600) {
                write(
                        Topics.COMMANDS,
                        attacked,
                        OversizedMessages.padded(size, unknown -> messages.hidden(attacked, unknown)));
                sent++;
            }
        }

        int expected = sent;
        await().atMost(TIMEOUT).until(() -> eventsOfHidden() == expected);
        assertEquals(0, lettersFrom(Topics.COMMANDS, "hidden-" + suffix));
    }

    @Test
    void a_command_around_its_limit_is_decided_or_refused() throws Exception {
        String attacked = ATTACKED.getFirst();
        long before = committedEvents(attacked);
        int fit = 0;
        for (int size = Limits.COMMAND - 1_000; size <= Limits.COMMAND + 1_000; size += STEP) {
            write(
                    Topics.COMMANDS,
                    attacked,
                    OversizedMessages.padded(size, frameId -> messages.withLongFrameId(attacked, frameId)));
            fit += size <= Limits.COMMAND ? 1 : 0;
        }

        long expected = before + fit;
        await().atMost(TIMEOUT).until(() -> committedEvents(attacked) >= expected);
        assertEquals(expected, committedEvents(attacked));
        assertEquals(0, lettersFrom(Topics.COMMANDS, "long-" + suffix));
    }

    @Test
    void a_command_whose_answer_does_not_fit_becomes_a_dead_letter() throws Exception {
        int sent = 0;
        for (String attacked : ATTACKED) {
            for (int size = KAFKA_RECORD - 2_150; size <= KAFKA_RECORD - 150; size += 500) {
                write(
                        Topics.COMMANDS,
                        attacked,
                        OversizedMessages.padded(size, frameId -> messages.withLongFrameId(attacked, frameId)));
                sent++;
            }
        }

        int expected = sent;
        await().atMost(TIMEOUT).until(() -> lettersFrom(Topics.COMMANDS, "long-" + suffix) == expected);
    }

    @Test
    void a_command_around_the_limit_of_its_answer_is_refused_or_becomes_a_dead_letter() throws Exception {
        String attacked = ATTACKED.getLast();
        int sent = 0;
        for (int size = Limits.DELIVERY - 1_000; size <= Limits.DELIVERY + 1_000; size += STEP) {
            write(
                    Topics.COMMANDS,
                    attacked,
                    OversizedMessages.padded(size, frameId -> messages.withLongFrameId(attacked, frameId)));
            sent++;
        }

        int expected = sent;
        await().atMost(TIMEOUT).until(() -> refusals() + lettersFrom(Topics.COMMANDS, "long-" + suffix) == expected);
        assertTrue(refusals() > 0);
        assertTrue(refusals() < expected);
    }

    @Test
    void headers_do_not_make_an_outcome_too_large() throws Exception {
        int sent = 0;
        for (String attacked : ATTACKED) {
            for (int size = Limits.RECORD - 1_000; size <= Limits.RECORD + 1_000; size += 200) {
                ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                        Topics.COMMANDS.name(),
                        attacked.getBytes(UTF_8),
                        messages.hidden(attacked, 0).toByteArray());
                record.headers().add("stranger", new byte[size]);
                producer.send(record).get(60, TimeUnit.SECONDS);
                sent++;
            }
        }

        int expected = sent;
        await().atMost(TIMEOUT)
                .until(() -> eventsOfHidden() + lettersFrom(Topics.COMMANDS, "hidden-" + suffix) == expected);
        assertTrue(eventsOfHidden() > 0);
        assertTrue(eventsOfHidden() < expected);
    }

    @Test
    void an_unreadable_record_of_any_size_becomes_a_dead_letter() throws Exception {
        List<Topic<?, ?>> topics = List.of(Topics.COMMANDS, Topics.USER_COMMANDS, Topics.BUSINESS);
        int before = business.committed(Topics.DEAD_LETTERS).size();
        int sent = 0;
        for (Topic<?, ?> topic : topics) {
            for (int size = KAFKA_RECORD - 2_150; size <= KAFKA_RECORD - 150; size += 200) {
                byte[] nonsense = new byte[size];
                java.util.Arrays.fill(nonsense, (byte) 0xFF);
                write(topic, ATTACKED.get(sent % ATTACKED.size()), nonsense);
                sent++;
            }
        }

        int expected = before + sent;
        await().atMost(TIMEOUT)
                .until(() -> business.committed(Topics.DEAD_LETTERS).size() >= expected);
    }

    @Test
    void a_user_command_around_its_limit_is_answered_or_refused() throws Exception {
        int fit = 0;
        int sent = 0;
        for (int size = Limits.USER_COMMAND - 1_000; size <= Limits.USER_COMMAND + 1_000; size += STEP) {
            write(Topics.USER_COMMANDS, "a-" + suffix, OversizedMessages.padded(size, messages::sync));
            fit += size <= Limits.USER_COMMAND ? 1 : 0;
            sent++;
        }

        int answered = fit;
        int refused = sent - fit;
        String session = "no-session-" + suffix;
        await().atMost(TIMEOUT)
                .until(() -> deliveries(delivery -> delivery.getSyncAnswer()
                                .getOrigin()
                                .getSessionId()
                                .equals(session))
                        == answered);
        await().atMost(TIMEOUT)
                .until(() -> deliveries(delivery -> delivery.getUserAnswer()
                                        .getOrigin()
                                        .getSessionId()
                                        .equals(session)
                                && delivery.getUserAnswer().getRefusal().getReason()
                                        == Refusal.Reason.COMMAND_TOO_LARGE)
                        == refused);
        assertEquals(0, lettersFrom(Topics.USER_COMMANDS, "a-" + suffix));
    }

    @Test
    void a_user_command_whose_refusal_does_not_fit_becomes_a_dead_letter() throws Exception {
        int sent = 0;
        for (int size = KAFKA_RECORD - 2_150; size <= KAFKA_RECORD - 150; size += STEP) {
            write(Topics.USER_COMMANDS, "a-" + suffix, OversizedMessages.padded(size, messages::sync));
            sent++;
        }

        int expected = sent;
        await().atMost(TIMEOUT).until(() -> lettersFrom(Topics.USER_COMMANDS, "a-" + suffix) == expected);
    }

    @Test
    void a_business_command_around_its_limit_is_answered_or_becomes_a_dead_letter() throws Exception {
        int fit = 0;
        int sent = 0;
        for (int size = Limits.BUSINESS_VALUE - 1_000; size <= Limits.BUSINESS_VALUE + 1_000; size += 200) {
            String requestId = "r-" + suffix + '-' + size;
            String json = "{\"requestId\":\"" + requestId + "\",\"actor\":\"shop\",\"markRead\":{\"seq\":\"1\","
                    + "\"conversationId\":\"%s\"}}";
            business.send(
                    null,
                    json.replace("%s", "x".repeat(size - json.length() + 2)).getBytes(UTF_8),
                    null);
            fit += size <= Limits.BUSINESS_VALUE ? 1 : 0;
            sent++;
        }

        int answered = fit;
        int deadLetters = sent - fit;
        await().atMost(TIMEOUT)
                .until(() -> business.committed(Topics.BUSINESS_REPLIES).stream()
                                .filter(reply -> reply.key().startsWith("r-" + suffix))
                                .count()
                        == answered);
        await().atMost(TIMEOUT)
                .until(() -> business.committed(Topics.DEAD_LETTERS).stream()
                                .filter(letter -> text(letter.value()).contains("r-" + suffix))
                                .count()
                        == deadLetters);
    }

    private void write(Topic<?, ?> topic, String key, com.google.protobuf.MessageLite message) throws Exception {
        write(topic, key, message.toByteArray());
    }

    private static void write(Topic<?, ?> topic, String key, byte[] value) throws Exception {
        Future<RecordMetadata> written = producer.send(new ProducerRecord<>(topic.name(), key.getBytes(UTF_8), value));
        written.get(60, TimeUnit.SECONDS);
    }

    private long eventsOfHidden() {
        return business.committed(Topics.CONVERSATION_EVENTS).stream()
                .filter(event -> event.value().getCommandId().startsWith("hidden-" + suffix))
                .count();
    }

    private long refusals() {
        return deliveries(
                delivery -> delivery.getAnswer().getOrigin().getSessionId().equals("no-session-" + suffix)
                        && delivery.getAnswer().getRefusal().getReason() == Refusal.Reason.COMMAND_TOO_LARGE);
    }

    private static long deliveries(Predicate<Delivery> fits) {
        return business.committed(Topics.DELIVERIES).stream()
                .map(ConsumerRecord::value)
                .filter(fits)
                .count();
    }

    private static long committedEvents(String attacked) {
        return business.committed(Topics.CONVERSATION_EVENTS).stream()
                .filter(event -> event.key().equals(attacked))
                .count();
    }

    private static long lettersFrom(Topic<?, ?> topic, String contained) {
        return business.committed(Topics.DEAD_LETTERS).stream()
                .filter(letter -> text(letter.value()).contains(contained))
                .filter(letter -> headers(letter).contains(topic.name()))
                .count();
    }

    private static String headers(ConsumerRecord<byte[], byte[]> letter) {
        StringBuilder headers = new StringBuilder();
        for (Header header : letter.headers()) {
            headers.append(header.key())
                    .append('=')
                    .append(text(header.value()))
                    .append('\n');
        }
        return headers.toString();
    }

    private static int sizeOf(ConsumerRecord<byte[], byte[]> letter) {
        int size = letter.key() == null ? 0 : letter.key().length;
        size += letter.value() == null ? 0 : letter.value().length;
        for (Header header : letter.headers()) {
            size += header.key().length() + (header.value() == null ? 0 : header.value().length);
        }
        return size;
    }

    private static String text(byte @org.jspecify.annotations.Nullable [] bytes) {
        return bytes == null ? "" : new String(bytes, UTF_8);
    }
}
