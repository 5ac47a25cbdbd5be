package dev.tidings.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Runs the examples of {@code ops/examples} against the all-in-one. Installs their libraries with npm and pip into {@code
 * target/examples}: online once, then they are there.
 */
class ExamplesIT {

    private static final String WS = "ws@8.23.0";
    private static final String WEBSOCKETS = "websockets==17.4";
    private static final int MESSAGES = 20;
    private static final Path EXAMPLES = Path.of("examples");
    private static final Path WORK = Path.of("target", "examples").toAbsolutePath();

    @RegisterExtension
    static final TidingsExtension tidings = TidingsExtension.shared();

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        Files.createDirectories(WORK);
        for (String example : List.of("client.mjs", "client.py")) {
            Files.copy(EXAMPLES.resolve(example), WORK.resolve(example), StandardCopyOption.REPLACE_EXISTING);
        }
        if (!Files.exists(WORK.resolve("node_modules/ws/package.json"))) {
            run("npm", "install", "--prefix", WORK.toString(), "--no-audit", "--no-fund", "--prefer-offline", WS);
        }
        if (!Files.exists(WORK.resolve("python/websockets"))) {
            String target = WORK.resolve("python").toString();
            run("python3", "-m", "pip", "install", "--quiet", "--target", target, WEBSOCKETS);
        }
    }

    @Test
    void the_examples_exchange_messages_across_a_cut_each_once_and_in_order() throws Exception {
        String suffix = UUID.randomUUID().toString().substring(0, 8);
        String alice = "alice-" + suffix;
        String bob = "bob-" + suffix;
        Process javascript = start("alice.log", alice, bob, "node", "client.mjs");
        Process python = start("bob.log", bob, alice, "python3", "client.py");
        try {
            assertReceived(javascript, "alice.log", bob);
            assertReceived(python, "bob.log", alice);
        } finally {
            javascript.destroyForcibly();
            python.destroyForcibly();
        }
    }

    private static Process start(String log, String user, String peer, String program, String example)
            throws IOException {
        String url = tidings.url().resolve("/v1/ws").toString().replaceFirst("http", "ws");
        String token = ChatClient.devToken(tidings.url(), user);
        ProcessBuilder builder = new ProcessBuilder(program, example, url, token, peer, Integer.toString(MESSAGES))
                .directory(WORK.toFile())
                .redirectErrorStream(true)
                .redirectOutput(WORK.resolve(log).toFile());
        builder.environment().put("PYTHONPATH", WORK.resolve("python").toString());
        return builder.start();
    }

    private static void assertReceived(Process example, String log, String peer) throws Exception {
        boolean ended = example.waitFor(60, TimeUnit.SECONDS);
        String output = Files.readString(WORK.resolve(log));
        assertTrue(ended, () -> log + " has not ended:\n" + output);
        assertEquals(0, example.exitValue(), output);
        List<String> expected = IntStream.rangeClosed(1, MESSAGES)
                .mapToObj(i -> i + " " + i + " of " + peer)
                .toList();
        assertEquals(expected, output.lines().toList());
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Path log = WORK.resolve("install.log");
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new AssertionError(
                    "the examples need " + command[0] + " on PATH (Node.js 18, Python 3.10 or newer)", e);
        }
        boolean ended = process.waitFor(120, TimeUnit.SECONDS);
        String output = String.join(" ", command) + '\n' + Files.readString(log);
        assertTrue(ended, () -> "the installation has not ended: " + output);
        assertEquals(0, process.exitValue(), () -> "the libraries of the examples cannot be installed: " + output);
    }
}
