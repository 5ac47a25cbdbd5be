package dev.tidings.ops.cli;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs something until the process is asked to stop (Ctrl-C, SIGTERM) or it cannot go on; then stops it in good order. */
final class UntilStopped {

    private static final Logger LOG = LoggerFactory.getLogger(UntilStopped.class);

    private UntilStopped() {}

    /**
     * @param starting starts it; asked to stop meanwhile, the process stops as soon as it is started
     * @param failure completes if it cannot go on
     * @return the exit code
     */
    static <R extends AutoCloseable> int run(Supplier<R> starting, Function<R, CompletableFuture<Void>> failure)
            throws Exception {
        CompletableFuture<Void> asked = new CompletableFuture<>();
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stopInGoodOrder(asked, stopped), "stop"));
        try (R running = starting.get()) {
            CompletableFuture<Void> failed = failure.apply(running);
            CompletableFuture.anyOf(asked, failed).join();
            return failed.isDone() ? 1 : 0;
        } catch (RuntimeException e) {
            if (!asked.isDone()) {
                throw e;
            }
            LOG.info("stopped while starting", e);
            return 0;
        } finally {
            stopped.countDown();
        }
    }

    /** The JVM waits for its hooks, and this one for the orderly stop. */
    private static void stopInGoodOrder(CompletableFuture<Void> asked, CountDownLatch stopped) {
        asked.complete(null);
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
