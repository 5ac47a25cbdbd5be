package dev.tidings.ops.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.ops.embedded.KafkaExtension;
import dev.tidings.ops.run.TopicSetup;
import dev.tidings.processors.ProcessorsConfig;
import dev.tidings.processors.StreamProcessors;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.v1.Command;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rules go from the command line through INTAKE into every partition of the log, and are read out of it again. */
class RulesCommandIT {

    private static final int PARTITIONS = 5;

    @RegisterExtension
    static final KafkaExtension kafka = new KafkaExtension();

    @SuppressWarnings("NullAway.Init") // by start()
    private static StreamProcessors processors;

    @SuppressWarnings("NullAway.Init") // by start()
    private static Path config;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void start() throws Exception {
        Map<String, String> values = Map.of(
                "kafka.bootstrap-servers", kafka.bootstrapServers(),
                "topics.conversation-partitions", Integer.toString(PARTITIONS),
                "processors.state-directory", kafka.directory().resolve("state").toString(),
                "processors.store", "memory");
        config = Files.write(
                kafka.directory().resolve("tidings.properties"),
                values.entrySet().stream()
                        .map(value -> value.getKey() + '=' + value.getValue())
                        .toList());
        Settings settings = Settings.of(values);
        TopicSetup.ensure(kafka.bootstrapServers(), Map.of(), TopicLayout.from(settings));
        processors = StreamProcessors.start(ProcessorsConfig.from(settings));
        await().atMost(Duration.ofSeconds(60)).until(processors::isRunning);
    }

    @AfterAll
    static void stop() {
        processors.close();
    }

    @Test
    void a_change_is_in_every_partition_and_is_listed() {
        assertEquals(0, execute("ban", "bob"), err::toString);

        List<ConsumerRecord<String, Command>> bans = commands().stream()
                .filter(record -> record.value().getRules().getBanList().stream()
                        .anyMatch(ban -> ban.getUserId().equals("bob")))
                .toList();
        assertEquals(
                IntStream.range(0, PARTITIONS).boxed().toList(),
                bans.stream().map(ConsumerRecord::partition).sorted().toList());
        assertEquals(1, bans.stream().map(ConsumerRecord::value).distinct().count());
        assertEquals(0, execute("list"), err::toString);
        assertTrue(out.toString().lines().anyMatch("ban\tbob"::equals), out::toString);
    }

    @Test
    void a_long_list_of_words_is_several_changes() throws Exception {
        Path file = Files.write(
                kafka.directory().resolve("words"),
                IntStream.range(0, 12_000).mapToObj(i -> "wort" + i).toList());

        assertEquals(0, execute("add-words", "--action", "refuse", "--file", file.toString()), err::toString);

        assertTrue(
                commands().stream().anyMatch(record -> record.value().getRules().getSetWordsCount() == 10_000),
                err::toString);
    }

    private int execute(String... arguments) {
        List<String> all = new ArrayList<>(List.of("rules"));
        all.addAll(List.of(arguments));
        all.add("--config");
        all.add(config.toString());
        return Tidings.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }

    private static List<ConsumerRecord<String, Command>> commands() {
        List<ConsumerRecord<String, Command>> found = new ArrayList<>();
        try (KafkaConsumer<String, Command> consumer = new KafkaConsumer<>(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()),
                Topics.COMMANDS.key().deserializer(),
                Topics.COMMANDS.value().deserializer())) {
            List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                    .mapToObj(partition -> new TopicPartition(Topics.COMMANDS.name(), partition))
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
}
