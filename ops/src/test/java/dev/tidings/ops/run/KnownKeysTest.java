package dev.tidings.ops.run;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KnownKeysTest {

    private final KnownKeys keys = KnownKeys.load();

    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @CsvSource({
        "gateway.htp-port, gateway.http-port",
        "gateway.jwt.secert, gateway.jwt.secret",
        "kafka.bootstrap-server, kafka.bootstrap-servers",
        "TIDINGS_GATEWAY_HTP_PORT, TIDINGS_GATEWAY_HTTP_PORT"
    })
    void a_misspelt_key_is_refused_with_the_nearest_known_one(String misspelt, String meant) throws Exception {
        Settings settings = misspelt.startsWith("TIDINGS_") ? environment(misspelt) : file(misspelt);

        SettingsException refused = assertThrows(SettingsException.class, () -> keys.check(settings));

        assertEquals("unknown configuration: " + misspelt + " (did you mean " + meant + "?)", refused.getMessage());
    }

    @Test
    void an_unknown_key_without_a_similar_one_is_refused_without_a_suggestion() throws Exception {
        Settings settings = file("color");

        SettingsException refused = assertThrows(SettingsException.class, () -> keys.check(settings));

        assertEquals("unknown configuration: color", refused.getMessage());
    }

    @Test
    void a_kafka_client_setting_in_the_environment_alone_is_refused_because_it_would_have_no_effect() {
        assertThrows(SettingsException.class, () -> keys.check(environment("TIDINGS_KAFKA_CLIENT_SECURITY_PROTOCOL")));
    }

    @Test
    void known_keys_and_what_the_launcher_and_kubernetes_set_pass() throws Exception {
        Path config = Files.writeString(
                directory.resolve("good.properties"), "gateway.http-port=0\nkafka.client.security.protocol=SSL\n");
        Settings settings = Settings.load(
                config,
                Map.of(
                        "PATH", "/bin",
                        "TIDINGS_LOG_LEVEL", "INFO",
                        "TIDINGS_REDIS_URL", "redis://127.0.0.1:1",
                        "TIDINGS_KAFKA_CLIENT_SECURITY_PROTOCOL", "PLAINTEXT",
                        "TIDINGS_GATEWAY_SERVICE_HOST", "10.0.0.1",
                        "TIDINGS_GATEWAY_PORT", "tcp://10.0.0.1:8080",
                        "TIDINGS_GATEWAY_PORT_8080_TCP", "tcp://10.0.0.1:8080"));

        assertDoesNotThrow(() -> keys.check(settings));
    }

    @Test
    void every_key_of_the_document_is_known() {
        assertTrue(keys.all().contains("gateway.http-port"), () -> keys.all().toString());
        assertTrue(keys.all().contains("kafka.client.*"), () -> keys.all().toString());
    }

    private Settings file(String key) throws Exception {
        return Settings.load(Files.writeString(directory.resolve("bad.properties"), key + "=1\n"), Map.of());
    }

    private static Settings environment(String name) {
        return Settings.load(null, Map.of(name, "1"));
    }
}
