package dev.tidings.ops.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.ops.bench.measure.TopicTraffic.Volume;
import dev.tidings.ops.embedded.KafkaExtension;
import dev.tidings.ops.log.KafkaLog;
import dev.tidings.ops.run.TopicSetup;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Measures this process, in which a real broker runs. */
class ServerProbeIT {

    private static final int RECORDS = 50;
    private static final int VALUE_BYTES = 1_000;

    @RegisterExtension
    static final KafkaExtension kafka = new KafkaExtension();

    @Test
    void measuresProcessorTimeAndTheRecordsOfEachTopic() throws Exception {
        TopicSetup.ensure(kafka.bootstrapServers(), Map.of(), new TopicLayout(1, 1, 1, (short) 1));
        String topic = Topics.COMMANDS.name();
        KafkaLog log = new KafkaLog(kafka.bootstrapServers(), Map.of());
        long pid = ProcessHandle.current().pid();
        try (ServerProbe probe = new ServerProbe(pid, kafka.bootstrapServers(), Map.of());
                KafkaLog.Appender appender = log.appender()) {
            probe.begin(Duration.ofSeconds(1));
            for (int i = 0; i < RECORDS; i++) {
                appender.append(new ProducerRecord<>(topic, new byte[] {1}, new byte[VALUE_BYTES]));
            }
            ServerUsage usage = probe.end();

            assertEquals(Set.of(topic), usage.traffic().topics().keySet());
            Volume written = usage.traffic().topics().get(topic);
            assertNotNull(written);
            assertEquals(RECORDS, written.records());
            assertTrue(written.bytes() > RECORDS * VALUE_BYTES, usage::toString);
            assertTrue(usage.server().getFirst().totalNanos() > 0, usage::toString);
            assertTrue(usage.generator().totalNanos() > 0, usage::toString);
            assertTrue(usage.samples().getLast().residentBytes() > 10_000_000, usage::toString);
        }
    }
}
