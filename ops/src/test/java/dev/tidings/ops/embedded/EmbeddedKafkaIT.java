package dev.tidings.ops.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaIT {

    private static final TopicPartition PARTITION = new TopicPartition("t", 0);
    private static final Duration TIMEOUT = Duration.ofSeconds(90);

    @TempDir
    Path dir;

    @Test
    void committedRecordsOutliveAStopAndAStartOnAnotherPort() throws Exception {
        String first;
        try (EmbeddedKafka kafka = EmbeddedKafka.start(dir, 0)) {
            first = kafka.bootstrapServers();
            createTopic(first);
            produceInTransactions(first);
            assertEquals(List.of("one", "three"), readCommitted(first, 2));
        }

        int other = LocalPort.choose(0, "test");
        try (EmbeddedKafka kafka = EmbeddedKafka.start(dir, other)) {
            assertEquals("127.0.0.1:" + other, kafka.bootstrapServers());
            assertNotEquals(first, kafka.bootstrapServers());
            assertEquals(List.of("one", "three"), readCommitted(kafka.bootstrapServers(), 2));
        }
    }

    @Test
    void committedRecordsOutliveAKill(@TempDir Path scratch) throws Exception {
        try (OwnerProcess owner = OwnerProcess.start("kafka", dir, scratch)) {
            createTopic(owner.url());
            produceInTransactions(owner.url());
            owner.killAndWait();
        }

        try (EmbeddedKafka kafka = EmbeddedKafka.start(dir, 0)) {
            assertEquals(List.of("one", "three"), readCommitted(kafka.bootstrapServers(), 2));
            produceInTransactions(kafka.bootstrapServers());
            assertEquals(List.of("one", "three", "one", "three"), readCommitted(kafka.bootstrapServers(), 4));
        }
    }

    @Test
    void aPlannedStopIsCleanSoThatTheNextStartNeedNotRecover() throws Exception {
        EmbeddedKafka kafka = EmbeddedKafka.start(dir, 0);
        createTopic(kafka.bootstrapServers());
        produceInTransactions(kafka.bootstrapServers());

        kafka.close();

        assertTrue(Files.exists(dir.resolve("log").resolve(".kafka_cleanshutdown")));
    }

    @Test
    void aTakenPortIsReplacedByAFreeOne() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, LocalPort.LOOPBACK);
                EmbeddedKafka kafka = EmbeddedKafka.start(dir, taken.getLocalPort())) {
            assertNotEquals("127.0.0.1:" + taken.getLocalPort(), kafka.bootstrapServers());
            createTopic(kafka.bootstrapServers());
        }
    }

    @Test
    void aDirectoryHasOneOwnerAtATime() {
        try (EmbeddedKafka _ = EmbeddedKafka.start(dir, 0)) {
            assertThrows(StartFailedException.class, () -> EmbeddedKafka.start(dir, 0));
        }
    }

    @Test
    void topicsAreNotCreatedByUse() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(dir, 0);
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
                KafkaConsumer<String, String> consumer = consumer(kafka.bootstrapServers())) {
            assertTrue(consumer.partitionsFor("misspelt").isEmpty());
            assertFalse(admin.listTopics().names().get().contains("misspelt"));
        }
    }

    private static void createTopic(String bootstrapServers) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(List.of(new NewTopic(PARTITION.topic(), 1, (short) 1)))
                    .all()
                    .get();
        }
    }

    /** Commits "one", aborts "two", commits "three". */
    private static void produceInTransactions(String bootstrapServers) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "transactional.id", "it"),
                new StringSerializer(),
                new StringSerializer())) {
            producer.initTransactions();
            for (String value : List.of("one", "two", "three")) {
                producer.beginTransaction();
                producer.send(new ProducerRecord<>(PARTITION.topic(), PARTITION.partition(), null, value))
                        .get();
                if (value.equals("two")) {
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
            }
        }
    }

    private static List<String> readCommitted(String bootstrapServers, int expected) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = consumer(bootstrapServers)) {
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
            long deadline = System.nanoTime() + TIMEOUT.toNanos();
            long end = consumer.endOffsets(List.of(PARTITION)).getOrDefault(PARTITION, 0L);
            while ((values.size() < expected || consumer.position(PARTITION) < end) && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(200)).forEach(polled -> values.add(polled.value()));
            }
        }
        return values;
    }

    private static KafkaConsumer<String, String> consumer(String bootstrapServers) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "isolation.level",
                        "read_committed",
                        "allow.auto.create.topics",
                        "true"),
                new StringDeserializer(),
                new StringDeserializer());
    }
}
