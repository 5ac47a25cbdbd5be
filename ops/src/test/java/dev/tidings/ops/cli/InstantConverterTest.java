package dev.tidings.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class InstantConverterTest {

    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "90s, 2026-11-20T11:58:30Z",
        "15m, 2026-11-20T11:45:00Z",
        "2h, 2026-11-20T10:00:00Z",
        "7d, 2026-11-13T12:00:00Z",
        "2026-11-01, 2026-11-01T00:00:00Z",
        "2026-11-01T10:00:00.5Z, 2026-11-01T10:00:00.500Z"
    })
    void parses_times(String text, Instant time) {
        assertEquals(time, InstantConverter.parse(text, NOW));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2", "h", "-2h", "2 h", "2w", "1.5h", "2026-13-01", "2026-11-01T10:00", "yesterday"})
    void refuses_other_text(String text) {
        assertThrows(TypeConversionException.class, () -> InstantConverter.parse(text, NOW));
    }

    @Test
    void refuses_a_time_before_the_first_instant() {
        assertThrows(TypeConversionException.class, () -> InstantConverter.parse("999999999d", Instant.MIN));
    }
}
