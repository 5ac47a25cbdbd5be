package dev.tidings.schemas.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {

    @Test
    void values_come_from_the_file(@TempDir Path directory) throws IOException {
        Path file =
                Files.writeString(directory.resolve("tidings.properties"), "gateway.port = 8080 \n# no\nname=Zoë\n");

        Settings settings = Settings.load(file, Map.of());

        assertEquals(8080, settings.integer("gateway.port", 1, 0, 65_535));
        assertEquals("Zoë", settings.required("name"));
    }

    @Test
    void the_environment_wins(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("tidings.properties"), "kafka.bootstrap-servers=file:1\n");

        Settings settings = Settings.load(file, Map.of("TIDINGS_KAFKA_BOOTSTRAP_SERVERS", "environment:2"));

        assertEquals("environment:2", settings.required("kafka.bootstrap-servers"));
    }

    @Test
    void the_environment_alone_suffices() {
        Settings settings = Settings.load(null, Map.of("TIDINGS_A_B", "1", "A_B", "2"));

        assertEquals("1", settings.required("a.b"));
    }

    @Test
    void overrides_have_precedence_over_file_and_environment() {
        Settings settings =
                Settings.load(null, Map.of("TIDINGS_A_B", "environment")).with(Map.of("a.b", "hand"));

        assertEquals("hand", settings.required("a.b"));
    }

    @Test
    void a_file_that_is_not_there_is_named(@TempDir Path directory) {
        assertNames("absent.properties", () -> Settings.load(directory.resolve("absent.properties"), Map.of()));
    }

    @Test
    void an_absent_or_blank_value_has_its_default() {
        Settings settings = Settings.of(Map.of("blank", "  "));

        assertNull(settings.find("blank"));
        assertEquals("default", settings.text("blank", "default"));
        assertEquals(7, settings.integer("absent", 7, 1, 10));
        assertTrue(settings.flag("absent", true));
        assertEquals(Duration.ofSeconds(2), settings.millis("absent", Duration.ofSeconds(2)));
    }

    @Test
    void values_have_types() {
        Settings settings = Settings.of(Map.of("n", " 42 ", "yes", "TRUE", "no", "false", "wait-millis", "1500"));

        assertEquals(42, settings.integer("n", 0, 0, 100));
        assertTrue(settings.flag("yes", false));
        assertFalse(settings.flag("no", true));
        assertEquals(Duration.ofMillis(1500), settings.millis("wait-millis", Duration.ZERO));
    }

    @Test
    void an_invalid_value_is_reported_with_its_key() {
        Settings settings = Settings.of(Map.of("threads", "many", "port", "70000", "on", "maybe"));

        assertNames("threads", () -> settings.integer("threads", 1, 1, 10));
        assertNames("port", () -> settings.integer("port", 1, 0, 65_535));
        assertNames("on", () -> settings.flag("on", false));
        assertNames("kafka.bootstrap-servers", () -> settings.required("kafka.bootstrap-servers"));
        assertNames("TIDINGS_KAFKA_BOOTSTRAP_SERVERS", () -> settings.required("kafka.bootstrap-servers"));
    }

    @Test
    void values_are_found_by_the_prefix_of_their_keys() {
        Settings settings = Settings.of(Map.of("kafka.client.a", "1", "kafka.client.b.c", "2", "kafka.other", "3"));

        assertEquals(Map.of("a", "1", "b.c", "2"), settings.under("kafka.client."));
    }

    private static void assertNames(String name, Executable reading) {
        SettingsException raised = assertThrows(SettingsException.class, reading);
        assertTrue(String.valueOf(raised.getMessage()).contains(name), raised.getMessage());
    }
}
