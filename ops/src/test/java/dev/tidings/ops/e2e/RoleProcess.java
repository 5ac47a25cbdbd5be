package dev.tidings.ops.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/** A role that runs as a process of its own with a heap of 512 MB, started from the command line as an operator does. */
final class RoleProcess implements AutoCloseable {

    private static final Duration READY_WITHIN = Duration.ofMinutes(2);

    /** Below the range from which Linux takes ports for outgoing connections. */
    private static final int LOWEST_PORT = 15_000;

    private static final int HIGHEST_PORT = 19_999;

    private final Process process;
    private final Path log;
    private final @Nullable URI url;

    private RoleProcess(Process process, Path log, @Nullable URI url) {
        this.process = process;
        this.log = log;
        this.url = url;
    }

    /** Runs {@code tidings <role>} with these settings. Its log goes to {@code <role>.log} in the directory. */
    static RoleProcess start(String role, Map<String, String> settings, Path directory, String... arguments) {
        return start(role, settings, directory, List.of(), arguments);
    }

    /** @param jvmOptions more for its JVM */
    static RoleProcess start(
            String role, Map<String, String> settings, Path directory, List<String> jvmOptions, String... arguments) {
        Path config = directory.resolve(role + ".properties");
        Path log = directory.resolve(role + ".log");
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
        String port = settings.get("gateway.http-port");
        try {
            try (var writer = Files.newBufferedWriter(config)) {
                properties.store(writer, role);
            }
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            return new RoleProcess(process, log, port == null ? null : URI.create("http://127.0.0.1:" + port));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + role, e);
        }
    }

    /** A port for a process that is started again on the same address. No outgoing connection takes it meanwhile. */
    static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST_PORT, HIGHEST_PORT + 1);
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return port;
            } catch (IOException e) {
                // it is taken: try another one
            }
        }
    }

    /** Where its clients connect; only a role with a gateway has it. */
    URI url() {
        return Objects.requireNonNull(url, "gateway.http-port is missing");
    }

    /** Returns once its {@code /readyz} answers 200. Fails with its log if that takes longer than two minutes. */
    void awaitReady() {
        HttpRequest request = HttpRequest.newBuilder(url().resolve("/readyz")).build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            Awaitility.await()
                    .atMost(READY_WITHIN)
                    .ignoreExceptions()
                    .until(() -> client.send(request, HttpResponse.BodyHandlers.discarding())
                                    .statusCode()
                            == 200);
        } catch (ConditionTimeoutException e) {
            throw new IllegalStateException("not ready within " + READY_WITHIN + ":\n" + log(), e);
        }
    }

    long pid() {
        return process.pid();
    }

    /** Everything that it has logged. */
    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends SIGKILL: no hook runs, nothing is flushed. */
    void kill() {
        process.destroyForcibly();
        await();
    }

    /** Sends SIGTERM. */
    @Override
    public void close() {
        process.destroy();
        await();
    }

    private void await() {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("the process did not end: " + process);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
