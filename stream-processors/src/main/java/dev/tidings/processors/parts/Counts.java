package dev.tidings.processors.parts;

import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.Sensor.RecordingLevel;
import org.apache.kafka.streams.StreamsMetrics;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * How often something happened, by kind, for operators: among the metrics of Kafka Streams, of each thread. Nothing is decided
 * by it, and it is not state: what is computed again is counted again, and a new process begins at 0.
 */
public final class Counts {

    private final StreamsMetrics metrics;
    private final String subject;
    private final String occurrence;
    private final Map<String, Sensor> sensors = new TreeMap<>();

    /**
     * @param subject what is counted: the group of the metrics is {@code stream-<subject>-metrics}, and their tag for the
     *     kind {@code <subject>-id}
     * @param occurrence what happens to it: the metrics' names are {@code <occurrence>-total} and {@code <occurrence>-rate}
     */
    public Counts(ProcessorContext<?, ?> context, String subject, String occurrence) {
        this.metrics = context.metrics();
        this.subject = subject;
        this.occurrence = occurrence;
    }

    public void count(String kind) {
        sensors.computeIfAbsent(
                        kind, first -> metrics.addRateTotalSensor(subject, kind, occurrence, RecordingLevel.INFO))
                .record();
    }
}
