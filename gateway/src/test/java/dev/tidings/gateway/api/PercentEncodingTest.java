package dev.tidings.gateway.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PercentEncodingTest {

    @Test
    void an_encoded_slash_does_not_divide_segments() {
        assertEquals(List.of("v1", "a/b", "c+d", ""), PercentEncoding.segments("/v1/a%2Fb/c+d/"));
    }

    @Test
    void a_plus_in_a_query_is_a_space() {
        assertEquals(Map.of("a", "x y", "b", "+", "c", ""), PercentEncoding.query("a=x+y&b=%2B&c"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%", "/%4", "/%zz", "/%ff", "/%c0%af", "/%ed%a0%80"})
    void an_invalid_escape_is_rejected(String path) {
        assertThrows(RequestException.class, () -> PercentEncoding.segments(path));
    }

    @Test
    void a_repeated_parameter_is_rejected() {
        assertThrows(RequestException.class, () -> PercentEncoding.query("a=1&a=1"));
    }
}
