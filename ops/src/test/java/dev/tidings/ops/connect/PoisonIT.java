package dev.tidings.ops.connect;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.schemas.Topics;
import dev.tidings.schemas.readmodel.RedisKeys;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.UserEvent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Records that a store rejects stop no sink; with the real Connect runtime. */
@Timeout(180)
class PoisonIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    private Stores stores;
    private KafkaProducer<String, byte[]> producer;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        stores = Stores.start(directory);
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", stores.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    @AfterEach
    void stop() {
        producer.close();
        stores.close();
    }

    @Test
    void a_row_with_an_unlisted_error_becomes_a_dead_letter_and_others_are_stored() throws Exception {
        try (ConnectWorker worker = startWorker()) {
            produce(Events.message("g:trap", 1));
            awaitNumber(1, "SELECT count() FROM tidings.messages FINAL WHERE conversation_id = 'g:trap'");
            // code 376, CANNOT_PARSE_UUID, for one row
            stores.execute(
                    "ALTER TABLE tidings.messages ADD COLUMN trap UUID MATERIALIZED"
                            + " toUUID(if(conversation_id = 'g:trap' AND seq = 3, 'none', '00000000-0000-0000-0000-000000000000'))");
            produce(Events.message("g:trap", 2));
            produce(Events.message("g:trap", 3));
            produce(Events.message("g:trap", 4));

            awaitNumber(3, "SELECT count() FROM tidings.messages FINAL WHERE conversation_id = 'g:trap'");
            byte[] refused = Events.message("g:trap", 3).toByteArray();
            await().atMost(SOON)
                    .until(() -> deadLetters().stream().anyMatch(letter -> Arrays.equals(letter.value(), refused)));
            assertEquals(List.of(), worker.failures());
        }
    }

    @Test
    void a_poison_value_of_a_megabyte_becomes_a_dead_letter_that_fits_and_stops_nothing() throws Exception {
        byte[] poison = new byte[1_048_000];
        Arrays.fill(poison, (byte) 0xff);
        try (ConnectWorker worker = startWorker()) {
            for (String topic : new String[] {
                Topics.USER_EVENTS.name(), Topics.CONVERSATION_EVENTS.name(), Topics.NOTIFICATIONS.name()
            }) {
                producer.send(new ProducerRecord<>(topic, "alice", poison)).get();
            }
            UserEvent view = Events.view("alice", "g:x", 1);
            producer.send(new ProducerRecord<>(Topics.USER_EVENTS.name(), "alice", view.toByteArray()))
                    .get();

            await().atMost(SOON)
                    .until(() -> !stores.hash(RedisKeys.views("alice")).isEmpty());
            // ClickHouse and Redis read the event and the user event; they and push the notification
            await().atMost(SOON).until(() -> deadLetters().size() == 7);
            for (ConsumerRecord<byte[], byte[]> letter : deadLetters()) {
                assertTrue(letter.value().length < poison.length / 2, () -> "letter of " + letter.value().length);
                assertEquals(
                        "bytes of key: 5, value: 1048000, headers: 0",
                        new String(letter.headers().lastHeader("tidings.cut").value(), StandardCharsets.UTF_8));
            }
            await().atMost(SOON).until(worker::isHealthy);
            assertEquals(List.of(), worker.failures());
        }
    }

    private ConnectWorker startWorker() {
        return ConnectWorker.start(ConnectorsConfig.from(Settings.of(stores.settings())));
    }

    private void produce(ConversationEvent event) throws Exception {
        producer.send(new ProducerRecord<>(
                        Topics.CONVERSATION_EVENTS.name(), event.getConversationId(), event.toByteArray()))
                .get();
    }

    private void awaitNumber(long expected, String sql) {
        await().atMost(SOON).until(() -> stores.number(sql), number -> number == expected);
    }

    /** Returns all dead letters. */
    private List<ConsumerRecord<byte[], byte[]>> deadLetters() {
        TopicPartition partition = new TopicPartition(Topics.DEAD_LETTERS.name(), 0);
        List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", stores.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(letters::add);
            }
        }
        return letters;
    }
}
