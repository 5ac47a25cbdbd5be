package dev.tidings.ops.cli;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** Keeps a process running until it is asked to stop (Ctrl-C, SIGTERM) or cannot go on; then stops what it runs. */
final class UntilStopped {

    private UntilStopped() {}

    /**
     * @param failed completes if it cannot go on
     * @return the exit code
     */
    static int run(AutoCloseable running, CompletableFuture<Void> failed) throws Exception {
        CountDownLatch stopped = new CountDownLatch(1);
        Thread hook = new Thread(
                () -> {
                    failed.cancel(false);
                    try {
                        stopped.await(); // the JVM waits for its hooks, and so for the orderly stop
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        int exitCode =
                failed.handle((nothing, cancelled) -> cancelled == null ? 1 : 0).get();
        try {
            running.close();
        } finally {
            stopped.countDown();
        }
        return exitCode;
    }
}
