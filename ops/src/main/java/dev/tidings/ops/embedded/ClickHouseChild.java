package dev.tidings.ops.embedded;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The child process of the ClickHouse engine, from its start to its end. */
final class ClickHouseChild {

    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration PING_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration STOP_TIMEOUT = Duration.ofMillis(1500);
    private static final long POLL_NANOS = Duration.ofMillis(10).toNanos();

    private final Process process;
    private final int port;

    private ClickHouseChild(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts the process. Returns when the server answers.
     *
     * @param port 0: any free one
     * @throws StartFailedException if it ends, or does not answer within 60 s
     */
    static ClickHouseChild start(Path library, ClickHouseFiles files, int port) throws IOException {
        if (port != 0 && !LocalPort.isFree(port)) {
            // the engine would only report it on its terminal, and wait there
            throw new StartFailedException("the embedded ClickHouse did not start: port " + port + " is taken");
        }
        Files.deleteIfExists(files.portFile());
        Process process = launch(library, files, port);
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        int bound = 0;
        while (process.isAlive()
                && System.nanoTime() < deadline
                && !Thread.currentThread().isInterrupted()) {
            bound = bound == 0 ? readPort(files.portFile()) : bound;
            if (bound != 0 && pings(bound)) {
                return new ClickHouseChild(process, bound);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        process.destroyForcibly();
        throw new StartFailedException(
                "the embedded ClickHouse did not start; see " + files.output() + " and " + files.engineLog());
    }

    private static Process launch(Path library, ClickHouseFiles files, int port) throws IOException {
        Path javaHome = Path.of(System.getProperty("java.home"));
        ProcessBuilder builder = new ProcessBuilder(List.of(
                javaHome.resolve("bin").resolve("java").toString(),
                "-Xmx32m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:ErrorFile=" + files.root().resolve("crash-%p.log"),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath(),
                ClickHouseEngineMain.class.getName(),
                library.toString(),
                files.config().toString(),
                files.data().toString(),
                String.valueOf(port),
                files.portFile().toString(),
                files.engineLock().toString()));
        // options of the parent process; the child has its own
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
        builder.environment()
                .put("LD_PRELOAD", javaHome.resolve("lib").resolve("libjsig.so").toString());
        return builder.directory(files.root().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(files.output().toFile()))
                .start();
    }

    /** The directory or archive of the main class. */
    private static String classPath() {
        try {
            return Path.of(ClickHouseEngineMain.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the port, or 0 while the file is absent or incomplete. */
    private static int readPort(Path file) throws IOException {
        if (!Files.exists(file)) {
            return 0;
        }
        String text = Files.readString(file);
        return text.endsWith("\n") ? Integer.parseInt(text.strip()) : 0;
    }

    private static boolean pings(int port) {
        try {
            return Loopback.ask(port, "GET /ping HTTP/1.0\r\n\r\n", PING_TIMEOUT)
                    .startsWith("HTTP/1.0 200");
        } catch (IOException e) {
            return false;
        }
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Whether the server answers within two seconds. */
    boolean answers() {
        return pings(port);
    }

    /** Asks the process to end, and kills it after 1.5 s. Answered writes are kept in both cases. */
    void stop() {
        try {
            process.getOutputStream().close();
            if (process.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (IOException e) {
            // the process has ended, or is killed below
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly().onExit().join();
    }
}
