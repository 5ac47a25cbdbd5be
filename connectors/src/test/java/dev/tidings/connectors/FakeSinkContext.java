package dev.tidings.connectors;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.MetricValueProvider;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.jspecify.annotations.Nullable;

/** A task's context that records requested pauses and reported records. */
public final class FakeSinkContext implements SinkTaskContext, PluginMetrics {

    public final List<SinkRecord> reported = new ArrayList<>();
    public final List<Throwable> reasons = new ArrayList<>();
    public final List<Long> timeoutsMillis = new ArrayList<>();
    public final Set<TopicPartition> paused = new HashSet<>();
    private final boolean withReporter;

    public FakeSinkContext(boolean withReporter) {
        this.withReporter = withReporter;
    }

    /** A record as the byte array converter makes it. */
    public static SinkRecord record(String topic, long offset, byte @Nullable [] value) {
        return new SinkRecord(topic, 0, null, null, null, value, offset);
    }

    @Override
    public Map<String, String> configs() {
        return Map.of();
    }

    @Override
    public void offset(Map<TopicPartition, Long> offsets) {}

    @Override
    public void offset(TopicPartition partition, long offset) {}

    @Override
    public void timeout(long timeoutMillis) {
        timeoutsMillis.add(timeoutMillis);
    }

    @Override
    public Set<TopicPartition> assignment() {
        return Set.of();
    }

    @Override
    public void pause(TopicPartition... partitions) {
        paused.addAll(List.of(partitions));
    }

    @Override
    public void resume(TopicPartition... partitions) {
        paused.removeAll(List.of(partitions));
    }

    @Override
    public void requestCommit() {}

    @Override
    public @Nullable ErrantRecordReporter errantRecordReporter() {
        return withReporter ? this::report : null;
    }

    @Override
    public PluginMetrics pluginMetrics() {
        return this;
    }

    @Override
    public MetricName metricName(String name, String description, LinkedHashMap<String, String> tags) {
        return new MetricName(name, "test", description, tags);
    }

    @Override
    public void addMetric(MetricName name, MetricValueProvider<?> value) {}

    @Override
    public void removeMetric(MetricName name) {}

    @Override
    public Sensor addSensor(String name) {
        throw new UnsupportedOperationException("the sinks have no sensors");
    }

    @Override
    public void removeSensor(String name) {}

    private CompletableFuture<Void> report(SinkRecord record, Throwable reason) {
        reported.add(record);
        reasons.add(reason);
        return CompletableFuture.completedFuture(null);
    }
}
