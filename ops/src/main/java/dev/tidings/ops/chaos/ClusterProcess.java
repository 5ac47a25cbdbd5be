package dev.tidings.ops.chaos;

import dev.tidings.ops.bench.BenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One role as a process of its own, started as often as needed with the same command. Its settings and its log are files of the
 * directory. Not thread-safe.
 */
final class ClusterProcess implements AutoCloseable {

    private static final int STOP_SECONDS = 90;

    private final String name;
    private final ClusterRole role;
    private final Path directory;
    private final Path config;
    private @Nullable Process process;
    private boolean isPaused;

    /** @param name unique in the cluster */
    ClusterProcess(String name, ClusterRole role, Map<String, String> settings, Path directory) throws IOException {
        this.name = name;
        this.role = role;
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

    void start() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                role.heap,
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dtidings.home=" + directory,
                "-Dtidings.log.level=INFO",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.tidings.ops.cli.Tidings",
                role.command,
                "--config",
                config.toString()));
        if (role == ClusterRole.BACKENDS) {
            command.addAll(List.of("--data", directory.resolve("data").toString()));
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

    /** Stops the process, paused or not. */
    @Override
    public void close() {
        try {
            if (isPaused) {
                resume();
            }
        } catch (IOException e) {
            kill();
        }
        stop();
    }

    private void signal(String signal) throws IOException {
        if (process == null) {
            return;
        }
        Process kill = new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            kill.waitFor();
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
