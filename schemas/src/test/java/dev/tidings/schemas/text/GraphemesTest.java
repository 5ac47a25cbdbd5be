package dev.tidings.schemas.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class GraphemesTest {

    private static final String FAMILY = "👨\u200D👩\u200D👧";
    private static final String FLAG = "🇫🇷";

    @Test
    void a_short_text_is_unchanged() {
        assertEquals("abc", Graphemes.first("abc", 3));
        assertEquals("é", Graphemes.firstBytes("é", 2));
    }

    @Test
    void flags_and_emoji_sequences_are_not_split() {
        assertEquals("a", Graphemes.first("a" + FLAG, 2));
        assertEquals("a" + FLAG, Graphemes.first("a" + FLAG + FLAG, 4));
        assertEquals("ab", Graphemes.first("ab" + FAMILY, 6));
        assertEquals("ab", Graphemes.firstBytes("ab" + FAMILY, 17));
        assertEquals("ab" + FAMILY, Graphemes.firstBytes("ab" + FAMILY + "c", 20));
    }

    @Test
    void a_letter_and_its_marks_are_kept_or_cut_together() {
        assertEquals("a", Graphemes.first("ae\u0301", 2));
        assertEquals("ae\u0301", Graphemes.first("ae\u0301b", 3));
    }

    @Test
    void a_text_can_be_cut_between_letters_and_between_ideographs() {
        assertEquals("你", Graphemes.firstBytes("你好", 5));
        assertEquals("ab", Graphemes.first("abc", 2));
        assertEquals("a", Graphemes.first("a\r\nb", 2));
    }

    @Test
    void surrogate_pairs_are_not_split() {
        assertEquals("", Graphemes.firstBytes("😀😀", 3));
        assertEquals("😀", Graphemes.firstBytes("😀😀", 7));
    }

    @Test
    void a_cluster_that_exceeds_the_limit_is_split() {
        String zalgo = "a" + "\u0301".repeat(500);

        assertEquals(100, Graphemes.first(zalgo, 100).length());
        assertEquals(100, Graphemes.first("b" + zalgo, 100).length());
    }
}
