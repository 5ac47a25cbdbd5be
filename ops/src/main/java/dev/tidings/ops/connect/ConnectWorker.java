package dev.tidings.ops.connect;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sinks, running in this process until closed.
 *
 * <p>Parts that fail are started again with growing pauses. A sink whose database is away has not failed: it tries its
 * batch again until the database is back, and says so in the log.
 */
public final class ConnectWorker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectWorker.class);

    private static final Duration CHECK_EVERY = Duration.ofMillis(500);
    private static final Duration STOP_WITHIN = Duration.ofMillis(1_900);

    private final EmbeddedHerder herder;
    private final Map<String, Map<String, String>> connectors;
    private final int tasks;
    private final RestartBackoff backoff = new RestartBackoff();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ScheduledExecutorService checks = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("connect-checks").factory());

    private ConnectWorker(EmbeddedHerder herder, Map<String, Map<String, String>> connectors, int tasks) {
        this.herder = herder;
        this.connectors = connectors;
        this.tasks = tasks;
    }

    /**
     * Returns when all connectors are started; their tasks may still be joining their groups.
     *
     * @throws org.apache.kafka.connect.errors.ConnectException where Kafka cannot be reached or a connector's
     *     configuration is refused
     */
    public static ConnectWorker start(ConnectorsConfig config) {
        long startNanos = System.nanoTime();
        Map<String, Map<String, String>> connectors = Connectors.of(config);
        ConnectWorker worker =
                new ConnectWorker(EmbeddedHerder.start(WorkerProperties.of(config)), connectors, config.tasks());
        try {
            connectors.forEach(worker.herder::startConnector);
        } catch (RuntimeException e) {
            worker.close();
            throw e;
        }
        var _ = worker.checks.scheduleWithFixedDelay(
                worker::restartFailed, CHECK_EVERY.toMillis(), CHECK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        LOG.info(
                "connect worker started connectors={} tasks_each={} duration_ms={}",
                connectors.keySet(),
                config.tasks(),
                millisSince(startNanos));
        return worker;
    }

    /** Whether every task of every connector runs. */
    public boolean isHealthy() {
        return connectors.keySet().stream().allMatch(name -> herder.isRunning(name, tasks));
    }

    /** What has failed and waits to be started again; empty where all is well, or still starting. */
    public List<FailedPart> failures() {
        List<FailedPart> failures = new ArrayList<>();
        connectors.keySet().forEach(name -> failures.addAll(herder.failed(name)));
        return failures;
    }

    /** Stops within two seconds. What a task could not finish is done again by whoever has its partitions next. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        long startNanos = System.nanoTime();
        checks.shutdownNow();
        Thread stopping = Thread.ofPlatform().daemon().name("connect-stop").start(herder::stop);
        try {
            boolean stopped = stopping.join(STOP_WITHIN);
            LOG.info("connect worker stopped complete={} duration_ms={}", stopped, millisSince(startNanos));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void restartFailed() {
        try {
            for (FailedPart part : failures()) {
                if (backoff.isDue(part.name(), System.nanoTime())) {
                    LOG.warn("restarting part={} reason={}", part.name(), part.reason());
                    herder.restart(part);
                }
            }
        } catch (RuntimeException e) {
            // an exception that escapes would end the checks for good
            LOG.error("check of the connectors failed", e);
        }
    }

    private static long millisSince(long startNanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    }
}
