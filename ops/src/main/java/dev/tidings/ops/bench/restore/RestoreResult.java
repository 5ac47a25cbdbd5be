package dev.tidings.ops.bench.restore;

import dev.tidings.ops.bench.measure.TopicTraffic.Volume;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The result of one measurement.
 *
 * @param changelogs records and bytes by topic; replaced records count until the broker has compacted them
 * @param runningSeconds from the start of the topologies until all of them have restored their state
 * @param repliedSeconds from the same start until a message was sequenced and a sync was answered
 */
public record RestoreResult(
        int conversations,
        int users,
        String store,
        Map<String, Volume> changelogs,
        double runningSeconds,
        double repliedSeconds) {

    public RestoreResult {
        changelogs = Map.copyOf(changelogs);
    }

    /** Returns the records of all changelogs. */
    public long records() {
        return changelogs.values().stream().mapToLong(Volume::records).sum();
    }

    public void print(PrintWriter out) {
        out.printf(Locale.ROOT, "%,d conversations of %,d users, state in %s%n%n", conversations, users, store);
        out.printf(Locale.ROOT, "%-52s %12s %15s%n", "changelog", "records", "bytes");
        new TreeMap<>(changelogs)
                .forEach((topic, volume) ->
                        out.printf(Locale.ROOT, "%-52s %,12d %,15d%n", topic, volume.records(), volume.bytes()));
        out.printf(Locale.ROOT, "%nall topologies run after      %,8.1f s%n", runningSeconds);
        out.printf(Locale.ROOT, "first message and sync after  %,8.1f s%n", repliedSeconds);
        out.printf(Locale.ROOT, "records a second              %,8.0f%n", records() / runningSeconds);
        out.flush();
    }
}
