package dev.tidings.ops.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "two\nlines\tand a tab\r\n", "好 😀 👩‍💻 é"})
    void harmless_text_is_returned(String text) {
        assertEquals(text, Printable.text(text.getBytes(UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u001b[31m", "\u009b31m", "over\rwritten", "\0", "\u202edrawkcab", "\ufeff{}"})
    void text_with_control_characters_is_not_returned(String text) {
        assertNull(Printable.text(text.getBytes(UTF_8)));
    }

    @Test
    void what_is_not_utf8_is_no_text() {
        assertNull(Printable.text(new byte[] {(byte) 0xC3}));
    }

    @Test
    void bytes_are_shown_sixteen_to_a_line() {
        byte[] bytes = "0123456789abcdef\u001b!".getBytes(UTF_8);

        assertEquals(
                "00000000  30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66  0123456789abcdef\n"
                        + "00000010  1b 21                                            .!",
                Printable.dump(bytes));
    }

    @Test
    void lines_are_joined_and_long_ones_are_cut() {
        assertEquals("a b [31mc", Printable.oneLine("a\n\t b \u001b[31mc", 20));
        assertEquals("abc…", Printable.oneLine("abcdef", 4));
        assertEquals("😀😀", Printable.oneLine("😀😀", 2));
    }

    @Test
    void json_keeps_its_meaning() {
        assertEquals("{\"a\":\"\\u009b好\"}", Printable.json("{\"a\":\"\u009b好\"}"));
    }
}
