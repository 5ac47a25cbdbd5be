package dev.tidings.ops.embedded;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One life of the engine's process, from its start to its end. */
final class ClickHouseChild {

    private static final Duration START_PATIENCE = Duration.ofSeconds(60);
    private static final Duration PING_PATIENCE = Duration.ofSeconds(2);
    private static final Duration STOP_PATIENCE = Duration.ofMillis(1500);
    private static final long POLL_NANOS = Duration.ofMillis(10).toNanos();

    private final Process process;
    private final int port;

    private ClickHouseChild(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Returns when the server answers.
     *
     * @param port 0 for any
     * @throws StartFailedException where it ends or stays silent instead
     */
    static ClickHouseChild start(Path library, ClickHouseFiles files, int port) throws IOException {
        if (port != 0 && !LocalPort.isFree(port)) {
            // The engine would only say so on its terminal, and wait there.
            throw new StartFailedException("the embedded ClickHouse did not start: port " + port + " is taken");
        }
        Files.deleteIfExists(files.portFile());
        Process process = launch(library, files, port);
        long deadline = System.nanoTime() + START_PATIENCE.toNanos();
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
        throw new StartFailedException("the embedded ClickHouse did not start; it says why in " + files.output()
                + " and " + files.engineLog());
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
        // Flags that are meant for the owner; the child has its own.
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
        builder.environment()
                .put("LD_PRELOAD", javaHome.resolve("lib").resolve("libjsig.so").toString());
        return builder.directory(files.root().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(files.output().toFile()))
                .start();
    }

    /** The directory or archive in which the main class lies. */
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

    /** @return 0 where it is not there, or not there yet in full */
    private static int readPort(Path file) throws IOException {
        if (!Files.exists(file)) {
            return 0;
        }
        String text = Files.readString(file);
        return text.endsWith("\n") ? Integer.parseInt(text.strip()) : 0;
    }

    private static boolean pings(int port) {
        try {
            return Loopback.ask(port, "GET /ping HTTP/1.0\r\n\r\n", PING_PATIENCE)
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

    /** Whether it answers at once, or within two seconds. */
    boolean answers() {
        return pings(port);
    }

    /** Asks it to end, and kills it if it takes longer than a moment: nothing that was answered is lost by that. */
    void stop() {
        try {
            process.getOutputStream().close();
            if (process.waitFor(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (IOException e) {
            // it has ended already, or will be made to
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly().onExit().join();
    }
}
