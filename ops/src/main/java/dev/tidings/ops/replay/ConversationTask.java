package dev.tidings.ops.replay;

import dev.tidings.processors.PipelineStage;
import dev.tidings.processors.ProcessorsConfig;
import dev.tidings.processors.StreamsSettings;
import dev.tidings.processors.conversation.ConversationTopology;
import dev.tidings.schemas.Topics;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/**
 * One task of this build's CONVERSATION topology, without a broker, with the production settings. Processes one command at a time,
 * returns its events, and drops all other output.
 */
final class ConversationTask implements AutoCloseable {

    private static final String PIPELINE = "conversation";

    /** Receives the commands that the topology writes itself. The driver would process them at once, not at their place in the log. */
    private static final String OWN_COMMANDS = "own-commands";

    private final TopologyTestDriver driver;
    private final TestInputTopic<byte[], byte[]> commands;
    private final Map<String, TestOutputTopic<byte[], byte[]>> outputs = new TreeMap<>();

    /** @param config names the state directory, which must be empty */
    ConversationTask(ProcessorsConfig config) {
        PipelineStage pipeline = pipeline(config);
        Properties properties = new Properties();
        properties.putAll(StreamsSettings.of(config, pipeline).originals());
        // the driver's transactions lose records sent between two inputs: dead letters of unreadable records
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        this.driver = new TopologyTestDriver(pipeline.topology(), properties);
        this.commands =
                driver.createInputTopic(Topics.COMMANDS.name(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Returns the CONVERSATION topology, except that it does not read the commands that it writes itself: the log has them. */
    static PipelineStage pipeline(ProcessorsConfig config) {
        PipelineStage live = PipelineStage.all(config.layout(), config.storeKind()).stream()
                .filter(pipeline -> pipeline.name().equals(PIPELINE))
                .findFirst()
                .orElseThrow();
        return new PipelineStage(
                live.name(),
                ConversationTopology.build(config.layout(), config.storeKind(), OWN_COMMANDS),
                live.reads(),
                live.settings());
    }

    /** Processes a command. Returns its events in order. */
    List<EventRecord> decide(ConsumerRecord<byte[], byte[]> command) {
        commands.pipeInput(new TestRecord<>(
                command.key(), command.value(), new RecordHeaders(command.headers()), command.timestamp()));
        List<EventRecord> events = List.of();
        for (String topic : driver.producedTopicNames()) {
            List<TestRecord<byte[], byte[]>> written =
                    outputs.computeIfAbsent(topic, this::output).readRecordsToList();
            if (topic.equals(Topics.CONVERSATION_EVENTS.name())) {
                events = written.stream().map(EventRecord::computed).toList();
            }
        }
        return events;
    }

    private TestOutputTopic<byte[], byte[]> output(String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public void close() {
        driver.close();
    }
}
