package dev.tidings.ops.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Redis server as a child process, which ends with its owner. Its data survives a kill, except writes of the last second. */
public final class EmbeddedRedis implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedRedis.class);

    private static final int START_ATTEMPTS = 3;
    /** Long enough to load a large append-only file. */
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

    private static final Duration PREDECESSOR_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration PING_TIMEOUT = Duration.ofSeconds(2);
    private static final long POLL_NANOS = Duration.ofMillis(10).toNanos();

    private final DirectoryLock lock;
    private final OwnedProcess server;
    private final int port;
    private final AtomicBoolean closing;

    private EmbeddedRedis(DirectoryLock lock, OwnedProcess server, int port, AtomicBoolean closing) {
        this.lock = lock;
        this.server = server;
        this.port = port;
        this.closing = closing;
    }

    /**
     * Starts the server. Returns when it answers.
     *
     * @param dataDir kept between runs, created if it does not exist
     * @param preferredPort used if it is free; 0: any free one
     * @throws StartFailedException if the directory is in use, there is no server program, or it does not start
     */
    public static EmbeddedRedis start(Path dataDir, int preferredPort) {
        return start(dataDir, preferredPort, SearchPath.ofEnvironment());
    }

    static EmbeddedRedis start(Path dataDir, int preferredPort, SearchPath searchPath) {
        long began = System.nanoTime();
        Path absolute = dataDir.toAbsolutePath().normalize();
        DirectoryLock lock = DirectoryLock.hold(absolute);
        try {
            pidFile(absolute).awaitEnd(PREDECESSOR_TIMEOUT);
            Path executable = RedisExecutable.find(searchPath, absolute.resolve("bin"));
            for (int attempt = 1; ; attempt++) {
                int port = LocalPort.choose(preferredPort, "redis");
                OwnedProcess server =
                        OwnedProcess.start(command(executable, absolute, port), absolute, output(absolute));
                if (answers(server, port)) {
                    AtomicBoolean closing = new AtomicBoolean();
                    server.onExit(status -> {
                        if (!closing.get()) {
                            log.error(
                                    "redis ended unexpectedly port={} status={} output={}",
                                    port,
                                    status,
                                    output(absolute));
                        }
                    });
                    long tookMillis =
                            Duration.ofNanos(System.nanoTime() - began).toMillis();
                    log.info("redis started port={} dataDir={} tookMillis={}", port, absolute, tookMillis);
                    return new EmbeddedRedis(lock, server, port, closing);
                }
                server.stop(STOP_TIMEOUT);
                if (attempt == START_ATTEMPTS) {
                    throw new StartFailedException("redis-server did not start; see " + output(absolute));
                }
            }
        } catch (IOException e) {
            lock.close();
            throw new StartFailedException("redis-server did not start in " + absolute, e);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static List<String> command(Path executable, Path dataDir, int port) {
        return List.of(
                executable.toString(),
                "--bind",
                "127.0.0.1",
                "--port",
                String.valueOf(port),
                "--dir",
                dataDir.toString(),
                "--pidfile",
                pidFile(dataDir).path().toString(),
                "--appendonly",
                "yes",
                "--appendfsync",
                "everysec",
                "--save",
                "",
                "--daemonize",
                "no");
    }

    private static boolean answers(OwnedProcess server, int port) {
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        while (server.isAlive()
                && System.nanoTime() < deadline
                && !Thread.currentThread().isInterrupted()) {
            try {
                // answers -LOADING while it loads its files
                if (Loopback.ask(port, "PING\r\n", PING_TIMEOUT).startsWith("+PONG")) {
                    return true;
                }
            } catch (IOException notYet) {
                // retried below
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return false;
    }

    private static RedisPidFile pidFile(Path dataDir) {
        return new RedisPidFile(dataDir.resolve("redis.pid"));
    }

    private static Path output(Path dataDir) {
        return dataDir.resolve("redis.log");
    }

    /** {@code redis://127.0.0.1:PORT}. */
    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    @Override
    public void close() {
        closing.set(true);
        server.stop(STOP_TIMEOUT);
        lock.close();
        log.info("redis stopped port={}", port);
    }
}
