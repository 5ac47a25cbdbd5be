package dev.tidings.ops.logging;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogSettingsTest {

    private final LoggerContext context = new LoggerContext();

    @TempDir
    private Path directory = Path.of("");

    @Test
    void a_json_line_has_the_parameters_of_the_message_by_their_keys() {
        JsonObject line = encode("record rejected topic={} offset={} final={} by {}", null, "a \"b\"\n", 7L, true, "x");

        assertEquals(Set.of("timestamp", "level", "role", "logger", "thread", "message", "fields"), line.keySet());
        assertEquals("WARN", line.get("level").getAsString());
        assertEquals("gateway", line.get("role").getAsString());
        assertEquals("dev.tidings.Test", line.get("logger").getAsString());
        assertEquals("2026-11-29T10:00:00.123456Z", line.get("timestamp").getAsString());
        assertEquals(
                "record rejected topic=a \"b\"\n offset=7 final=true by x",
                line.get("message").getAsString());
        JsonObject fields = line.getAsJsonObject("fields");
        assertEquals(Set.of("topic", "offset", "final"), fields.keySet());
        assertEquals("a \"b\"\n", fields.get("topic").getAsString());
        assertEquals(7, fields.get("offset").getAsLong());
        assertTrue(fields.get("final").getAsBoolean());
    }

    @Test
    void a_json_line_has_the_whole_exception() {
        JsonObject error = encode("failed", new IllegalStateException("outer", new RuntimeException("inner")))
                .getAsJsonObject("error");

        assertEquals("java.lang.IllegalStateException", error.get("type").getAsString());
        assertEquals("outer", error.get("message").getAsString());
        assertTrue(error.get("stackTrace").getAsString().contains("inner"), error::toString);
    }

    @Test
    void a_missing_parameter_is_no_field() {
        assertEquals(
                "null",
                encode("a={} b={}", null, (Object) null)
                        .getAsJsonObject("fields")
                        .get("a")
                        .getAsString());
        assertFalse(encode("a={} b={}", null, 1).getAsJsonObject("fields").has("b"));
        assertFalse(encode("no parameter", null).has("fields"));
    }

    @Test
    void an_unknown_format_and_an_unusable_directory_name_their_key() throws Exception {
        Settings unknown = Settings.of(Map.of("log.format", "xml"));
        assertEquals(
                "log.format must be text or json; it is \"xml\"",
                assertThrows(SettingsException.class, () -> LogSettings.from(unknown))
                        .getMessage());
        Path file = Files.createFile(directory.resolve("file"));
        LogSettings unusable = LogSettings.from(Settings.of(Map.of("log.directory", file + "/log")));
        SettingsException failure = assertThrows(SettingsException.class, () -> unusable.apply("gateway"));
        assertTrue(String.valueOf(failure.getMessage()).startsWith("log.directory " + file + "/log cannot be created"));
    }

    /** A process of its own: it writes JSON to the terminal and to the file, and every line can be parsed. */
    @Test
    void a_role_writes_json_to_its_terminal_and_to_its_file() throws Exception {
        Path logs = directory.resolve("logs");
        ProcessBuilder role = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.tidings.ops.cli.Tidings",
                        "processors")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("terminal").toFile());
        role.environment().keySet().removeIf(name -> name.startsWith("TIDINGS_"));
        role.environment()
                .putAll(Map.of(
                        "TIDINGS_LOG_FORMAT",
                        "json",
                        "TIDINGS_LOG_DIRECTORY",
                        logs.toString(),
                        "TIDINGS_PROCESSORS_STATE_DIRECTORY",
                        directory.resolve("state").toString(),
                        "TIDINGS_KAFKA_BOOTSTRAP_SERVERS",
                        "127.0.0.1:1"));
        Process process = role.start();
        Path file = logs.resolve("tidings-processors.log");
        try {
            await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(file) && Files.size(file) > 0);
        } finally {
            process.destroyForcibly();
        }
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        String terminal = Files.readString(directory.resolve("terminal"));

        for (String output : List.of(terminal, Files.readString(file))) {
            List<String> lines =
                    output.lines().filter(line -> line.endsWith("}")).toList();
            assertFalse(lines.isEmpty());
            for (String line : lines) {
                JsonObject json = JsonParser.parseString(line).getAsJsonObject();
                assertEquals("processors", json.get("role").getAsString());
                Instant.parse(json.get("timestamp").getAsString());
            }
        }
    }

    private JsonObject encode(String message, @Nullable Throwable error, @Nullable Object... parameters) {
        Logger logger = context.getLogger("dev.tidings.Test");
        LoggingEvent event = new LoggingEvent("", logger, Level.WARN, message, error, parameters);
        event.setInstant(Instant.parse("2026-11-29T10:00:00.123456Z"));
        String line = new String(LogFormat.JSON.encoder(context, "gateway").encode(event), StandardCharsets.UTF_8);
        assertTrue(line.endsWith("}\n") && line.indexOf('\n') == line.length() - 1, line);
        return JsonParser.parseString(line).getAsJsonObject();
    }
}
