package dev.tidings.schemas.text;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlankTextTest {

    @ParameterizedTest
    @ValueSource(
            ints = {' ', '\t', '\n', 0, 7, 0xA0, 0x200B, 0x200D, 0x2060, 0x3000, 0xFEFF, 0x3164, 0x2800, 0xFE0F, 0xE0001
            })
    void invisible_characters_are_blank(int codePoint) {
        assertTrue(BlankText.isBlank(Character.toString(codePoint)));
        assertTrue(BlankText.isBlank(" " + Character.toString(codePoint) + "\r\n"));
        assertFalse(BlankText.isBlank(Character.toString(codePoint) + "a"));
    }

    @Test
    void an_empty_text_is_blank_but_letters_signs_and_emoji_are_not() {
        assertTrue(BlankText.isBlank(""));
        for (String text : new String[] {"a", ".", "。", "😀", "한", "🇫🇷", "\u0301"}) {
            assertFalse(BlankText.isBlank(text), text);
        }
    }
}
