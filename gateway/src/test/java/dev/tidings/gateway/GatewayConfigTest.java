package dev.tidings.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;
import dev.tidings.v1.LoginPolicy;
import dev.tidings.v1.WatchPresence;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatewayConfigTest {

    private static final Settings SETTINGS = Settings.of(Map.of(
            "kafka.bootstrap-servers", "localhost:9092",
            "redis.url", "redis://localhost",
            "clickhouse.url", "http://localhost:8123",
            "gateway.jwt.secret", "0123456789abcdef0123456789abcdef"));

    @Test
    void by_default_all_devices_of_a_user_may_be_connected() {
        assertEquals(LoginPolicy.ALL_DEVICES, GatewayConfig.from(SETTINGS).loginPolicy());
    }

    @ParameterizedTest
    @CsvSource({"all, ALL_DEVICES", "one-per-platform, ONE_PER_PLATFORM", "one, ONE_DEVICE"})
    void login_policies_have_names(String name, LoginPolicy policy) {
        Settings settings = SETTINGS.with(Map.of("gateway.login-policy", name));

        assertEquals(policy, GatewayConfig.from(settings).loginPolicy());
    }

    @Test
    void a_reconnect_rate_of_zero_is_rejected_by_name() {
        Settings settings = SETTINGS.with(Map.of("gateway.reconnects-per-second", "0"));

        SettingsException failure = assertThrows(SettingsException.class, () -> GatewayConfig.from(settings));
        assertTrue(String.valueOf(failure.getMessage()).contains("gateway.reconnects-per-second"));
    }

    @Test
    void an_unknown_login_policy_is_rejected_by_name() {
        Settings settings = SETTINGS.with(Map.of("gateway.login-policy", "two"));

        SettingsException failure = assertThrows(SettingsException.class, () -> GatewayConfig.from(settings));
        assertTrue(String.valueOf(failure.getMessage()).contains("gateway.login-policy"));
    }

    @Test
    void by_default_presence_is_visible_to_partners() {
        assertEquals(
                WatchPresence.Visibility.PARTNERS, GatewayConfig.from(SETTINGS).presenceVisibility());
    }

    @ParameterizedTest
    @CsvSource({"everyone, EVERYONE", "partners, PARTNERS", "friends, FRIENDS"})
    void kinds_of_presence_visibility_have_names(String name, WatchPresence.Visibility visibility) {
        Settings settings = SETTINGS.with(Map.of("gateway.presence-visibility", name));

        assertEquals(visibility, GatewayConfig.from(settings).presenceVisibility());
    }

    @Test
    void an_unknown_presence_visibility_is_rejected_with_the_allowed_values() {
        Settings settings = SETTINGS.with(Map.of("gateway.presence-visibility", "nobody"));

        SettingsException failure = assertThrows(SettingsException.class, () -> GatewayConfig.from(settings));
        assertEquals(
                "gateway.presence-visibility must be everyone, partners or friends; it is \"nobody\"",
                failure.getMessage());
    }

    @Test
    void by_default_a_quarter_of_the_heap_is_for_client_buffers() {
        assertEquals(
                Runtime.getRuntime().maxMemory() / 4,
                GatewayConfig.from(SETTINGS).maxBufferBytes());
        assertEquals(
                64 * 1_048_576L,
                GatewayConfig.from(SETTINGS.with(Map.of("gateway.max-buffered-megabytes", "64")))
                        .maxBufferBytes());
    }

    @Test
    void a_frame_limit_above_the_largest_command_is_rejected() {
        Settings settings = SETTINGS.with(Map.of("gateway.max-frame-bytes", "262145"));

        SettingsException failure = assertThrows(SettingsException.class, () -> GatewayConfig.from(settings));
        assertTrue(String.valueOf(failure.getMessage()).contains("gateway.max-frame-bytes"));
    }
}
