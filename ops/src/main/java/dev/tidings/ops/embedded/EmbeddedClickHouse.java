package dev.tidings.ops.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A ClickHouse server over HTTP, with the real engine in a small process of its own that ends with its owner. If the
 * engine crashes, it is started again on the same port; queries that were under way fail, what was answered is kept.
 *
 * <pre>
 *   start ──▶ serving ──(process gone, or silent for 15 s)──▶ restarting ──▶ serving
 *                │                                               │ (fails: tried again every 500 ms)
 *                └──────────────────── close ◀───────────────────┘
 * </pre>
 */
public final class EmbeddedClickHouse implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedClickHouse.class);

    private static final long CHECK_EVERY_MILLIS = 500;
    /** Merging or a swapping machine may hold it up for seconds; killing it then would only make that worse. */
    private static final Duration UNRESPONSIVE_AFTER = Duration.ofSeconds(15);

    private static final Duration SUPERVISION_END_PATIENCE = Duration.ofSeconds(5);

    private final DirectoryLock lock;
    private final Path library;
    private final ClickHouseFiles files;
    private final String password;
    private final int port;
    private final ScheduledExecutorService supervision;

    private volatile ClickHouseChild child;
    /** Only the supervising thread uses it, once there is one. */
    private long lastAnswerNanos = System.nanoTime();

    private EmbeddedClickHouse(
            DirectoryLock lock, Path library, ClickHouseFiles files, String password, ClickHouseChild child) {
        this.lock = lock;
        this.library = library;
        this.files = files;
        this.password = password;
        this.child = child;
        this.port = child.port();
        this.supervision = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("clickhouse-supervision").factory());
    }

    /**
     * Returns when the server answers: in about a second, the first time after the library has been fetched.
     *
     * @param dataDir kept between runs, created where it does not exist
     * @param preferredPort taken if it is free; 0 for any
     * @param progress hears a line now and then while the library is fetched
     * @throws StartFailedException where the directory is in use, the library cannot be had, or the engine refuses to
     *     start
     */
    public static EmbeddedClickHouse start(Path dataDir, int preferredPort, Consumer<String> progress) {
        return start(ChdbLibrary.ofUser(System.getenv()).install(progress), dataDir, preferredPort);
    }

    private static EmbeddedClickHouse start(Path library, Path dataDir, int preferredPort) {
        long began = System.nanoTime();
        Path absolute = dataDir.toAbsolutePath().normalize();
        DirectoryLock lock = DirectoryLock.hold(absolute);
        try {
            ClickHouseFiles files = new ClickHouseFiles(absolute);
            String password = files.prepare();
            int port = LocalPort.choose(preferredPort, "clickhouse");
            ClickHouseChild child = ClickHouseChild.start(library, files, port);
            EmbeddedClickHouse started = new EmbeddedClickHouse(lock, library, files, password, child);
            started.supervise();
            long tookMillis = Duration.ofNanos(System.nanoTime() - began).toMillis();
            log.info(
                    "clickhouse started port={} pid={} dataDir={} tookMillis={}",
                    child.port(),
                    child.pid(),
                    absolute,
                    tookMillis);
            return started;
        } catch (IOException e) {
            lock.close();
            throw new StartFailedException("the embedded ClickHouse did not start in " + absolute, e);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private void supervise() {
        lastAnswerNanos = System.nanoTime();
        var _ = supervision.scheduleWithFixedDelay(
                this::check, CHECK_EVERY_MILLIS, CHECK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void check() {
        if (child.isAlive() && child.answers()) {
            lastAnswerNanos = System.nanoTime();
            return;
        }
        Duration silent = Duration.ofNanos(System.nanoTime() - lastAnswerNanos);
        boolean gone = !child.isAlive();
        if (!gone && silent.compareTo(UNRESPONSIVE_AFTER) < 0) {
            return;
        }
        log.error(
                "clickhouse {}, starting it again port={} pid={} output={}",
                gone ? "ended by itself" : "does not answer",
                port,
                child.pid(),
                files.output());
        try {
            child.stop();
            child = ClickHouseChild.start(library, files, port);
            lastAnswerNanos = System.nanoTime();
            log.info("clickhouse started again port={} pid={}", port, child.pid());
        } catch (IOException | RuntimeException e) {
            log.error("clickhouse did not start again port={}", port, e);
        }
    }

    /** {@code http://127.0.0.1:PORT}. */
    public String url() {
        return "http://127.0.0.1:" + port;
    }

    public String user() {
        return ClickHouseFiles.USER;
    }

    /** Generated with the data directory, and kept there. */
    public String password() {
        return password;
    }

    /** Of the engine's process now; another after a crash. */
    long pid() {
        return child.pid();
    }

    /** Close the clients first, or their idle connections hold up the stop until it is forced (1.5 s). */
    @Override
    public void close() {
        supervision.shutdownNow();
        try {
            if (!supervision.awaitTermination(SUPERVISION_END_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("clickhouse supervision still at work port={}", port);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        child.stop();
        lock.close();
        log.info("clickhouse stopped port={}", port);
    }
}
