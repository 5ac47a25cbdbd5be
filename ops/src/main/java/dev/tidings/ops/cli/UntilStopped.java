package dev.tidings.ops.cli;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a role until the process is stopped (Ctrl-C, SIGTERM) or the role fails, then closes it. */
final class UntilStopped {

    private static final Logger LOG = LoggerFactory.getLogger(UntilStopped.class);

    private UntilStopped() {}

    /**
     * Starts the role, and returns the exit code when it is closed.
     *
     * @param starting starts the role; a stop that is requested meanwhile is carried out after it
     * @param failure completes if the role fails
     */
    static <R extends AutoCloseable> int run(Supplier<R> starting, Function<R, CompletableFuture<Void>> failure)
            throws Exception {
        CompletableFuture<Void> stopRequested = new CompletableFuture<>();
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> awaitClose(stopRequested, stopped), "stop"));
        try (R running = starting.get()) {
            CompletableFuture<Void> failed = failure.apply(running);
            CompletableFuture.anyOf(stopRequested, failed).join();
            return failed.isDone() ? 1 : 0;
        } catch (RuntimeException e) {
            if (!stopRequested.isDone()) {
                throw e;
            }
            LOG.info("stopped while starting", e);
            return 0;
        } finally {
            stopped.countDown();
        }
    }

    /** Runs as a shutdown hook: the JVM exits only after the role is closed. */
    private static void awaitClose(CompletableFuture<Void> stopRequested, CountDownLatch stopped) {
        long begin = System.nanoTime();
        if (stopRequested.complete(null) && stopped.getCount() > 0) {
            LOG.info("stop requested: the role closes its parts");
        }
        try {
            stopped.await();
            LOG.info("stop complete durationMillis={}", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
