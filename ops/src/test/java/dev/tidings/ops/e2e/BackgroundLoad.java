package dev.tidings.ops.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.ops.bench.BenchCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/** A run of {@code tidings bench} beside a test that disturbs the system. Its checker accounts for every message. */
final class BackgroundLoad {

    /** A load ends by itself; a busy machine may delay what the test does meanwhile. */
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private static final Pattern SENDING = Pattern.compile("warming up|measuring");

    private final StringWriter output = new StringWriter();
    private final CompletableFuture<Integer> exitCode;

    private BackgroundLoad(URI url, String secret, List<String> options) {
        List<String> arguments = new ArrayList<>(List.of("--url=" + url, "--jwt-secret=" + secret, "--drain=120"));
        arguments.addAll(options);
        PrintWriter writer = new PrintWriter(output, true);
        exitCode = CompletableFuture.supplyAsync(() -> BenchCommand.commandLine(Optional::empty)
                .setOut(writer)
                .setErr(writer)
                .execute(arguments.toArray(String[]::new)));
    }

    /**
     * Returns when all users are connected and send: on a busy machine, connecting may take longer than the load itself.
     *
     * @param secret signs the users' tokens
     */
    static BackgroundLoad start(URI url, String secret, String... options) {
        BackgroundLoad load = new BackgroundLoad(url, secret, List.of(options));
        await().atMost(TIMEOUT)
                .until(() -> load.exitCode.isDone()
                        || SENDING.matcher(load.output.toString()).find());
        load.assertRunning();
        return load;
    }

    /** Waits, so that what follows happens in the middle of the load. */
    void runFor(Duration time) {
        long since = System.nanoTime();
        await().atMost(TIMEOUT).until(() -> exitCode.isDone() || System.nanoTime() - since > time.toNanos());
        assertRunning();
    }

    /** Waits for the end of the load. Fails with its report if a guarantee was violated. */
    void assertClean() {
        assertEquals(0, exitCode.join(), output::toString);
    }

    private void assertRunning() {
        assertTrue(!exitCode.isDone(), () -> "the load ended too early:\n" + output);
    }
}
