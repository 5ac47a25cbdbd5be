package dev.tidings.processors.moderation;

import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds words in texts, also in other spellings. Immutable; a pure function of words and text.
 *
 * <p><b>Equal letters</b>, in words and texts:
 *
 * <ul>
 *   <li>capital and small letters;
 *   <li>full-width and half-width forms, half-width kana with their marks included;
 *   <li>letters with and without marks above, below or through them ({@code é đ ł ё й}; not kana: {@code が} is not
 *       {@code か}); {@code ß æ œ} are {@code ss ae oe};
 *   <li>a code point and its compatibility decomposition in Unicode: {@code ① ² ⓕ 𝔉 ﬁ ㌔ ㈱} are {@code 1 2 f f fi キロ 株}.
 * </ul>
 *
 * <p>Not equal are traditional and simplified ideographs, hiragana and katakana, and Latin letters and the Cyrillic or Greek ones
 * that look like them (but see distortions).
 *
 * <p><b>Word boundaries.</b> Words of scripts with spaces between words (Latin, Cyrillic, Arabic, …), and digits, match as whole
 * words: no such letter or digit may touch them. A {@code *} at an end of the word lifts this at that end: {@code *porn*} matches in
 * "pornographic", {@code porn} does not. Words in Han, kana, Hangul, Thai and words of emoji match anywhere.
 *
 * <p><b>Separators</b> are spaces, punctuation and signs, but not emoji. Up to three in a row are allowed
 *
 * <ul>
 *   <li>where the word of the rule has some: {@code buy now} matches "buynow" and "buy - now";
 *   <li>between two ideographs or kana of a word, except separators that end a clause (comma, colon, line break, … not the full
 *       stop): {@code 傻瓜} matches in "傻.瓜" but not in "真傻，瓜也";
 *   <li>between all letters of a word of three or more, if it is spelled out as in "f.u-c k" and touches no other letter. Not
 *       between some of them only: "he'll", "the pen is".
 * </ul>
 *
 * <p>Invisible characters (zero-width characters, variation selectors, combining marks, control characters) are ignored.
 *
 * <p><b>Distortions.</b> A run of letters of scripts with spaces, digits, {@code @} and {@code $}, without other separators, is also
 * read in these ways; the letters next to it still touch it:
 *
 * <ul>
 *   <li>if it has a letter from a to z: {@code 0 1 3 4 5 7 @ $} as {@code o i e a s t a s}, and with {@code 1} as
 *       {@code l}, and the Cyrillic and Greek letters that look like Latin ones ({@link Homoglyphs}) as those; all of
 *       them at once. Russian and Greek words have no letter from a to z and are read literally only. An occurrence must have at least
 *       one letter, and at most as many such digits as letters: not "A55", "$5".
 *   <li>three or more of a letter in a row as one, and as two; all of them at once; words of three letters and more.
 * </ul>
 *
 * <p>A digit in the word of a rule is a digit: {@code s3x} matches "s3x" and not "sex".
 */
public final class WordFilter {

    private final Word[] words;
    private final Alphabets alphabets;
    private final Automaton automaton;

    private WordFilter(SortedMap<String, Action> actions) {
        words = actions.entrySet().stream()
                .map(rule -> word(rule.getKey(), rule.getValue()))
                .toArray(Word[]::new);
        List<int[]> letters = Arrays.stream(words).map(Word::letters).toList();
        Alphabet alphabet = Alphabet.of(letters);
        int[][] spelled = new int[letters.size()][];
        for (int word = 0; word < spelled.length; word++) {
            int[] folded = letters.get(word);
            spelled[word] = new int[folded.length];
            for (int index = 0; index < folded.length; index++) {
                spelled[word][index] = alphabet.classOf(folded[index]);
            }
        }
        alphabets = Alphabets.of(alphabet);
        automaton = new Automaton(spelled, alphabet.classes());
    }

    private static Word word(String text, Action action) {
        String fault = faultOf(text);
        if (fault != null) {
            throw new IllegalArgumentException("the word '" + text + "' " + fault);
        }
        return new Word(text, action);
    }

    /** @throws IllegalArgumentException if a word has a {@linkplain #faultOf fault} */
    public static WordFilter of(SortedMap<String, Action> words) {
        return new WordFilter(words);
    }

    /**
     * The fault of a word, as the rest of a sentence that begins with the word; null if it has none. A word must not be blank, have
     * more than 64 code points, have a control character, have no letter, begin or end with separators, have more than three
     * separators in a row, or have a {@code *} inside.
     */
    public static @Nullable String faultOf(String word) {
        return Word.faultOf(word);
    }

    public boolean isEmpty() {
        return words.length == 0;
    }

    /** Searches the text. Linear time; apart from the masked text, the memory does not grow with the text. */
    public Verdict check(String text) {
        return isEmpty() ? Verdict.CLEAN : new Search(text, alphabets, automaton, words).verdict();
    }
}
