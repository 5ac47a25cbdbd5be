package dev.tidings.ops.monitoring;

import static dev.tidings.ops.monitoring.MBeanMetric.counter;
import static dev.tidings.ops.monitoring.MBeanMetric.gauge;

import dev.tidings.gateway.monitoring.ProcessMetrics;
import dev.tidings.ops.monitoring.MBeanMetric.Label;
import io.prometheus.metrics.model.registry.MultiCollector;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** All metrics of processors and of connectors, by the MBeans from which they come. */
public final class RoleMetrics {

    private static final String UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static final Pattern TOPOLOGY = Pattern.compile("tidings-([a-z]+)-" + UUID + ".*");
    private static final Pattern INPUT_CONSUMER =
            Pattern.compile("tidings-([a-z]+)-" + UUID + "-StreamThread-[0-9]+-consumer");
    private static final Pattern SINK = Pattern.compile("tidings-([a-z]+)");
    private static final Pattern SINK_CONSUMER = Pattern.compile("connector-consumer-tidings-([a-z]+)-[0-9]+");

    private static final Label TOPOLOGY_NAME = Label.of("topology", "topology");
    private static final Label TOPOLOGY_OF_CLIENT = new Label("topology", "client-id", TOPOLOGY);
    private static final Label TOPOLOGY_OF_CONSUMER = new Label("topology", "client-id", INPUT_CONSUMER);
    private static final Label TOPOLOGY_OF_THREAD = new Label("topology", "thread-id", TOPOLOGY);

    /** Kafka's consumers have a second MBean for a topic with points, with underscores in its place. */
    private static final Label TOPIC = new Label("topic", "topic", Pattern.compile("(tidings[.-].+)"));

    private static final Label PARTITION = Label.of("partition", "partition");
    private static final Label STORE = Label.of("store", "rocksdb-state-id");
    private static final Label SINK_OF_CONNECTOR = new Label("sink", "connector", SINK);
    private static final Label SINK_OF_CLIENT = new Label("sink", "client-id", SINK_CONSUMER);

    private static final String TOPOLOGY_BEANS = "dev.tidings.processors:type=topology,*";
    private static final String LAG_BEANS = "kafka.consumer:type=consumer-fetch-manager-metrics,*";
    private static final String PRODUCER_BEANS = "kafka.producer:type=producer-metrics,*";
    private static final String STORE_BEANS = "kafka.streams:type=stream-state-metrics,*";
    private static final String SINK_BEANS = "kafka.connect:type=sink-task-metrics,*";
    private static final String PLUGIN_BEANS = "kafka.connect:type=plugins,*";

    private static final List<MBeanMetric> PROCESSORS = List.of(
            gauge("tidings_processors_lag_records", LAG_BEANS, "records-lag", TOPOLOGY_OF_CONSUMER, TOPIC, PARTITION),
            counter(
                    "tidings_processors_commits",
                    "kafka.streams:type=stream-thread-metrics,*",
                    "commit-total",
                    TOPOLOGY_OF_THREAD),
            counter(
                    "tidings_processors_records",
                    "kafka.streams:type=stream-thread-metrics,*",
                    "process-total",
                    TOPOLOGY_OF_THREAD),
            counter(
                            "tidings_processors_transaction_commit_seconds",
                            PRODUCER_BEANS,
                            "txn-commit-time-ns-total",
                            TOPOLOGY_OF_CLIENT)
                    .scaledBy(MBeanMetric.NANOS_TO_SECONDS),
            counter(
                            "tidings_processors_transaction_abort_seconds",
                            PRODUCER_BEANS,
                            "txn-abort-time-ns-total",
                            TOPOLOGY_OF_CLIENT)
                    .scaledBy(MBeanMetric.NANOS_TO_SECONDS),
            gauge(
                    "tidings_processors_alive_threads",
                    "kafka.streams:type=stream-metrics,*",
                    "alive-stream-threads",
                    TOPOLOGY_OF_CLIENT),
            counter("tidings_processors_thread_deaths", TOPOLOGY_BEANS, "ThreadDeaths", TOPOLOGY_NAME),
            counter("tidings_processors_skipped_records", TOPOLOGY_BEANS, "SkippedRecords", TOPOLOGY_NAME),
            gauge("tidings_processors_faults", TOPOLOGY_BEANS, "Faults", TOPOLOGY_NAME),
            gauge(
                    "tidings_processors_restoring_tasks",
                    "kafka.streams:type=stream-state-updater-metrics,*",
                    "active-restoring-tasks",
                    TOPOLOGY_OF_THREAD),
            gauge(
                    "tidings_processors_restore_remaining_records",
                    "kafka.streams:type=stream-task-metrics,*",
                    "restore-remaining-records-total",
                    TOPOLOGY_OF_THREAD),
            gauge("tidings_processors_store_bytes", STORE_BEANS, "total-sst-files-size", TOPOLOGY_OF_THREAD, STORE),
            gauge("tidings_processors_store_keys", STORE_BEANS, "estimate-num-keys", TOPOLOGY_OF_THREAD, STORE),
            counter(
                    "tidings_processors_refused_commands",
                    "kafka.streams:type=stream-refusal-metrics,*",
                    "refused-total",
                    Label.of("reason", "refusal-id")));

    private static final List<MBeanMetric> CONNECTORS = List.of(
            gauge("tidings_connectors_lag_records", LAG_BEANS, "records-lag", SINK_OF_CLIENT, TOPIC, PARTITION),
            counter("tidings_connectors_records", SINK_BEANS, "sink-record-send-total", SINK_OF_CONNECTOR),
            counter(
                    "tidings_connectors_offset_commits",
                    SINK_BEANS,
                    "offset-commit-completion-total",
                    SINK_OF_CONNECTOR),
            gauge("tidings_connectors_partitions", SINK_BEANS, "partition-count", SINK_OF_CONNECTOR),
            counter("tidings_connectors_poison_records", PLUGIN_BEANS, "poison-records-total", SINK_OF_CONNECTOR),
            gauge(
                    "tidings_connectors_write_failures_in_a_row",
                    PLUGIN_BEANS,
                    "write-failures-in-a-row",
                    SINK_OF_CONNECTOR),
            gauge("tidings_connectors_archive_failures_in_a_row", PLUGIN_BEANS, "archive-failures-in-a-row"),
            counter(
                    "tidings_connectors_push_records",
                    "kafka.producer:type=producer-topic-metrics,*",
                    "record-send-total",
                    new Label("topic", "topic", Pattern.compile("tidings\\.(push-outcomes|push-retries)"))));

    private RoleMetrics() {}

    /** @param stateDirectory its file system's free space is a metric */
    public static List<MultiCollector> processors(Path stateDirectory) {
        return List.of(new ProcessMetrics("processors"), new DiskMetrics(stateDirectory), new MBeanMetrics(PROCESSORS));
    }

    public static List<MultiCollector> connectors() {
        return List.of(new ProcessMetrics("connectors"), new MBeanMetrics(CONNECTORS));
    }
}
