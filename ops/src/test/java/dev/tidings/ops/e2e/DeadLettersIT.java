package dev.tidings.ops.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.ops.log.KafkaLog;
import dev.tidings.ops.log.PartitionReader;
import dev.tidings.schemas.Topic;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.BusinessReply;
import dev.tidings.v1.ConversationEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** An operator looks into the dead letters, and sends them back. */
class DeadLettersIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private static Path scratch;

    @RegisterExtension
    static final TidingsExtension tidings = TidingsExtension.allInOne();

    @SuppressWarnings("NullAway.Init") // by start()
    private static KafkaLog log;

    private final String suffix = UUID.randomUUID().toString().substring(0, 8);
    private final String conversation = "p:alice-" + suffix + ":shop-" + suffix;

    @BeforeAll
    static void start() {
        log = KafkaLog.of(tidings.settings());
    }

    @Test
    void a_mistaken_business_command_is_found_corrected_and_replied_to() throws Exception {
        String correct = "{\"requestId\":\"r-" + suffix + "\",\"actor\":\"shop-" + suffix
                + "\",\"sendMessage\":{\"conversationId\":\"" + conversation
                + "\",\"clientMsgId\":\"m1\",\"content\":{\"text\":{\"body\":\"on its way\"}}}}";
        byte[] mistaken = utf8(correct.replace("\"actor\"", "\"actr\""));
        RecordMetadata at = send(Topics.BUSINESS, 1, utf8("key of its own"), mistaken);

        String id = awaitLetter(at);
        CommandLineRun shown = run("dlq", "show", id);
        Path corrected = Files.writeString(scratch.resolve("corrected"), correct);
        CommandLineRun retried = run("dlq", "retry", id, "--value", corrected.toString());

        assertTrue(line(id).contains("\t" + place(at) + "\t"), line(id));
        assertTrue(line(id).contains("Cannot find field: actr"), line(id));
        assertEquals(0, shown.exitCode());
        assertTrue(shown.out().contains(new String(mistaken, UTF_8)), shown.out());
        assertEquals(0, retried.exitCode(), retried.err());
        List<BusinessReply> replies = awaitReplies("r-" + suffix, 2);
        assertTrue(replies.getFirst().getRefusal().getMessage().contains("actr"), replies::toString);
        assertEquals(1, replies.getLast().getSequenced().getSeq());
    }

    @Test
    void a_retried_letter_has_the_original_key_value_and_headers() throws Exception {
        byte[] poison = utf8("{\"nonsense\":\"" + suffix + "\"}");
        RecordMetadata at = send(Topics.BUSINESS, 1, utf8("key of its own"), poison);

        CommandLineRun retried = run("dlq", "retry", awaitLetter(at));

        assertEquals(0, retried.exitCode(), retried.err());
        ConsumerRecord<byte[], byte[]> again = sentTo(retried);
        ConsumerRecord<byte[], byte[]> before = find(at);
        assertEquals(1, again.partition());
        assertTrue(again.offset() > at.offset());
        assertArrayEquals(poison, again.value());
        assertArrayEquals(before.key(), again.key());
        assertEquals(before.headers(), again.headers());
    }

    @Test
    void a_truncated_letter_is_retried_whole_while_its_original_exists() throws Exception {
        byte[] large = new byte[1_000_000];
        Arrays.fill(large, (byte) 'x');
        RecordMetadata at = send(Topics.BUSINESS, 0, utf8(suffix), large);
        String id = awaitLetter(at);

        CommandLineRun retried = run("dlq", "retry", id);
        deleteUpTo(at);
        CommandLineRun tooLate = run("dlq", "retry", id);

        assertEquals(0, retried.exitCode(), retried.err());
        assertArrayEquals(large, sentTo(retried).value());
        assertEquals(1, tooLate.exitCode());
        assertTrue(tooLate.err().contains("letter " + id + " cannot be retried: it was cut"), tooLate.err());
        assertTrue(tooLate.err().contains("the original record is no longer at " + place(at)), tooLate.err());
    }

    @Test
    void a_command_may_be_corrected_in_json() throws Exception {
        RecordMetadata at = send(Topics.COMMANDS, null, utf8(conversation), new byte[] {(byte) 0xFF});
        String id = awaitLetter(at);
        Path nonsense = Files.writeString(scratch.resolve("nonsense"), "{\"actr\":1}");
        Path corrected = Files.writeString(
                scratch.resolve("command"),
                "{\"commandId\":\"c-" + suffix + "\",\"conversationId\":\"" + conversation + "\",\"actor\":\"shop-"
                        + suffix
                        + "\",\"sendMessage\":{\"clientMsgId\":\"m1\",\"content\":{\"text\":{\"body\":\"hi\"}}}}");

        CommandLineRun refused = run("dlq", "retry", id, "--value", nonsense.toString());
        CommandLineRun retried = run("dlq", "retry", id, "--value", corrected.toString());

        assertEquals(1, refused.exitCode());
        assertTrue(refused.err().contains("the corrected value is not a Command"), refused.err());
        assertEquals(0, retried.exitCode(), retried.err());
        assertEquals(at.partition(), sentTo(retried).partition());
        ConversationEvent event = await().atMost(TIMEOUT)
                .until(() -> committed(Topics.CONVERSATION_EVENTS, conversation), events -> events.size() == 1)
                .getFirst();
        assertEquals("c-" + suffix, event.getCommandId());
    }

    @Test
    void an_event_that_was_written_is_not_written_again() throws Exception {
        RecordMetadata at = send(Topics.CONVERSATION_EVENTS, null, utf8(conversation), new byte[] {(byte) 0xFF});

        CommandLineRun refused = run("dlq", "retry", awaitLetter(at));

        assertEquals(1, refused.exitCode());
        assertTrue(refused.err().contains("is the history"), refused.err());
    }

    @Test
    void one_letter_that_cannot_be_retried_stops_the_others() throws Exception {
        RecordMetadata at = send(Topics.BUSINESS, 1, utf8(suffix), utf8("poison"));
        String id = awaitLetter(at);
        long end = log.end(partition(at), IsolationLevel.READ_UNCOMMITTED);

        CommandLineRun refused = run("dlq", "retry", id, "999999");

        assertEquals(1, refused.exitCode());
        assertEquals(
                "tidings dlq retry: there is no dead letter 999999",
                refused.err().strip());
        assertEquals(end, log.end(partition(at), IsolationLevel.READ_UNCOMMITTED));
    }

    @Test
    void lists_are_filtered_by_topic() throws Exception {
        RecordMetadata at = send(Topics.USER_COMMANDS, 0, utf8(suffix), new byte[] {(byte) 0xFF});
        String id = awaitLetter(at);

        assertEquals(
                List.of(line(id)),
                run("dlq", "list", "--topic", "user-commands", "--limit", "1").lines());
        assertEquals(
                List.of(line(id)),
                run("dlq", "list", "--topic", "tidings.user-commands", "--since", "1h")
                        .lines());
        CommandLineRun nothing = run("dlq", "list", "--topic", "gateways");
        assertEquals(0, nothing.exitCode());
        assertEquals("", nothing.out());
        assertEquals("there are no dead letters that match", nothing.err().strip());
    }

    @Test
    void an_unknown_letter_is_not_shown() throws Exception {
        CommandLineRun unknown = run("dlq", "show", "999999");

        assertEquals(1, unknown.exitCode());
        assertEquals(
                "tidings dlq show: there is no dead letter 999999",
                unknown.err().strip());
    }

    private static CommandLineRun run(String... words) throws IOException {
        return CommandLineRun.of(
                scratch, Map.of("kafka.bootstrap-servers", tidings.bootstrapServers()), List.of(words));
    }

    /** Returns the id of the dead letter of a record. */
    private static String awaitLetter(RecordMetadata of) {
        return await().atMost(TIMEOUT)
                .until(
                        () -> letters().stream()
                                .filter(line -> line.contains("\t" + place(of) + "\t"))
                                .toList(),
                        lines -> !lines.isEmpty())
                .getFirst()
                .split("\t")[0];
    }

    private static String line(String id) {
        return letters().stream()
                .filter(line -> line.startsWith(id + "\t"))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> letters() {
        try {
            return run("dlq", "list", "--limit", "1000").lines();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RecordMetadata send(Topic<?, ?> topic, @Nullable Integer partition, byte[] key, byte[] value) {
        Headers headers = new RecordHeaders()
                .add("source", utf8("billing"))
                .add("content-type", utf8("application/json"))
                .add("tidings.reason", utf8("a name that is taken"));
        try (KafkaLog.Appender appender = log.appender()) {
            return appender.append(new ProducerRecord<>(topic.name(), partition, key, value, headers));
        }
    }

    /** Returns the record that a retry of one letter has sent, by its output. */
    private static ConsumerRecord<byte[], byte[]> sentTo(CommandLineRun retried) {
        String[] place = retried.lines().getLast().split("\t")[1].split("/");
        ConsumerRecord<byte[], byte[]> found = log.find(
                new TopicPartition(place[0], Integer.parseInt(place[1])),
                Long.parseLong(place[2]),
                IsolationLevel.READ_UNCOMMITTED);
        assertNotNull(found);
        return found;
    }

    private static ConsumerRecord<byte[], byte[]> find(RecordMetadata at) {
        ConsumerRecord<byte[], byte[]> found = log.find(partition(at), at.offset(), IsolationLevel.READ_UNCOMMITTED);
        assertNotNull(found);
        return found;
    }

    private static List<BusinessReply> awaitReplies(String requestId, int count) {
        return await().atMost(TIMEOUT)
                .until(() -> committed(Topics.BUSINESS_REPLIES, requestId), replies -> replies.size() >= count);
    }

    private static <V> List<V> committed(Topic<String, V> topic, String key) {
        List<V> values = new ArrayList<>();
        for (int i = 0; i < log.partitions(topic.name()); i++) {
            TopicPartition partition = new TopicPartition(topic.name(), i);
            long end = log.end(partition, IsolationLevel.READ_COMMITTED);
            try (PartitionReader reader = log.read(partition, 0, end, IsolationLevel.READ_COMMITTED)) {
                for (var record = reader.next(); record != null; record = reader.next()) {
                    if (key.equals(new String(record.key(), UTF_8)) && record.value().length > 1) {
                        values.add(topic.value()
                                .deserializer()
                                .deserialize(topic.name(), record.headers(), record.value()));
                    }
                }
            }
        }
        return values;
    }

    private static void deleteUpTo(RecordMetadata at) throws Exception {
        try (Admin admin =
                Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, tidings.bootstrapServers()))) {
            admin.deleteRecords(Map.of(partition(at), RecordsToDelete.beforeOffset(at.offset() + 1)))
                    .all()
                    .get(60, TimeUnit.SECONDS);
        }
    }

    private static TopicPartition partition(RecordMetadata at) {
        return new TopicPartition(at.topic(), at.partition());
    }

    private static String place(RecordMetadata at) {
        return at.topic() + '/' + at.partition() + '/' + at.offset();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }
}
