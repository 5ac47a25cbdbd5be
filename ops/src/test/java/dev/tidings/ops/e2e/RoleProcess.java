package dev.tidings.ops.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A role as a process of its own, started as an operator would, to be killed as an operator would rather not. */
final class RoleProcess implements AutoCloseable {

    private static final Duration READY_WITHIN = Duration.ofSeconds(60);

    private final Process process;

    private RoleProcess(Process process) {
        this.process = process;
    }

    /** Runs {@code tidings <role>} with these settings; its log goes to a file beside them. */
    static RoleProcess start(String role, Map<String, String> settings, Path directory, String... arguments) {
        return start(role, settings, directory, List.of(), arguments);
    }

    /** @param jvmOptions more for its JVM */
    static RoleProcess start(
            String role, Map<String, String> settings, Path directory, List<String> jvmOptions, String... arguments) {
        Path config = directory.resolve(role + ".properties");
        Properties properties = new Properties();
        properties.putAll(settings);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(jvmOptions);
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                "dev.tidings.ops.cli.Tidings",
                role,
                "--config",
                config.toString()));
        command.addAll(List.of(arguments));
        try {
            try (var writer = Files.newBufferedWriter(config)) {
                properties.store(writer, role);
            }
            return new RoleProcess(new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            directory.resolve(role + ".log").toFile()))
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + role, e);
        }
    }

    /** A process that comes back on the same address cannot take any free port when it starts. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** Returns once {@code /readyz} says so. */
    static void awaitReady(URI url) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            Awaitility.await()
                    .atMost(READY_WITHIN)
                    .ignoreExceptions()
                    .until(() -> client.send(
                                            HttpRequest.newBuilder(url.resolve("/readyz"))
                                                    .build(),
                                            HttpResponse.BodyHandlers.discarding())
                                    .statusCode()
                            == 200);
        }
    }

    /** SIGKILL: no hook runs, nothing is flushed. */
    void kill() {
        process.destroyForcibly();
        await();
    }

    @Override
    public void close() {
        process.destroy();
        await();
    }

    private void await() {
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("the process did not end: " + process);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
