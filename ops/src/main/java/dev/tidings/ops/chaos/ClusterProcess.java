package dev.tidings.ops.chaos;

import dev.tidings.ops.bench.BenchException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One role as a process of its own, started as often as needed with the same command. Its settings and its log are files of the
 * directory. Not thread-safe.
 */
final class ClusterProcess implements AutoCloseable {

    private static final int STOP_SECONDS = 90;
    private static final String TIDINGS = "dev.tidings.ops.cli.Tidings";

    private final String name;
    private final ClusterRole role;
    private final Path directory;
    private final Path config;
    private final @Nullable URI health;
    private @Nullable Process process;
    private boolean isPaused;

    /**
     * @param name unique in the cluster
     * @param health where it answers {@code /readyz}; null: nowhere
     */
    ClusterProcess(String name, ClusterRole role, Map<String, String> settings, Path directory, @Nullable URI health)
            throws IOException {
        this.name = name;
        this.role = role;
        this.health = health;
        this.directory = directory;
        this.config = directory.resolve(name + ".properties");
        Properties properties = new Properties();
        properties.putAll(settings);
        try (var writer = Files.newBufferedWriter(config)) {
            properties.store(writer, name);
        }
    }

    String name() {
        return name;
    }

    ClusterRole role() {
        return role;
    }

    @Nullable
    URI health() {
        return health;
    }

    /** Returns the id of the running process; empty if none runs. */
    OptionalLong pid() {
        Process running = process;
        return running != null && running.isAlive() ? OptionalLong.of(running.pid()) : OptionalLong.empty();
    }

    void start() throws IOException {
        start(Duration.ZERO);
    }

    /** @param clockShift how far its clock is ahead of this machine's; negative: behind */
    void start(Duration clockShift) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                role.heap,
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dtidings.home=" + directory,
                "-Dtidings.log.level=INFO"));
        if (!clockShift.isZero()) {
            command.add(ShiftedClock.jvmOption(directory, clockShift));
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        switch (role) {
            case BROKER -> command.addAll(List.of("kafka.Kafka", config.toString()));
            case BACKENDS ->
                command.addAll(List.of(
                        TIDINGS,
                        role.command,
                        "--config",
                        config.toString(),
                        "--data",
                        directory.resolve("data").toString()));
            case PROCESSORS, CONNECTORS, GATEWAY ->
                command.addAll(List.of(TIDINGS, role.command, "--config", config.toString()));
        }
        process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve(name + ".log").toFile()))
                .start();
    }

    /** Whether it runs, or would if it were not paused. */
    boolean isAlive() {
        return process != null && process.isAlive();
    }

    void kill() {
        if (process != null) {
            process.destroyForcibly();
            awaitEnd();
        }
    }

    /** Sends SIGTERM, and SIGKILL if the process has not ended after 90 s. */
    void stop() {
        if (process != null) {
            process.destroy();
            awaitEnd();
        }
    }

    void pause() throws IOException {
        signal("-STOP");
        isPaused = true;
    }

    void resume() throws IOException {
        signal("-CONT");
        isPaused = false;
    }

    /** Stops the growth of all files of the process: a write that extends one fails, as on a full disk but with another error code. */
    void fillDisk() throws IOException {
        limitFileSize("1");
    }

    /** Ends {@link #fillDisk}. */
    void freeDisk() throws IOException {
        limitFileSize("unlimited");
    }

    /** Sets the soft limit of the size of files; the hard limit stays, so the soft one can be raised again. */
    private void limitFileSize(String bytes) throws IOException {
        OptionalLong pid = pid();
        if (pid.isPresent()) {
            run("prlimit", "--pid", Long.toString(pid.getAsLong()), "--fsize=" + bytes + ':');
        }
    }

    /** Stops the process, paused or not. Kills a broker: the last ones of a cluster cannot stop, because they have no majority. */
    @Override
    public void close() {
        try {
            if (isPaused) {
                resume();
            }
        } catch (IOException e) {
            kill();
        }
        if (role == ClusterRole.BROKER) {
            kill();
        } else {
            stop();
        }
    }

    private void signal(String signal) throws IOException {
        if (process != null) {
            run("kill", signal, Long.toString(process.pid()));
        }
    }

    /** The exit code does not matter: the process may have ended meanwhile. */
    private static void run(String... command) throws IOException {
        Process running = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            running.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitEnd() {
        Process ending = process;
        if (ending == null) {
            return;
        }
        try {
            if (!ending.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                ending.destroyForcibly();
                throw new BenchException(name + " did not end within " + STOP_SECONDS + " s of SIGTERM");
            }
        } catch (InterruptedException e) {
            ending.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        process = null;
    }
}
