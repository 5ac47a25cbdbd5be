package dev.tidings.gateway.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitTest {

    private static final String KEY = "gateway.limit.user.messages";

    @Test
    void a_limit_is_a_rate_and_a_burst() {
        assertEquals(new RateLimit(100, 2_000), RateLimit.parse(KEY, "100/2000"));
        assertEquals(new RateLimit(0.2, 50), RateLimit.parse(KEY, "0.2/50"));
        assertEquals(RateLimit.OFF, RateLimit.parse(KEY, "off"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "100",
                "100/",
                "/100",
                "0/5",
                "5/0",
                "-1/5",
                "1e3/5",
                "5/1.5",
                "9999999999/5",
                "100 / 5",
                "OFF"
            })
    void an_invalid_limit_is_an_error_that_names_the_key_and_the_value(String text) {
        SettingsException e = assertThrows(SettingsException.class, () -> RateLimit.parse(KEY, text));

        assertEquals(
                KEY + " must be off or rate/burst, such as 100/2000: a rate per second from 0.001 to 1000000000"
                        + " and a burst from 1 to 1000000000; it is \"" + text + '"',
                e.getMessage());
    }

    @Test
    void a_setting_replaces_its_default_and_off_removes_the_limit() {
        RateLimits limits = RateLimits.from(Settings.of(Map.of(KEY, "3/4", "gateway.limit.address.frames", "off")));

        assertEquals(new RateLimit(3, 4), limits.perUser().get(LimitedWork.MESSAGES));
        assertTrue(limits.perAddress().containsKey(LimitedWork.MESSAGES));
        assertTrue(!limits.perAddress().containsKey(LimitedWork.FRAMES));
    }
}
