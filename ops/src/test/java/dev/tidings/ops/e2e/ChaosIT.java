package dev.tidings.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tidings.ops.cli.Tidings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tidings chaos}, as an operator runs it. A seed that fails is in the message. */
class ChaosIT {

    /** Of the load; longer with {@code -Psoak}. */
    private static final int SECONDS = Integer.getInteger("tidings.chaos.seconds", 20);

    /** Further options of the command, separated by semicolons. */
    private static final String OPTIONS = System.getProperty("tidings.chaos.options", "");

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path directory;

    @Test
    void a_cluster_keeps_its_guarantees_while_its_processes_are_killed_paused_and_restarted() {
        StringWriter output = new StringWriter();
        PrintWriter writer = new PrintWriter(output, true);

        List<String> arguments = new ArrayList<>(List.of(
                "chaos",
                "--seconds=" + SECONDS,
                "--rate=100",
                "--users=20",
                "--directory=" + directory.resolve("cluster")));
        arguments.addAll(OPTIONS.isEmpty() ? List.of() : List.of(OPTIONS.split(";")));

        int exitCode = Tidings.commandLine().setOut(writer).setErr(writer).execute(arguments.toArray(String[]::new));

        assertEquals(0, exitCode, output::toString);
    }
}
