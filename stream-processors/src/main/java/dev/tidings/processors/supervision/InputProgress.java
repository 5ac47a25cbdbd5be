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
 * How far a topology is with its input partitions, and since when it has not moved although there is something to do. Lag
 * alone says nothing: a partition under load always has some. A position that does not move says nothing either: there may
 * be nothing to read. Time is monotonic and comes from the caller. Thread-safe.
 */
final class InputProgress {

    static final long STALLED_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** @param lastRecord offset of the newest record that the topology was given; -1 where there was none yet */
    private record Input(long lastRecord, long position, long lag) {
        static final Input NONE = new Input(-1, -1, 0);

        boolean hasWork(long committed) {
            return lastRecord >= committed || lag > 0;
        }
    }

    private record Observed(long committed, long position, long sinceNanos, boolean stalled) {}

    private final Map<TopicPartition, Input> inputs = new ConcurrentHashMap<>();
    private final Map<TopicPartition, Observed> observed = new ConcurrentHashMap<>();

    /** @param offset of the last record; -1 where all that was read is skipped, which no commit shows until more is read */
    void handedOver(TopicPartition partition, long offset) {
        inputs.compute(partition, (key, before) -> {
            Input input = before == null ? Input.NONE : before;
            return new Input(offset, Math.max(input.position(), offset + 1), input.lag());
        });
    }

    /** @param position of the next record to fetch; -1: not known */
    void fetched(TopicPartition partition, long position, long lag) {
        inputs.compute(partition, (key, before) -> {
            Input input = before == null ? Input.NONE : before;
            return new Input(input.lastRecord(), position, lag);
        });
    }

    /** The partition is another thread's or process's now. */
    void revoked(TopicPartition partition) {
        inputs.remove(partition);
        observed.remove(partition);
    }

    /** @param committed the group's positions; a partition without one is absent */
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

    /** Sentences about partitions that have not moved for {@link #STALLED_NANOS}, in the order of their names. */
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
