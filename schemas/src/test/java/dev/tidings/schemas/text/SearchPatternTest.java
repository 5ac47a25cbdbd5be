package dev.tidings.schemas.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.v1.Content;
import dev.tidings.v1.EncryptedContent;
import dev.tidings.v1.FileContent;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SearchPatternTest {

    @ParameterizedTest
    @CsvSource({
        "Die STRASSE ist naß, straße nass, STRASSE|naß",
        "Über Müller und Köln, uber koln, Über|Köln",
        "cafe\u0301 au lait, café, cafe\u0301",
        "The quick brown fox, Fox quick, quick|fox",
        "我在北京大学读书, 北京大学, 北京大学",
        "我在北京大学读书, 学, 学",
        "東京タワーに行く, ﾀﾜｰ, タワー",
        "がっこう, が, が",
        "서울에서 만나요, 서울, 서울",
        "今天meeting改到3点, Meeting 今天, 今天|meeting",
        "Ｆｕｌｌ ｗｉｄｔｈ, full, Ｆｕｌｌ",
        "party 🎉 tonight, 🎉, 🎉",
        "thumbs 👍🏽 up, 👍, 👍",
        "Привет МИР, мир, МИР",
        "สวัสดีครับ, สวัสดี, สวัสดี",
    })
    void aTextMatchesWithTheRangesOfTheWords(String text, String query, String ranges) {
        SearchPattern pattern = SearchPattern.of(query);

        assertEquals(
                List.of(ranges.split("\\|")),
                pattern.matches(text).stream()
                        .map(range -> text.substring(range.from(), range.to()))
                        .toList());
        assertTrue(SearchTerms.of(text).containsAll(pattern.terms()), "the index finds what matches");
    }

    @ParameterizedTest
    @CsvSource({
        "foxes, fox",
        "quick, quick fox",
        "大学在北京, 北京大学",
        "北 京, 北京",
        "か, が",
        "!?, fox",
    })
    void aTextWithoutOneOfTheWordsDoesNotMatch(String text, String query) {
        assertEquals(List.of(), SearchPattern.of(query).matches(text));
    }

    @ParameterizedTest
    @CsvSource({
        "Alice Müller kommt, mull, Müller",
        "The quick brown fox, fox qui, quick|fox",
        "Страница, стран, Страница",
        "我在北京大学读书, 北京, 北京",
        "今天meeting改到3点, 今天 meet, 今天|meeting",
    })
    void theLastWordOfAQueryMayBeTheBeginningOfAWord(String text, String query, String ranges) {
        SearchPattern pattern = SearchPattern.ofBeginning(query);

        assertEquals(
                List.of(ranges.split("\\|")),
                pattern.matches(text).stream()
                        .map(range -> text.substring(range.from(), range.to()))
                        .toList());
        assertTrue(SearchTerms.of(text).containsAll(pattern.terms()), "the index finds what matches");
        assertTrue(SearchTerms.of(text).stream().anyMatch(term -> term.startsWith(pattern.beginning())));
        assertTrue(SearchPattern.of(query).beginning().isEmpty());
    }

    @Test
    void aMessageWithoutBeginningsHasTheTermsOfAPatternWithABeginning() {
        SearchPattern pattern = SearchPattern.ofBeginning("Red umbrella");
        List<String> earlier = SearchTerms.of("a red umbrella").stream()
                .filter(term -> !term.endsWith("*"))
                .toList();

        assertEquals(List.of("red"), pattern.terms());
        assertTrue(earlier.containsAll(pattern.terms()));
        assertTrue(earlier.contains(pattern.beginning()));
        assertTrue(SearchTerms.of("a red umbrella").contains(SearchTerms.beginning(pattern.beginning())));
        assertEquals(List.of(), SearchPattern.ofBeginning("umbrella").terms());
        assertFalse(SearchPattern.ofBeginning("umbrella").isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"together, to", "quick fox, qui fox", "smull, mull", "北京大学, 京大学在"})
    void aShortOrEarlierWordIsNoBeginning(String text, String query) {
        assertEquals(List.of(), SearchPattern.ofBeginning(query).matches(text));
    }

    /** The wide forms need normalisation, and ASCII does not: both ways lead to the same terms. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 40})
    void asciiHasTheTermsOfItsWideForm(int length) {
        for (int first = 0x21; first < 0x7F; first++) {
            StringBuilder ascii = new StringBuilder();
            StringBuilder wide = new StringBuilder();
            for (int i = 0; i < length; i++) {
                int character = 0x21 + (first - 0x21 + 7 * i * i) % (0x7F - 0x21);
                ascii.append((char) character);
                wide.append((char) (character - 0x21 + 0xFF01));
            }
            assertEquals(SearchTerms.of(wide.toString()), SearchTerms.of(ascii.toString()));
        }
    }

    @Test
    void aMarkBelongsToTheAsciiLetterBeforeIt() {
        assertEquals(List.of("ab1", "ab1*"), SearchTerms.of("A\u0301b\u0308\u03011"));
        assertEquals(List.of("a", "b"), SearchTerms.of("a\tB\u0000"));
    }

    @Test
    void neighboursAreCheckedBeyondThePairsOfTheIndex() {
        String text = "北京大 大学";
        SearchPattern pattern = SearchPattern.of("北京大学");

        assertTrue(SearchTerms.of(text).containsAll(pattern.terms()));
        assertEquals(List.of(), pattern.matches(text));
    }

    @Test
    void aQueryOfSeparatorsHasNoTerms() {
        assertEquals(List.of(), SearchPattern.of(" .,- \u200B").terms());
        assertTrue(SearchPattern.of(" .,- \u200B").isEmpty());
    }

    @Test
    void overlappingRangesAreOneAndAtMost32AreReturned() {
        SearchPattern pattern = SearchPattern.of("aa bb");
        assertEquals(
                SearchPattern.MAX_RANGES, pattern.matches("aa bb ".repeat(100)).size());
        assertEquals(
                List.of(new SearchPattern.TextRange(0, 3)),
                SearchPattern.of("哈哈").matches("哈哈哈"));
    }

    @Test
    void encryptedContentHasNoTermsAndAFileHasThoseOfItsName() {
        assertEquals(
                List.of(),
                SearchTerms.of(Content.newBuilder()
                        .setEncrypted(EncryptedContent.newBuilder().setScheme("mls"))
                        .build()));
        assertEquals(
                List.of("angebot", "2026", "pdf", "ang*", "202*", "pdf*"),
                SearchTerms.of(Content.newBuilder()
                        .setFile(FileContent.newBuilder().setFileName("Angebot_2026.pdf"))
                        .build()));
    }

    @Test
    void aMessageHasAtMost4096TermsAndAWordAtMost64Characters() {
        StringBuilder numbers = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            numbers.append(i).append(' ');
        }
        assertEquals(SearchTerms.MAX_TERMS, SearchTerms.of(numbers.toString()).size());
        assertEquals(List.of("x".repeat(64), "xxx*"), SearchTerms.of("x".repeat(1_000)));
        assertEquals(
                1,
                SearchPattern.of("x".repeat(1_000)).matches("x".repeat(1_000)).size());
    }
}
