package dev.tidings.processors.moderation;

import static dev.tidings.processors.moderation.Alphabet.CLASS;
import static dev.tidings.processors.moderation.Alphabet.INVISIBLE;
import static dev.tidings.processors.moderation.Alphabet.IRREGULAR;
import static dev.tidings.processors.moderation.Alphabet.LATIN;
import static dev.tidings.processors.moderation.Alphabet.LOOK_ALIKE;
import static dev.tidings.processors.moderation.Alphabet.SEPARATOR;
import static dev.tidings.processors.moderation.Alphabet.SIGN;
import static dev.tidings.processors.moderation.Alphabet.SPACED;

import dev.tidings.processors.moderation.FoldedText.Reading;
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
 * separators in it, is read in other ways, too:
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

    /** Marks a run in which a letter may stand three times or more. */
    private static final int STRETCHED = 1 << 30;

    private final Word[] words;
    private final Alphabet alphabet;
    private final Automaton automaton;

    private WordFilter(SortedMap<String, Action> actions) {
        words = actions.entrySet().stream()
                .map(rule -> word(rule.getKey(), rule.getValue()))
                .toArray(Word[]::new);
        List<int[]> letters = Arrays.stream(words).map(Word::letters).toList();
        alphabet = new Alphabet(letters);
        int[][] spelled = new int[letters.size()][];
        for (int word = 0; word < spelled.length; word++) {
            int[] folded = letters.get(word);
            spelled[word] = new int[folded.length];
            for (int index = 0; index < folded.length; index++) {
                spelled[word][index] = alphabet.classOf(folded[index]);
            }
        }
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

    /** In time linear in the text's length. */
    public Verdict check(String text) {
        return mayHoldWords(text) ? checkThoroughly(text) : Verdict.CLEAN;
    }

    /**
     * A quick look that allocates nothing, for the many texts that hold nothing. Never no where {@link #checkThoroughly}
     * finds something.
     */
    private boolean mayHoldWords(String text) {
        int state = Automaton.ROOT;
        int separators = 0;
        int touching = 0;
        int run = 0;
        int previous = 0;
        int repetitions = 0;
        for (int at = 0; at < text.length(); at++) {
            char unit = text.charAt(at);
            int entry = alphabet.entry(unit);
            if (Character.isHighSurrogate(unit)) {
                int codePoint = text.codePointAt(at);
                at += Character.charCount(codePoint) - 1;
                entry = alphabet.entry(codePoint);
            }
            if ((entry & (INVISIBLE | SEPARATOR | IRREGULAR)) == 0) {
                separators = 0;
                if ((entry & SPACED) == 0) {
                    touching = 0;
                    run = 0;
                } else {
                    touching++;
                    run |= entry;
                }
                repetitions = entry == previous ? repetitions + 1 : 0;
                previous = entry;
                if (isDistorted(run) || (repetitions >= 2 && (entry & SPACED) != 0 && (entry & CLASS) != 0)) {
                    return true;
                }
                state = automaton.next(state, entry & CLASS);
                if (automaton.longestHit(state) != Automaton.NONE && mayHit(state, touching, text, at + 1)) {
                    return true;
                }
            } else if ((entry & SEPARATOR) != 0) {
                separators++;
                state = separators > FoldedText.MAX_SEPARATORS ? Automaton.ROOT : state;
                touching = 0;
                previous = 0;
                run = (entry & SIGN) == 0 ? 0 : run | entry;
                if (isDistorted(run)) {
                    return true;
                }
            } else if ((entry & IRREGULAR) != 0) {
                return true;
            }
        }
        return false;
    }

    private boolean mayHit(int state, int touching, String text, int next) {
        boolean goesOn = next < text.length()
                && (alphabet.entry(text.charAt(next)) & (SPACED | INVISIBLE | SEPARATOR | IRREGULAR)) == SPACED;
        for (int hit = automaton.longestHit(state); hit != Automaton.NONE; hit = automaton.shorterHit(hit)) {
            for (int word = automaton.word(hit); word != Automaton.NONE; word = automaton.sameLetters(word)) {
                if (words[word].mayOccur(touching, goesOn)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isDistorted(int run) {
        return (run & (LATIN | LOOK_ALIKE)) == (LATIN | LOOK_ALIKE);
    }

    /** The same, without the quick look before. */
    Verdict checkThoroughly(String text) {
        Findings findings = new Findings(text, words);
        search(FoldedText.of(text), false, false, findings);
        if (mayHoldDistortions(text)) {
            searchDistortions(text, findings);
        }
        return findings.verdict();
    }

    /** A quick look again: most texts have neither digits nor the same letter three times. */
    private boolean mayHoldDistortions(String text) {
        int all = 0;
        int previous = 0;
        int repetitions = 0;
        for (int at = 0; at < text.length(); at++) {
            int entry = alphabet.entry(text.charAt(at));
            all |= Character.isSurrogate(text.charAt(at)) ? IRREGULAR : entry;
            repetitions = entry == previous ? repetitions + 1 : 0;
            all |= repetitions >= 2 && (entry & SPACED) != 0 ? STRETCHED : 0;
            previous = entry;
        }
        return (all & (LOOK_ALIKE | STRETCHED | IRREGULAR | INVISIBLE)) != 0;
    }

    private void searchDistortions(String text, Findings findings) {
        int from = -1;
        int run = 0;
        int previous = 0;
        int repetitions = 0;
        int width;
        for (int at = 0; at < text.length(); at += width) {
            int codePoint = text.codePointAt(at);
            width = Character.charCount(codePoint);
            int entry = alphabet.entry(codePoint);
            if ((entry & INVISIBLE) != 0) {
                continue;
            }
            repetitions = entry == previous ? repetitions + 1 : 0;
            previous = entry;
            if ((entry & (SPACED | SIGN)) != 0) {
                from = from < 0 ? at : from;
                run |= entry | (repetitions >= 2 ? STRETCHED : 0);
            } else if (from >= 0) {
                searchDistorted(text, from, at, run, findings);
                from = -1;
                run = 0;
            }
        }
        if (from >= 0) {
            searchDistorted(text, from, text.length(), run, findings);
        }
    }

    /** @param run all entries of the run, together */
    private void searchDistorted(String text, int from, int to, int run, Findings findings) {
        if ((run & (STRETCHED | IRREGULAR)) != 0) {
            searchStretched(FoldedText.of(text, from, to, Reading.PLAIN), false, findings);
        }
        if (isDistorted(run)) {
            for (Reading reading : List.of(Reading.ONE_AS_I, Reading.ONE_AS_L)) {
                FoldedText folded = FoldedText.of(text, from, to, reading);
                search(folded, false, true, findings);
                searchStretched(folded, true, findings);
            }
        }
    }

    private void searchStretched(FoldedText folded, boolean hasLookAlikes, Findings findings) {
        if (folded.isStretched()) {
            search(folded.shortened(1), true, hasLookAlikes, findings);
            search(folded.shortened(2), true, hasLookAlikes, findings);
        }
    }

    private void search(FoldedText folded, boolean isStretched, boolean hasLookAlikes, Findings findings) {
        int state = Automaton.ROOT;
        int together = 0;
        for (int index = 0; index < folded.length(); index++) {
            byte gap = folded.gap(index);
            if (gap != FoldedText.TOGETHER) {
                together = index;
                state = gap == FoldedText.BEYOND ? Automaton.ROOT : state;
            }
            state = automaton.next(state, alphabet.classOf(folded.letter(index)));
            for (int hit = automaton.longestHit(state); hit != Automaton.NONE; hit = automaton.shorterHit(hit)) {
                for (int word = automaton.word(hit); word != Automaton.NONE; word = automaton.sameLetters(word)) {
                    if (words[word].occurs(folded, index, together, isStretched, hasLookAlikes)) {
                        int first = index - words[word].length() + 1;
                        findings.add(word, folded.start(first), folded.end(index));
                    }
                }
            }
        }
    }
}
