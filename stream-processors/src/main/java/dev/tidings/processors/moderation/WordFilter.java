package dev.tidings.processors.moderation;

import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds words in texts, also where they are written otherwise. Immutable; a pure function of words and text.
 *
 * <p><b>The same letter</b> are, in words and texts alike:
 *
 * <ul>
 *   <li>capital and small letters;
 *   <li>full-width and half-width forms, half-width kana with their marks included;
 *   <li>letters with and without marks above, below or through them ({@code é đ ł ё й}; not kana: {@code が} is not
 *       {@code か}); {@code ß æ œ} are {@code ss ae oe};
 *   <li>a code point and what Unicode says it is compatible with: {@code ① ² ⓕ 𝔉 ﬁ ㌔ ㈱} are {@code 1 2 f f fi キロ 株}.
 * </ul>
 *
 * <p>Not the same are traditional and simplified ideographs, hiragana and katakana, Latin letters and the Cyrillic or
 * Greek ones that look like them (but see distortions), and Hangul syllables and the letters they are composed of.
 *
 * <p><b>Where a word occurs.</b> Words of scripts that put spaces between words (Latin, Cyrillic, Arabic, …), and digits,
 * are found as whole words: no such letter or digit may touch them. At an end of the word with a {@code *} they may go
 * on: {@code *porn*} is found in "pornographic", {@code porn} is not. Words in Han, kana, Hangul, Thai and words of
 * emoji are found anywhere.
 *
 * <p><b>Separators</b> are spaces, punctuation and signs; emoji are not. Up to three in a row may lie
 *
 * <ul>
 *   <li>where the word of the rule has some: {@code buy now} is found in "buynow", "buy - now";
 *   <li>between two ideographs or kana of a word, but for what ends a clause (comma, colon, line break, … not the full
 *       stop): {@code 傻瓜} is found in "傻.瓜" but not in "真傻，瓜也";
 *   <li>between all letters of a word of three or more, if it is spelled out like "f.u-c k" and touches no other
 *       letter. Not between some of them: "he'll", "the pen is".
 * </ul>
 *
 * <p>What is invisible (zero-width characters, variation selectors, combining marks, controls) is passed over anywhere, in
 * any number.
 *
 * <p><b>Distortions.</b> A run of letters of scripts with spaces, digits, {@code @} and {@code $}, without other
 * separators in it, is read in other ways, too; letters that touch it still do:
 *
 * <ul>
 *   <li>if it holds a letter from a to z: {@code 0 1 3 4 5 7 @ $} as {@code o i e a s t a s}, and with {@code 1} as
 *       {@code l}, and the Cyrillic and Greek letters that look like Latin ones ({@link Homoglyphs}) as those; all of
 *       them at once. Russian and Greek words hold no letter from a to z, and are only ever read as what they are. An occurrence must not have more such digits than letters, and at least one
 *       letter: "A55", "$5".
 *   <li>three or more of a letter in a row as one, and as two; all of them at once; words of three letters and more.
 * </ul>
 *
 * <p>A digit in a word of a rule is a digit: {@code s3x} is found in "s3x" and not in "sex".
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
        String flaw = flawOf(text);
        if (flaw != null) {
            throw new IllegalArgumentException("the word '" + text + "' " + flaw);
        }
        return new Word(text, action);
    }

    /** @throws IllegalArgumentException if a word has a flaw */
    public static WordFilter of(SortedMap<String, Action> words) {
        return new WordFilter(words);
    }

    /**
     * Why something cannot be a word, as the rest of a sentence that begins with it; null if it can: blank, longer than
     * 64 code points, with a control character, with nothing in it that is looked for, with separators at its beginning
     * or end or more than three in a row, with a {@code *} inside.
     */
    public static @Nullable String flawOf(String word) {
        return Word.flawOf(word);
    }

    public boolean isEmpty() {
        return words.length == 0;
    }

    /** In time linear in the text's length; memory does not grow with it, but for what is found and masked. */
    public Verdict check(String text) {
        return isEmpty() ? Verdict.CLEAN : new Search(text, alphabets, automaton, words).verdict();
    }
}
