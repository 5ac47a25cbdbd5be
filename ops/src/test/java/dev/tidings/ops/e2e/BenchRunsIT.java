package dev.tidings.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.ops.bench.BenchCommand;
import dev.tidings.ops.bench.RunningServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Small runs of commands of {@code tidings bench} that need the stores or the topics of a whole system. */
class BenchRunsIT {

    @RegisterExtension
    static final TidingsExtension tidings = TidingsExtension.shared();

    @Test
    void reads_of_history_get_exactly_the_pages_that_were_sent() {
        String output = run(
                "reads",
                "--users=4",
                "--history=120",
                "--page=30",
                "--rate=50",
                "--seconds=2",
                "--warmup=0",
                "--drain=60");

        assertTrue(output.matches("(?s).*\\breads\\s+100\\b.*"), output);
        assertTrue(output.matches("(?s).*\\bwrongPages\\s+0\\b.*"), output);
    }

    @Test
    void a_request_to_many_users_has_one_reply_for_each() {
        String output = run("send-to-many", "--recipients=250", "--per-request=100", "--drain=60");

        assertTrue(output.matches("(?s).*\\banswered\\s+250\\b.*"), output);
    }

    private static String run(String... arguments) {
        StringWriter output = new StringWriter();
        PrintWriter writer = new PrintWriter(output, true);
        RunningServer server =
                new RunningServer(tidings.url(), ProcessHandle.current().pid(), tidings.bootstrapServers(), Map.of());
        int exitCode = BenchCommand.commandLine(() -> Optional.of(server))
                .setOut(writer)
                .setErr(writer)
                .execute(arguments);
        assertEquals(0, exitCode, output::toString);
        return output.toString();
    }
}
