package dev.tidings.ops.monitoring;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Free and total space of the file system with the state directory. Absent while the directory cannot be read.
 */
record DiskMetrics(Path directory) implements MultiCollector {

    @Override
    public MetricSnapshots collect() {
        try {
            FileStore disk = Files.getFileStore(directory);
            return MetricSnapshots.builder()
                    .metricSnapshot(gauge("tidings_processors_state_disk_free_bytes", disk.getUsableSpace()))
                    .metricSnapshot(gauge("tidings_processors_state_disk_size_bytes", disk.getTotalSpace()))
                    .build();
        } catch (IOException e) {
            return new MetricSnapshots();
        }
    }

    private static GaugeSnapshot gauge(String name, long bytes) {
        return GaugeSnapshot.builder()
                .name(name)
                .dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                        .value(bytes)
                        .build())
                .build();
    }
}
