package dev.tidings.ops.verify;

import dev.tidings.ops.connect.ConnectorsConfig;
import dev.tidings.ops.log.KafkaLog;
import dev.tidings.schemas.settings.Settings;
import io.prometheus.metrics.model.registry.MultiCollector;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifies the copies in Redis and ClickHouse at intervals while the sinks run. Each run compares a bounded part of the log ({@link
 * VerificationWindows}). The older part begins in a random partition, because its place is not kept when the process ends.
 *
 * <p>Discrepancies are counted ({@link VerificationMetrics}) and logged. Several processes verify independently.
 */
public final class ScheduledVerification implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ScheduledVerification.class);
    private static final long FIRST_AFTER_MINUTES = 15;
    private static final int LOGGED_DISCREPANCIES = 20;

    private final Verification verification;
    private final VerificationWindows windows;
    private final VerificationMetrics metrics = new VerificationMetrics(System.currentTimeMillis());
    private final ScheduledExecutorService runs = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("verification").factory());

    private ScheduledVerification(Verification verification, VerificationWindows windows) {
        this.verification = verification;
        this.windows = windows;
    }

    /**
     * Starts by the settings {@code connectors.verify.interval-minutes} (0: runs only by {@link #run}) and {@code
     * connectors.verify.records-per-run}.
     */
    public static ScheduledVerification start(Settings settings, ConnectorsConfig config) {
        int intervalMinutes = settings.integer("connectors.verify.interval-minutes", 60, 0, 10_080);
        int recordsPerRun = settings.integer("connectors.verify.records-per-run", 50_000, 1_000, 10_000_000);
        ScheduledVerification scheduled = new ScheduledVerification(
                new Verification(KafkaLog.of(settings), config),
                new VerificationWindows(recordsPerRun, new Random().nextInt(Integer.MAX_VALUE)));
        if (intervalMinutes > 0) {
            var _ = scheduled.runs.scheduleWithFixedDelay(
                    scheduled::run, Math.min(FIRST_AFTER_MINUTES, intervalMinutes), intervalMinutes, TimeUnit.MINUTES);
        }
        return scheduled;
    }

    /** Returns the metrics of the runs. */
    public MultiCollector metrics() {
        return metrics::collect;
    }

    /** Compares the next part. A failure is counted and logged. */
    public void run() {
        long startNanos = System.nanoTime();
        try {
            VerificationReport report = verification.runNext(windows);
            report.discrepancies().stream()
                    .limit(LOGGED_DISCREPANCIES)
                    .forEach(found -> LOG.warn(
                            "copy differs from the log store={} kind={} conversation={} fromSeq={} toSeq={}",
                            found.store(),
                            found.kind(),
                            found.conversationId(),
                            found.fromSeq(),
                            found.toSeq()));
            metrics.completed(report, System.currentTimeMillis(), System.nanoTime() - startNanos);
        } catch (RuntimeException e) {
            // an exception would end the schedule
            metrics.failed();
            LOG.warn("verification failed", e);
        }
    }

    @Override
    public void close() {
        runs.shutdownNow();
    }
}
