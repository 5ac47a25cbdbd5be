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
 * Runs the sinks in this process until closed.
 *
 * <p>Restarts failed connectors and tasks, after growing pauses. A sink whose store is unavailable has not failed: it retries its
 * batch until the store is back, and logs that.
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
     * Starts all connectors. Their tasks may join their consumer groups later.
     *
     * @throws org.apache.kafka.connect.errors.ConnectException if Kafka is not reachable, or a connector's
     *     configuration is rejected
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

    /** Returns one sentence for each fault; empty if every task runs. */
    public List<String> faults() {
        return isHealthy() ? List.of() : List.of("connectors: " + failures());
    }

    /** Returns failed connectors and tasks that wait for their restart; empty if there are none, or all are still starting. */
    public List<FailedPart> failures() {
        List<FailedPart> failures = new ArrayList<>();
        connectors.keySet().forEach(name -> failures.addAll(herder.failed(name)));
        return failures;
    }

    /** Stops within two seconds. The next owner of a task's partitions repeats its unfinished work. */
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
            // an exception would end the periodic checks
            LOG.error("connector check failed", e);
        }
    }

    private static long millisSince(long startNanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    }
}
