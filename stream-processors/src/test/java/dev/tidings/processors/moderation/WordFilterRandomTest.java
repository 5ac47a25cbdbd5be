package dev.tidings.processors.moderation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.processors.TestSeed;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Compares the filter with a naive search on random texts. Prints its seed; {@code -Dtidings.seed=<seed>} repeats it. */
@Execution(ExecutionMode.CONCURRENT)
class WordFilterRandomTest {

    private static final int ROUNDS = 1_000;
    private static final int TEXTS = 10;

    private final long seed = TestSeed.get();
    private final Random random = new Random(seed);

    WordFilterRandomTest() {
        System.out.println("tidings.seed=" + seed);
    }

    /** Few letters, so that words overlap and contain each other. */
    @Test
    void finds_and_masks_the_same_as_a_naive_search() {
        int found = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String letters = someOf(
                    NaiveWordSearch.SPACED
                            + NaiveWordSearch.IDEOGRAPHS
                            + NaiveWordSearch.OTHERS
                            + NaiveWordSearch.DIGITS
                            + NaiveWordSearch.HOMOGLYPH
                            + NaiveWordSearch.VARIANTS,
                    1 + random.nextInt(5));
            SortedMap<String, Action> words = words(letters, 1 + random.nextInt(30));
            WordFilter filter = WordFilter.of(words);
            for (int number = 0; number < TEXTS; number++) {
                String text = text(letters);
                Verdict verdict = filter.check(text);
                String context = words + " in '" + text + "', -Dtidings.seed=" + seed;

                assertEquals(NaiveWordSearch.check(words, text), verdict, context);
                found += verdict instanceof Verdict.Clean ? 0 : 1;
            }
        }
        assertTrue(found > ROUNDS && found < ROUNDS * TEXTS, "found in " + found + ", -Dtidings.seed=" + seed);
    }

    /** So many letters that not all are in the rows of the automaton. */
    @Test
    void finds_the_same_as_a_naive_search_with_many_words_and_letters() {
        SortedMap<String, Action> words = new TreeMap<>();
        for (int number = 0; number < 5_000; number++) {
            words.put(randomHan(1 + random.nextInt(4)), Action.MASK);
        }
        WordFilter filter = WordFilter.of(words);
        for (int number = 0; number < 200; number++) {
            String text = randomHan(100);
            boolean[] masked = new boolean[text.length()];
            words.keySet().forEach(word -> {
                for (int at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
                    for (int index = at; index < at + word.length(); index++) {
                        masked[index] = true;
                    }
                }
            });
            StringBuilder stars = new StringBuilder(text);
            for (int at = 0; at < masked.length; at++) {
                if (masked[at]) {
                    stars.setCharAt(at, '*');
                }
            }

            Verdict verdict = filter.check(text);

            String result = switch (verdict) {
                case Verdict.Clean clean -> text;
                case Verdict.Objectionable objectionable -> objectionable.masked();
            };
            assertEquals(stars.toString(), result, "-Dtidings.seed=" + seed);
        }
    }

    private SortedMap<String, Action> words(String letters, int count) {
        SortedMap<String, Action> words = new TreeMap<>();
        while (words.size() < count) {
            StringBuilder word = new StringBuilder(random.nextInt(4) == 0 ? "*" : "");
            int length = 1 + random.nextInt(random.nextInt(5) == 0 ? 12 : 4);
            for (int index = 0; index < length; index++) {
                if (index > 0 && random.nextInt(12) == 0) {
                    word.append(someOf(NaiveWordSearch.SEPARATORS, 1));
                }
                word.append(someOf(letters, 1));
            }
            word.append(random.nextInt(4) == 0 ? "*" : "");
            words.put(word.toString(), Action.values()[random.nextInt(Action.values().length)]);
            count -= random.nextInt(5) == 0 ? 1 : 0;
        }
        return words;
    }

    private String text(String letters) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(40);
        int noise = random.nextInt(2) == 0 ? 4 : 30;
        for (int index = 0; index < length; index++) {
            if (random.nextInt(noise) == 0) {
                text.append(someOf(
                        NaiveWordSearch.SEPARATORS
                                + NaiveWordSearch.CLAUSE_ENDS
                                + NaiveWordSearch.INVISIBLE
                                + NaiveWordSearch.SIGNS
                                + NaiveWordSearch.DIGITS
                                + NaiveWordSearch.HOMOGLYPH
                                + NaiveWordSearch.VARIANTS,
                        1));
            } else {
                text.append(someOf(letters, 1).repeat(random.nextInt(8) == 0 ? 3 : 1));
            }
        }
        return text.toString();
    }

    private String someOf(String characters, int count) {
        int[] codePoints = characters.codePoints().toArray();
        StringBuilder some = new StringBuilder();
        for (int index = 0; index < count; index++) {
            some.appendCodePoint(codePoints[random.nextInt(codePoints.length)]);
        }
        return some.toString();
    }

    private String randomHan(int length) {
        StringBuilder word = new StringBuilder();
        for (int index = 0; index < length; index++) {
            word.append((char) ('一' + random.nextInt(500)));
        }
        return word.toString();
    }
}
