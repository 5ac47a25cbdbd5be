package dev.tidings.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * A running program of {@code ops/examples}, which prints the messages that it receives. The libraries are installed with npm
 * and pip into a directory below {@code target/examples}: online once, then they are there. Each test class has a directory of
 * its own, because two may run at the same time.
 */
final class ExampleProgram implements AutoCloseable {

    private static final Path EXAMPLES = Path.of("examples");
    private static final Path WORK = Path.of("target", "examples").toAbsolutePath();

    private final Process process;
    private final Path log;

    private ExampleProgram(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** @param packages with their versions; the first one shows whether they are installed */
    static void installFromNpm(String directory, String... packages) throws IOException, InterruptedException {
        Path target = WORK.resolve(directory);
        String name = packages[0].substring(0, packages[0].lastIndexOf('@'));
        if (!Files.exists(target.resolve("node_modules").resolve(name).resolve("package.json"))) {
            List<String> command = new ArrayList<>(List.of(
                    "npm", "install", "--prefix", target.toString(), "--no-audit", "--no-fund", "--prefer-offline"));
            command.addAll(List.of(packages));
            run(target, command);
        }
    }

    /** Returns a file below the directory of an installation. */
    static Path installed(String directory, String... path) {
        return WORK.resolve(Path.of(directory, path));
    }

    static void installFromPip(String directory, String name, String version) throws IOException, InterruptedException {
        Path target = WORK.resolve(directory).resolve("python");
        if (!Files.exists(target.resolve(name))) {
            run(
                    WORK.resolve(directory),
                    List.of(
                            "python3",
                            "-m",
                            "pip",
                            "install",
                            "--quiet",
                            "--target",
                            target.toString(),
                            name + "==" + version));
        }
    }

    /**
     * Starts an example.
     *
     * @param log the file of its output
     * @param command the program, the example, and its arguments
     */
    static ExampleProgram start(String directory, String log, String... command) throws IOException {
        Path work = Files.createDirectories(WORK.resolve(directory));
        Files.copy(EXAMPLES.resolve(command[1]), work.resolve(command[1]), StandardCopyOption.REPLACE_EXISTING);
        Path output = work.resolve(log);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(work.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("PYTHONPATH", work.resolve("python").toString());
        return new ExampleProgram(builder.start(), output);
    }

    /** Asserts that the example ends after it has received so many messages of the peer, each once and in order. */
    void assertReceived(int messages, String peer) throws Exception {
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        String output = Files.readString(log);
        assertTrue(ended, () -> log.getFileName() + " has not ended:\n" + output);
        assertEquals(0, process.exitValue(), output);
        List<String> expected = IntStream.rangeClosed(1, messages)
                .mapToObj(i -> i + " " + i + " of " + peer)
                .toList();
        assertEquals(expected, output.lines().toList());
    }

    private static void run(Path directory, List<String> command) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Path log = directory.resolve("install.log");
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new AssertionError(
                    "the examples need " + command.getFirst() + " on PATH (Node.js 18, Python 3.10 or newer)", e);
        }
        boolean ended = process.waitFor(120, TimeUnit.SECONDS);
        String output = String.join(" ", command) + '\n' + Files.readString(log);
        assertTrue(ended, () -> "the installation has not ended: " + output);
        assertEquals(0, process.exitValue(), () -> "the libraries of the examples cannot be installed: " + output);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
