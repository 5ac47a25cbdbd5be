package dev.tidings.processors.moderation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FoldingTest {

    @Test
    void a_folded_letter_folds_to_itself() {
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            int folded = Folding.of(codePoint);
            int[] letters = folded == Folding.SEVERAL
                    ? Folding.expansion(codePoint)
                    : folded < 0 ? new int[0] : new int[] {folded};
            for (int letter : letters) {
                assertEquals(letter, Folding.of(letter), Integer.toHexString(codePoint));
            }
            assertTrue(folded != Folding.SEVERAL || letters.length > 1, Integer.toHexString(codePoint));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {' ', '.', '-', '\t', 0x3000, '·', '$', '€', '+', '^', '_', '（', '＠', '￥', 0x2800, '〜'})
    void separators_are_not_letters(int codePoint) {
        assertEquals(Folding.SEPARATOR, Folding.of(codePoint));
    }

    @ParameterizedTest
    @ValueSource(ints = {',', '，', '。', '、', '!', '！', '?', '？', ':', ';', '…', '\n', '\r', 0x2028, '､', '｡'})
    void clause_ends_are_separators_of_their_own_kind(int codePoint) {
        assertEquals(Folding.CLAUSE_END, Folding.of(codePoint));
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0, 7, 0xAD, 0x200B, 0x200D, 0x2060, 0xFEFF, 0xFE0F, 0xE0101, 0x301, 0x20E3, 0x3164, 0x115F, 0x1F3FD,
                0xE0067
            })
    void invisible_characters_are_ignored(int codePoint) {
        assertEquals(Folding.INVISIBLE, Folding.of(codePoint));
    }

    @Test
    void some_code_points_fold_to_several_letters() {
        assertArrayEquals("キロ".codePoints().toArray(), Folding.expansion('㌔'));
        assertArrayEquals("10".codePoints().toArray(), Folding.expansion('⑩'));
        assertArrayEquals("12".codePoints().toArray(), Folding.expansion('½'));
        assertArrayEquals("ss".codePoints().toArray(), Folding.expansion('ß'));
    }
}
