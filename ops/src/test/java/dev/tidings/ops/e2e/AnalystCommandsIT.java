package dev.tidings.ops.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code tidings sql} and {@code tidings schema} at a running system. */
class AnalystCommandsIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);

    @RegisterExtension
    static final TidingsExtension tidings = TidingsExtension.shared();

    @TempDir
    Path directory;

    @Test
    void sql_prints_column_names_and_the_chosen_format() throws Exception {
        String query = "SELECT {word:String} AS word, currentUser() AS user";
        assertEquals(
                List.of("word\tuser", "hello\tanalyst"),
                run("sql", "--param", "word=hello", query).lines());
        assertEquals(
                List.of("\"word\",\"user\"", "\"hello\",\"analyst\""),
                run("sql", "--format", "csv", "--param", "word=hello", query).lines());
        assertEquals(
                List.of("{\"word\":\"hello\",\"user\":\"analyst\"}"),
                run("sql", "--format", "jsonl", "--param", "word=hello", query).lines());
    }

    @Test
    void sql_refuses_to_write() throws Exception {
        CommandLineRun run = run("sql", "CREATE TABLE mine (a Int32) ENGINE = Memory");

        assertEquals(1, run.exitCode());
        assertEquals("", run.out());
        assertTrue(
                run.err().startsWith("tidings sql only reads database tidings; this statement needs more."), run::err);
    }

    @Test
    void schema_prints_tables_with_columns_and_comments() {
        await().atMost(TIMEOUT).untilAsserted(() -> {
            List<String> lines = run("schema").lines();
            assertTrue(lines.contains("## messages"), lines::toString);
            assertTrue(lines.contains("| `sender` | `String` | The user who sent it |"), lines::toString);
            assertTrue(lines.contains("## active_users_by_day (view)"), lines::toString);
        });
    }

    private CommandLineRun run(String... words) throws IOException {
        Map<String, String> settings = new HashMap<>();
        for (String key : List.of("clickhouse.url", "clickhouse.analyst-user", "clickhouse.analyst-password")) {
            settings.put(key, tidings.settings().required(key));
        }
        return CommandLineRun.of(directory, settings, List.of(words));
    }
}
