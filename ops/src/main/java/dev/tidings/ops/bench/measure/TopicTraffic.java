package dev.tidings.ops.bench.measure;

import java.util.Map;
import java.util.TreeMap;

/**
 * Records and bytes in each topic of a cluster.
 *
 * @param topics by name
 */
public record TopicTraffic(Map<String, Volume> topics) {

    /**
     * @param records offsets used, transaction markers included
     * @param bytes on disk; less after compaction or deletion
     */
    public record Volume(long records, long bytes) {}

    public TopicTraffic {
        topics = Map.copyOf(topics);
    }

    /** Returns what was written since an earlier snapshot. Topics without new records are omitted. */
    public TopicTraffic since(TopicTraffic earlier) {
        Map<String, Volume> written = new TreeMap<>();
        topics.forEach((topic, now) -> {
            Volume before = earlier.topics.getOrDefault(topic, new Volume(0, 0));
            long records = now.records() - before.records();
            if (records > 0) {
                written.put(topic, new Volume(records, Math.max(0, now.bytes() - before.bytes())));
            }
        });
        return new TopicTraffic(written);
    }
}
