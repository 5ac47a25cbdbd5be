package dev.tidings.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.ops.embedded.StartFailedException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What {@code dlq} and {@code replay} say to wrong usage. */
class ToolUsageTest {

    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dlq list --since=yesterday",
                "dlq list --limit=0",
                "dlq list --limit=x",
                "dlq show x",
                "dlq retry x",
                "dlq retry 1 2 --value=file",
                "replay --from=latest",
                "replay --from=-1",
                "replay --limit=0",
                "replay --partition=-1",
                "replay --partition=x",
                "replay --conversation=nonsense",
                "verify --sample=0",
                "verify --partition=-1",
                "rebuild everything",
                "archive run --quiet-minutes=-1",
                "bench sink --messages=19999",
                "bench history --messages=99999",
                "bench history --reads=0",
                "bench restore --conversations=990",
                "bench restore --conversations=1001",
                "bench restore --conversations=10000010",
                "bench restore --store=disk"
            })
    void wrong_usage_is_exit_code_two_and_names_the_argument(String line) {
        List<String> words = List.of(line.split(" "));

        int exitCode = execute(words);

        assertEquals(2, exitCode, err::toString);
        String last = words.getLast();
        String named = last.startsWith("--") ? last.substring(0, last.indexOf('=')) : last;
        assertTrue(err.toString().contains(named), err::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dlq", "dlq show", "dlq retry"})
    void a_missing_argument_is_named(String line) {
        assertEquals(2, execute(List.of(line.split(" "))));
        assertTrue(err.toString().startsWith("Missing required"), err::toString);
    }

    @Test
    void a_missing_cluster_setting_is_named() throws Exception {
        Path config = Files.writeString(directory.resolve("empty.properties"), "kafka.bootstrap-servers=");

        assertEquals(2, execute(List.of("replay", "--config", config.toString())));
        assertTrue(err.toString().contains("kafka.bootstrap-servers must be set"), err::toString);
    }

    @Test
    void a_misspelt_key_of_the_configuration_is_refused_with_the_nearest_known_one() throws Exception {
        Path config = Files.writeString(directory.resolve("misspelt.properties"), "gateway.htp-port=1");

        assertEquals(2, execute(List.of("topics", "--config", config.toString())));
        assertTrue(err.toString().contains("gateway.htp-port (did you mean gateway.http-port?)"), err::toString);
    }

    @Test
    void an_argument_that_the_locale_could_not_decode_is_refused() {
        CommandLine commandLine = Tidings.commandLine().setErr(new PrintWriter(err, true));

        assertEquals(2, Tidings.execute(commandLine, "rules", "add-words", "--action", "refuse", "\uFFFD\uFFFD"));
        assertTrue(err.toString().contains("LC_ALL=C.UTF-8"), err::toString);
    }

    @Test
    void a_data_directory_has_one_owner() throws Exception {
        try (DataDirectory first = DataDirectory.of(directory)) {
            assertThrows(StartFailedException.class, () -> DataDirectory.of(first.path()));
        }
        DataDirectory.of(directory).close();
    }

    private int execute(List<String> words) {
        CommandLine commandLine = Tidings.commandLine().setErr(new PrintWriter(err, true));
        return commandLine.execute(words.toArray(String[]::new));
    }
}
