package dev.tidings.processors.moderation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContentHashTest {

    /** The test vectors of the authors of FNV. */
    @ParameterizedTest
    @CsvSource({"a,af63dc4c8601ec8c", "foobar,85944171f73967e8"})
    void is_fnv_1a(String text, String hash) {
        assertEquals(Long.parseUnsignedLong(hash, 16), ContentHash.of(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ё", "好", "𠮷", "好a𠮷б😀"})
    void takes_letters_in_utf_8(String text) {
        String folded = text.replace('ё', 'е');
        long hash = 0xCBF29CE484222325L;
        for (byte octet : folded.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (octet & 0xFF)) * 0x100000001B3L;
        }

        assertEquals(hash, ContentHash.of(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"BUY NOW", "buy now!!!", "ｂｕｙ ｎｏｗ", "b.u.y\nn.o.w", "búy\u200B now", "buynow"})
    void texts_with_equal_letters_have_the_same_hash(String text) {
        assertEquals(ContentHash.of("Buy now"), ContentHash.of(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"buy cow", "now buy", "buy", "", "b0y now"})
    void texts_with_other_letters_have_another_hash(String text) {
        assertNotEquals(ContentHash.of("Buy now"), ContentHash.of(text));
    }

    @Test
    void texts_without_letters_are_hashed_by_their_characters() {
        assertNotEquals(ContentHash.of("?"), ContentHash.of("!"));
        assertNotEquals(ContentHash.of(""), ContentHash.of(" "));
        assertNotEquals(ContentHash.of("👍"), ContentHash.of("👎"));
    }
}
