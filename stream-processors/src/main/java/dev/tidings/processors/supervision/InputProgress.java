package dev.tidings.processors.supervision;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Tracks the positions of a topology's input partitions, and since when a partition with work has not moved. Lag alone
 * proves no stall: a partition under load always has some. Nor does a constant position: there may be nothing to read.
 * Time is monotonic and comes from the caller. Thread-safe.
 */
final class InputProgress {

    static final long STALLED_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** @param lastRecord offset of the newest record that the topology was given; -1 before the first */
    private record Input(long lastRecord, long position, long lag) {
        static final Input NONE = new Input(-1, -1, 0);

        boolean hasWork(long committed) {
            return lastRecord >= committed || lag > 0;
        }
    }

    private record Observed(long committed, long position, long sinceNanos, boolean stalled) {}

    private final Map<TopicPartition, Input> inputs = new ConcurrentHashMap<>();
    private final Map<TopicPartition, Observed> observed = new ConcurrentHashMap<>();

    /**
     * Records the newest offset that the topology was given.
     *
     * @param offset -1 if all records read were skipped; no commit shows that until more are read
     */
    void handedOver(TopicPartition partition, long offset) {
        inputs.compute(partition, (key, before) -> {
            Input input = before == null ? Input.NONE : before;
            return new Input(offset, Math.max(input.position(), offset + 1), input.lag());
        });
    }

    /**
     * Records the consumer's position and lag.
     *
     * @param position offset of the next record to fetch; -1 if unknown
     */
    void fetched(TopicPartition partition, long position, long lag) {
        inputs.compute(partition, (key, before) -> {
            Input input = before == null ? Input.NONE : before;
            return new Input(input.lastRecord(), position, lag);
        });
    }

    /** Forgets a partition that another thread or process has taken over. */
    void revoked(TopicPartition partition) {
        inputs.remove(partition);
        observed.remove(partition);
    }

    /**
     * Compares the group's committed positions with the last observation.
     *
     * @param committed positions by partition; a partition without one is absent
     */
    void observe(Map<TopicPartition, Long> committed, long nowNanos) {
        inputs.forEach((partition, input) -> {
            long done = committed.getOrDefault(partition, 0L);
            Observed before = observed.get(partition);
            long since = before != null
                            && before.committed() == done
                            && before.position() == input.position()
                            && input.hasWork(done)
                    ? before.sinceNanos()
                    : nowNanos;
            observed.put(partition, new Observed(done, input.position(), since, nowNanos - since >= STALLED_NANOS));
        });
        observed.keySet().retainAll(inputs.keySet());
    }

    /**
     * Returns a sentence for each partition that has not moved for {@link #STALLED_NANOS}, ordered by topic and
     * partition.
     */
    List<String> stalled() {
        List<TopicPartition> partitions = new ArrayList<>(observed.keySet());
        partitions.sort(Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition));
        return partitions.stream()
                .map(partition -> sentence(partition, observed.get(partition)))
                .filter(Objects::nonNull)
                .toList();
    }

    private static @Nullable String sentence(TopicPartition partition, @Nullable Observed observed) {
        return observed == null || !observed.stalled()
                ? null
                : "no progress on " + partition + " for " + TimeUnit.NANOSECONDS.toSeconds(STALLED_NANOS)
                        + " s, at offset " + observed.committed();
    }
}
