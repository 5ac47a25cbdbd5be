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
 * A ClickHouse server over HTTP: the real engine in a small child process, which ends with its owner. Restarts a crashed engine on
 * the same port; running queries fail, answered writes are kept.
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
    /** Merges or swapping can block it for seconds; killing it would make that worse. */
    private static final Duration UNRESPONSIVE_AFTER = Duration.ofSeconds(15);

    private static final Duration SUPERVISION_STOP_TIMEOUT = Duration.ofSeconds(5);

    private final DirectoryLock lock;
    private final Path library;
    private final ClickHouseFiles files;
    private final ClickHouseFiles.Passwords passwords;
    private final int port;
    private final ScheduledExecutorService supervision;

    private volatile ClickHouseChild child;
    /** Used by the supervision thread only, once it runs. */
    private long lastAnswerNanos = System.nanoTime();

    private EmbeddedClickHouse(
            DirectoryLock lock,
            Path library,
            ClickHouseFiles files,
            ClickHouseFiles.Passwords passwords,
            ClickHouseChild child) {
        this.lock = lock;
        this.library = library;
        this.files = files;
        this.passwords = passwords;
        this.child = child;
        this.port = child.port();
        this.supervision = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("clickhouse-supervision").factory());
    }

    /**
     * Starts the server, after fetching the library at the first use. Returns when it answers, which takes about a second.
     *
     * @param dataDir kept between runs, created if it does not exist
     * @param preferredPort used if it is free; 0: any free one
     * @param progress receives lines of progress while the library is fetched
     * @throws StartFailedException if the directory is in use, the library is not available, or the engine does not start
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
            ClickHouseFiles.Passwords passwords = files.prepare();
            int port = LocalPort.choose(preferredPort, "clickhouse");
            ClickHouseChild child = ClickHouseChild.start(library, files, port);
            EmbeddedClickHouse started = new EmbeddedClickHouse(lock, library, files, passwords, child);
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
        boolean ended = !child.isAlive();
        if (!ended && silent.compareTo(UNRESPONSIVE_AFTER) < 0) {
            return;
        }
        log.error(
                "clickhouse {}, restarting port={} pid={} output={}",
                ended ? "ended unexpectedly" : "does not answer",
                port,
                child.pid(),
                files.output());
        try {
            child.stop();
            child = ClickHouseChild.start(library, files, port);
            lastAnswerNanos = System.nanoTime();
            log.info("clickhouse restarted port={} pid={}", port, child.pid());
        } catch (IOException | RuntimeException e) {
            log.error("clickhouse not restarted port={}", port, e);
        }
    }

    /** {@code http://127.0.0.1:PORT}. */
    public String url() {
        return "http://127.0.0.1:" + port;
    }

    public String user() {
        return ClickHouseFiles.USER;
    }

    /** Generated with the data directory, and kept in it. */
    public String password() {
        return passwords.user();
    }

    /** The user for people: only reads {@code tidings}, with limits. */
    public String analyst() {
        return ClickHouseFiles.ANALYST;
    }

    /** Generated with the data directory, and kept in it. */
    public String analystPassword() {
        return passwords.analyst();
    }

    /** The current process id of the engine; it changes after a crash. */
    long pid() {
        return child.pid();
    }

    /** Stops the server. Close its clients before: idle connections delay the stop until it is forced after 1.5 s. */
    @Override
    public void close() {
        supervision.shutdownNow();
        try {
            if (!supervision.awaitTermination(SUPERVISION_STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("clickhouse supervision still running port={}", port);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        child.stop();
        lock.close();
        log.info("clickhouse stopped port={}", port);
    }
}
