package dev.tidings.processors.supervision;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Supervises one topology in this process: counts the deaths of its threads, delays their replacements, and lists its
 * faults. Thread-safe.
 *
 * <p>A dead thread is replaced at once if no other died within the last minute. Otherwise the delay starts at {@value
 * #FIRST_DELAY_MILLIS} ms and doubles with each death up to {@value #MAX_DELAY_MILLIS} ms. Reports the topology from
 * {@value #DEATHS_REPORTED} deaths within a minute on, and each input partition that has work and does not move.
 */
public final class Supervisor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

    /** The key of the supervisor among the topology's properties. */
    public static final String CONFIG = "tidings.supervisor";

    static final int DEATHS_REPORTED = 3;
    static final long FIRST_DELAY_MILLIS = 500;
    static final long MAX_DELAY_MILLIS = 10_000;
    private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final String topology;
    private final LongSupplier nanos;
    private final Map<TopicPartition, Long> inputEnds;
    private final Quarantine quarantine;
    private final InputProgress progress = new InputProgress();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ArrayDeque<Long> recentDeaths = new ArrayDeque<>();
    private long deaths;
    private String lastFailure = "";

    public Supervisor(String topology, DeadLetterProducer letters) {
        this(topology, letters, System::nanoTime, Map.of());
    }

    /** @param inputEnds the offsets before which the topology stops reading; partitions that are not in it have no end */
    public Supervisor(String topology, DeadLetterProducer letters, Map<TopicPartition, Long> inputEnds) {
        this(topology, letters, System::nanoTime, inputEnds);
    }

    Supervisor(String topology, DeadLetterProducer letters, LongSupplier nanos) {
        this(topology, letters, nanos, Map.of());
    }

    private Supervisor(
            String topology, DeadLetterProducer letters, LongSupplier nanos, Map<TopicPartition, Long> inputEnds) {
        this.topology = topology;
        this.nanos = nanos;
        this.inputEnds = Map.copyOf(inputEnds);
        this.quarantine = new Quarantine(topology, letters);
    }

    static Supervisor in(Map<String, ?> config) {
        return (Supervisor) Objects.requireNonNull(config.get(CONFIG), CONFIG);
    }

    /** Returns null if the topology runs without a supervisor, such as in a replay. */
    public static @Nullable Quarantine quarantineIn(Map<String, ?> config) {
        return config.get(CONFIG) instanceof Supervisor supervisor ? supervisor.quarantine : null;
    }

    /** Returns the offset before which the topology stops reading, by partition; empty while it runs normally. */
    Map<TopicPartition, Long> inputEnds() {
        return inputEnds;
    }

    Quarantine quarantine() {
        return quarantine;
    }

    InputProgress progress() {
        return progress;
    }

    /** Records the death of a thread, which Kafka Streams replaces. */
    public void threadDied(Throwable failure) {
        int recent;
        synchronized (this) {
            forgetOldDeaths();
            recentDeaths.add(nanos.getAsLong());
            deaths++;
            lastFailure = Failures.kind(failure);
            quarantine.outputs().clear();
            recent = recentDeaths.size();
        }
        LOG.error(
                "topology thread died and is replaced topology={} deathsInAMinute={} delayMillis={}",
                topology,
                recent,
                restartDelay().toMillis(),
                failure);
    }

    /** Returns the delay of a replacement thread that starts now. */
    synchronized Duration restartDelay() {
        forgetOldDeaths();
        int others = recentDeaths.size() - 1;
        return others <= 0
                ? Duration.ZERO
                : Duration.ofMillis(Math.min(MAX_DELAY_MILLIS, FIRST_DELAY_MILLIS << Math.min(others - 1, 16)));
    }

    /** Blocks until a replacement thread may start; returns at once if the topology is closing. */
    void awaitRestart() {
        try {
            boolean closed = closing.await(restartDelay().toMillis(), TimeUnit.MILLISECONDS);
            LOG.debug("topology thread begins topology={} closing={}", topology, closed);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** Returns one sentence for each fault; empty if the topology is healthy. */
    public List<String> faults() {
        List<String> faults = new ArrayList<>();
        synchronized (this) {
            forgetOldDeaths();
            if (recentDeaths.size() >= DEATHS_REPORTED) {
                faults.add("topology " + topology + ": its threads died " + recentDeaths.size()
                        + " times within a minute, the last of " + lastFailure);
            }
        }
        progress.stalled().forEach(stall -> faults.add("topology " + topology + ": " + stall));
        return faults;
    }

    /** Returns the number of thread deaths since the start of the process. */
    public synchronized long deaths() {
        return deaths;
    }

    /** Returns the number of records and unreadable ranges skipped since the start of the process. */
    public long skipped() {
        return quarantine.skipped();
    }

    private void forgetOldDeaths() {
        long now = nanos.getAsLong();
        while (!recentDeaths.isEmpty() && now - recentDeaths.peek() >= WINDOW_NANOS) {
            recentDeaths.poll();
        }
    }

    /** Releases the waiting threads, so that they can end. */
    @Override
    public void close() {
        closing.countDown();
    }
}
