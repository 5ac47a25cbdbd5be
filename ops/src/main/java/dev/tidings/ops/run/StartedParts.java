package dev.tidings.ops.run;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The started parts of a system. Stops them in the opposite order, and reports to {@link Progress}. Thread-safe. */
final class StartedParts implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StartedParts.class);

    private record Part(String name, AutoCloseable running) {}

    private final ArrayDeque<Part> started = new ArrayDeque<>();
    private final Progress progress;

    StartedParts(Progress progress) {
        this.progress = progress;
    }

    /** Starts a part, and remembers it for the stop. */
    <T extends AutoCloseable> T start(String name, Supplier<T> starting) {
        long before = System.nanoTime();
        T running = starting.get();
        Duration took = Duration.ofNanos(System.nanoTime() - before);
        synchronized (started) {
            started.push(new Part(name, running));
        }
        progress.started(name, took);
        return running;
    }

    @Override
    public void close() {
        while (true) {
            Part part;
            synchronized (started) {
                part = started.poll();
            }
            if (part == null) {
                return;
            }
            progress.stopping(part.name());
            try {
                part.running().close();
            } catch (Exception e) {
                LOG.warn("part not stopped cleanly part={}", part.name(), e);
            }
        }
    }
}
