package dev.tidings.schemas.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NameKeysTest {

    @Test
    void a_name_is_found_from_each_of_its_words_on() {
        assertEquals(List.of("alice muller", "muller"), NameKeys.of("Alice  MÜLLER"));
        assertEquals(List.of("小雨", "雨"), NameKeys.of("小 雨"));
        assertEquals(List.of("李小雨 li", "小雨 li", "雨 li", "li"), NameKeys.of("李小雨 (Li)"));
        assertEquals(List.of("a"), NameKeys.of("a-"));
        assertEquals(List.of(), NameKeys.of("…"));
    }

    @ParameterizedTest
    @CsvSource({
        "Jörg Groß, JORG, true",
        "Jörg Groß, gross, true",
        "Jörg Groß, jörg g, true",
        "Jörg Groß, 'Jörg ', true",
        "Jörg Groß, org, false",
        "Jörg Groß, groß jörg, false",
        "Jean-Luc, luc, true",
        "李小雨, 李, true",
        "李小雨, 小雨, true",
        "李小雨, 雨小, false",
        "안녕하세요, 하세, true",
        "Ｙｕ, yu, true",
    })
    void a_prefix_matches_without_case_and_accents(String name, String prefix, boolean matches) {
        assertEquals(matches, NameKeys.matches(name, NameKeys.fold(prefix)));
    }

    @Test
    void keys_are_bounded_in_number_and_length() {
        List<String> keys = NameKeys.of("a b c d e f g h i j");
        assertEquals(NameKeys.MAX_KEYS, keys.size());
        String longName = "x".repeat(63) + "𠮷野";
        assertTrue(NameKeys.of(longName).stream().allMatch(key -> key.length() <= NameKeys.MAX_LENGTH));
        assertTrue(NameKeys.matches(longName, NameKeys.fold(longName)));
        assertTrue(NameKeys.of(longName).stream()
                .noneMatch(key -> Character.isHighSurrogate(key.charAt(key.length() - 1))));
        assertFalse(NameKeys.fold("x".repeat(300)).length() > NameKeys.MAX_LENGTH);
    }
}
