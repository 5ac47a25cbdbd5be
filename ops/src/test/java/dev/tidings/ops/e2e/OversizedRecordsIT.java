package dev.tidings.ops.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.tidings.ops.e2e.ChatClient.Subprotocol;
import dev.tidings.schemas.Limits;
import dev.tidings.schemas.Topic;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.id.UserId;
import dev.tidings.v1.Command;
import dev.tidings.v1.Content;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.Origin;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.SendFlags;
import dev.tidings.v1.SendMessage;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.SyncMode;
import dev.tidings.v1.SyncRequest;
import dev.tidings.v1.TextContent;
import dev.tidings.v1.UserCommand;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.management.MBeanServer;
import javax.management.ObjectName;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Records around each limit, on a real broker: no thread of a topology dies, strangers in every partition go on talking, and
 * dead letters are small and can be seen.
 */
class OversizedRecordsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What a broker and a producer take by default, with the batch around a record. */
    private static final int KAFKA_RECORD = 1_048_576;

    private static final int STEP = 60;
    private static final String FAILED_THREADS = "failed-stream-threads";

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private static Path data;

    @SuppressWarnings("NullAway.Init") // by start()
    private static RunningTidings tidings;

    @SuppressWarnings("NullAway.Init") // by start()
    private static BusinessSystem business;

    @SuppressWarnings("NullAway.Init") // by start()
    private static KafkaProducer<byte[], byte[]> producer;

    private static final List<Pair> STRANGERS = new ArrayList<>();

    private final String suffix = UUID.randomUUID().toString().substring(0, 8);

    /**
     * Two users whose conversation lies in one partition, and who have nothing to do with the attacks.
     *
     * @param attacked a conversation of others in the same partition
     */
    private record Pair(String conversation, ChatClient one, ChatClient other, String attacked) {
        void talk() {
            String words = UUID.randomUUID().toString();
            one.request(ChatClient.text(conversation, words, words), ServerFrame::hasSequenced);
            other.awaitFrame(frame -> frame.getEvents().getEventsList().stream()
                    .anyMatch(event -> event.getMessageSent()
                            .getContent()
                            .getText()
                            .getBody()
                            .equals(words)));
        }
    }

    @BeforeAll
    static void start() {
        tidings = RunningTidings.start(data);
        String bootstrapServers = tidings.settings().required("kafka.bootstrap-servers");
        business = new BusinessSystem(bootstrapServers);
        producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        2 * KAFKA_RECORD),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        int partitions = TopicLayout.from(tidings.settings()).conversations();
        for (int partition = 0; partition < partitions; partition++) {
            STRANGERS.add(strangers(partition, partitions));
        }
    }

    private static Pair strangers(int partition, int partitions) {
        String conversation = conversation("a", "b", partition, partitions);
        String[] users = conversation.split(":");
        return new Pair(
                conversation,
                ChatClient.signedIn(tidings.url(), users[1], "phone", Subprotocol.JSON),
                ChatClient.signedIn(tidings.url(), users[2], "phone", Subprotocol.JSON),
                conversation("x", "y", partition, partitions));
    }

    private static String conversation(String one, String other, int partition, int partitions) {
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> "p:" + one + i + ':' + other + i)
                .filter(conversation -> partitionOf(conversation, partitions) == partition)
                .findFirst()
                .orElseThrow();
    }

    /** As Kafka's own partitioner has it for any key. */
    private static int partitionOf(String key, int partitions) {
        return UserId.inboxPartition(key, partitions);
    }

    @AfterAll
    static void stop() {
        STRANGERS.forEach(pair -> {
            pair.one().close();
            pair.other().close();
        });
        producer.close();
        business.close();
        tidings.close();
    }

    @AfterEach
    void nobody_else_notices() throws Exception {
        STRANGERS.forEach(Pair::talk);
        assertEquals(0, threadDeaths());
        for (ConsumerRecord<byte[], byte[]> letter : business.committed(Topics.DEAD_LETTERS)) {
            assertTrue(sizeOf(letter) <= Limits.DEAD_LETTER, () -> "a dead letter has " + sizeOf(letter) + " bytes");
        }
    }

    @Test
    void a_megabyte_of_unknown_fields_is_discarded() throws Exception {
        int sent = 0;
        for (Pair pair : STRANGERS) {
            for (int size = 1_046_000; size <= KAFKA_RECORD - 150; size += 600) {
                write(Topics.COMMANDS, pair.attacked(), padded(size, unknown -> hidden(pair, unknown)));
                sent++;
            }
        }

        int expected = sent;
        await().atMost(PATIENCE).until(() -> eventsOfHidden() == expected);
        assertEquals(0, lettersFrom(Topics.COMMANDS, "hidden-" + suffix));
    }

    @Test
    void a_command_around_its_limit_is_decided_or_refused() throws Exception {
        Pair pair = STRANGERS.getFirst();
        long before = committedEvents(pair);
        int fit = 0;
        for (int size = Limits.COMMAND - 1_000; size <= Limits.COMMAND + 1_000; size += STEP) {
            write(Topics.COMMANDS, pair.attacked(), padded(size, frameId -> withLongFrameId(pair, frameId)));
            fit += size <= Limits.COMMAND ? 1 : 0;
        }

        long expected = before + fit;
        await().atMost(PATIENCE).until(() -> committedEvents(pair) >= expected);
        assertEquals(expected, committedEvents(pair));
        assertEquals(0, lettersFrom(Topics.COMMANDS, "long-" + suffix));
    }

    @Test
    void a_command_whose_answer_would_not_fit_is_put_aside() throws Exception {
        int sent = 0;
        for (Pair pair : STRANGERS) {
            for (int size = KAFKA_RECORD - 2_150; size <= KAFKA_RECORD - 150; size += 500) {
                write(Topics.COMMANDS, pair.attacked(), padded(size, frameId -> withLongFrameId(pair, frameId)));
                sent++;
            }
        }

        int expected = sent;
        await().atMost(PATIENCE).until(() -> lettersFrom(Topics.COMMANDS, "long-" + suffix) == expected);
    }

    @Test
    void a_command_around_the_limit_of_its_answer_is_refused_or_put_aside() throws Exception {
        Pair pair = STRANGERS.getLast();
        for (int size = Limits.DELIVERY - 1_000; size <= Limits.DELIVERY + 1_000; size += STEP) {
            write(Topics.COMMANDS, pair.attacked(), padded(size, frameId -> withLongFrameId(pair, frameId)));
        }

        await().atMost(PATIENCE).until(() -> lettersFrom(Topics.COMMANDS, "long-" + suffix) > 0);
    }

    @Test
    void headers_do_not_make_an_outcome_too_large() throws Exception {
        int sent = 0;
        for (Pair pair : STRANGERS) {
            for (int size = Limits.RECORD - 1_000; size <= Limits.RECORD + 1_000; size += 200) {
                ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                        Topics.COMMANDS.name(),
                        pair.attacked().getBytes(UTF_8),
                        hidden(pair, 0).toByteArray());
                record.headers().add("stranger", new byte[size]);
                producer.send(record).get(30, TimeUnit.SECONDS);
                sent++;
            }
        }

        int expected = sent;
        await().atMost(PATIENCE)
                .until(() -> eventsOfHidden() + lettersFrom(Topics.COMMANDS, "hidden-" + suffix) == expected);
        assertTrue(eventsOfHidden() > 0);
        assertTrue(eventsOfHidden() < expected);
    }

    @Test
    void what_cannot_be_read_is_put_aside_however_large_it_is() throws Exception {
        List<Topic<?, ?>> topics = List.of(Topics.COMMANDS, Topics.USER_COMMANDS, Topics.BUSINESS);
        int before = business.committed(Topics.DEAD_LETTERS).size();
        int sent = 0;
        for (Topic<?, ?> topic : topics) {
            for (int size = KAFKA_RECORD - 2_150; size <= KAFKA_RECORD - 150; size += 200) {
                byte[] nonsense = new byte[size];
                java.util.Arrays.fill(nonsense, (byte) 0xFF);
                write(topic, STRANGERS.get(sent % STRANGERS.size()).attacked(), nonsense);
                sent++;
            }
        }

        int expected = before + sent;
        await().atMost(PATIENCE)
                .until(() -> business.committed(Topics.DEAD_LETTERS).size() >= expected);
    }

    @Test
    void a_users_command_around_its_limit_is_answered_or_refused() throws Exception {
        int fit = 0;
        int sent = 0;
        for (int size = Limits.USER_COMMAND - 1_000; size <= Limits.USER_COMMAND + 1_000; size += STEP) {
            write(Topics.USER_COMMANDS, "a-" + suffix, padded(size, this::sync));
            fit += size <= Limits.USER_COMMAND ? 1 : 0;
            sent++;
        }

        int answered = fit;
        int refused = sent - fit;
        String session = "nobody-" + suffix;
        await().atMost(PATIENCE)
                .until(() -> deliveries(delivery -> delivery.getSyncAnswer()
                                .getOrigin()
                                .getSessionId()
                                .equals(session))
                        == answered);
        await().atMost(PATIENCE)
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
    void a_users_command_whose_refusal_would_not_fit_is_put_aside() throws Exception {
        int sent = 0;
        for (int size = KAFKA_RECORD - 2_150; size <= KAFKA_RECORD - 150; size += STEP) {
            write(Topics.USER_COMMANDS, "a-" + suffix, padded(size, this::sync));
            sent++;
        }

        int expected = sent;
        await().atMost(PATIENCE).until(() -> lettersFrom(Topics.USER_COMMANDS, "a-" + suffix) == expected);
    }

    @Test
    void a_business_value_around_its_limit_is_answered_or_put_aside() throws Exception {
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
        int aside = sent - fit;
        await().atMost(PATIENCE)
                .until(() -> business.committed(Topics.BUSINESS_REPLIES).stream()
                                .filter(reply -> reply.key().startsWith("r-" + suffix))
                                .count()
                        == answered);
        await().atMost(PATIENCE)
                .until(() -> business.committed(Topics.DEAD_LETTERS).stream()
                                .filter(letter -> text(letter.value()).contains("r-" + suffix))
                                .count()
                        == aside);
    }

    private void write(Topic<?, ?> topic, String key, com.google.protobuf.MessageLite message) throws Exception {
        write(topic, key, message.toByteArray());
    }

    private static void write(Topic<?, ?> topic, String key, byte[] value) throws Exception {
        Future<RecordMetadata> written = producer.send(new ProducerRecord<>(topic.name(), key.getBytes(UTF_8), value));
        written.get(30, TimeUnit.SECONDS);
    }

    /** The message of exactly this size, by so many bytes of padding. */
    private static <M extends com.google.protobuf.MessageLite> M padded(int size, IntFunction<M> message) {
        int padding = size - (message.apply(size).getSerializedSize() - size);
        M exact = message.apply(padding);
        assertEquals(size, exact.getSerializedSize());
        return exact;
    }

    private Command hidden(Pair pair, int unknownBytes) {
        UnknownFieldSet unknown = UnknownFieldSet.newBuilder()
                .addField(
                        99,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFrom(new byte[unknownBytes]))
                                .build())
                .build();
        return send(pair, "hidden-" + suffix + '-' + UUID.randomUUID()).toBuilder()
                .setSendMessage(send(pair, "hidden").getSendMessage().toBuilder()
                        .setClientMsgId(UUID.randomUUID().toString())
                        .setFlags(SendFlags.newBuilder().setUnknownFields(unknown)))
                .build();
    }

    private Command withLongFrameId(Pair pair, int frameIdBytes) {
        return send(pair, "long-" + suffix + '-' + UUID.randomUUID()).toBuilder()
                .setOrigin(Origin.newBuilder().setSessionId("nobody").setFrameId("f".repeat(frameIdBytes)))
                .build();
    }

    private static Command send(Pair pair, String commandId) {
        return Command.newBuilder()
                .setCommandId(commandId)
                .setConversationId(pair.attacked())
                .setActor(pair.attacked().split(":")[1])
                .setSendMessage(SendMessage.newBuilder()
                        .setClientMsgId(commandId)
                        .setContent(Content.newBuilder()
                                .setText(TextContent.newBuilder().setBody("an attack"))))
                .build();
    }

    private UserCommand sync(int frameIdBytes) {
        return UserCommand.newBuilder()
                .setUserId("a-" + suffix)
                .setSyncRequest(SyncRequest.newBuilder()
                        .setMode(SyncMode.FULL)
                        .setOrigin(Origin.newBuilder()
                                .setSessionId("nobody-" + suffix)
                                .setFrameId("f".repeat(frameIdBytes))))
                .build();
    }

    private long eventsOfHidden() {
        return business.committed(Topics.CONVERSATION_EVENTS).stream()
                .filter(event -> event.value().getCommandId().startsWith("hidden-" + suffix))
                .count();
    }

    private static long deliveries(Predicate<Delivery> fits) {
        return business.committed(Topics.DELIVERIES).stream()
                .map(ConsumerRecord::value)
                .filter(fits)
                .count();
    }

    private static long committedEvents(Pair pair) {
        return business.committed(Topics.CONVERSATION_EVENTS).stream()
                .filter(event -> event.key().equals(pair.attacked()))
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

    private static long threadDeaths() throws Exception {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        long deaths = 0;
        int topologies = 0;
        for (ObjectName name : beans.queryNames(new ObjectName("kafka.streams:type=stream-metrics,*"), null)) {
            if (Stream.of(beans.getMBeanInfo(name).getAttributes())
                    .anyMatch(attribute -> attribute.getName().equals(FAILED_THREADS))) {
                deaths += ((Number) beans.getAttribute(name, FAILED_THREADS)).longValue();
                topologies++;
            }
        }
        assertTrue(topologies >= 3, "no metrics of the topologies were found");
        return deaths;
    }
}
