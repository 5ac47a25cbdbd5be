package dev.tidings.ops.run;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What has been started, to be stopped in the opposite order. Tells the operator how it goes. */
final class Parts implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Parts.class);

    private record Part(String name, AutoCloseable running) {}

    private final ArrayDeque<Part> started = new ArrayDeque<>();
    private final Progress progress;

    Parts(Progress progress) {
        this.progress = progress;
    }

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
                LOG.warn("did not stop cleanly part={}", part.name(), e);
            }
        }
    }
}
