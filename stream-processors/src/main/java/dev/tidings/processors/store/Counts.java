package dev.tidings.processors.store;

import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.Sensor.RecordingLevel;
import org.apache.kafka.streams.StreamsMetrics;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * Counts occurrences by kind, as Kafka Streams metrics of each thread. Counts are not state and decide nothing: a
 * record that is processed again is counted again, and a new process starts at 0.
 */
public final class Counts {

    private final StreamsMetrics metrics;
    private final String subject;
    private final String occurrence;
    private final Map<String, Sensor> sensors = new TreeMap<>();

    /**
     * @param subject the thing counted: the metrics' group is {@code stream-<subject>-metrics}, and their tag for the
     *     kind is {@code <subject>-id}
     * @param occurrence the event counted: the metrics are {@code <occurrence>-total} and {@code <occurrence>-rate}
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
