package dev.tidings.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tidings.ops.cli.Tidings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tidings chaos}, as an operator runs it. A seed that fails is in the message. */
class ChaosIT {

    /** Of the load; longer with {@code -Psoak}. */
    private static final int SECONDS = Integer.getInteger("tidings.chaos.seconds", 20);

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path directory;

    @Test
    void a_cluster_keeps_its_guarantees_while_its_processes_are_killed_paused_and_restarted() {
        StringWriter output = new StringWriter();
        PrintWriter writer = new PrintWriter(output, true);

        int exitCode = Tidings.commandLine()
                .setOut(writer)
                .setErr(writer)
                .execute(
                        "chaos",
                        "--seconds=" + SECONDS,
                        "--rate=100",
                        "--users=20",
                        "--directory=" + directory.resolve("cluster"));

        assertEquals(0, exitCode, output::toString);
    }
}
