package dev.tidings.processors.moderation;

import dev.tidings.processors.moderation.FoldedText.Reading;
import dev.tidings.processors.moderation.Folding.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The letters of a set of words, numbered from 1 as classes, the commonest first; every other letter is of class 0. What
 * code points fold to is worked in, so that reading a text takes one look-up for each.
 *
 * <p>The entry of a code point holds its class, and what else there is to know about it, in bits.
 */
final class Alphabet {

    static final int CLASS = 0x000FFFFF;

    /** A letter of a script that divides words by spaces. */
    static final int SPACED = 1 << 20;

    /** A letter from a to z. */
    static final int LATIN = 1 << 21;

    /** A digit or a sign that can be taken for a letter. */
    static final int LOOK_ALIKE = 1 << 22;

    /** A look-alike that is a separator else. */
    static final int SIGN = 1 << 23;

    static final int INVISIBLE = 1 << 24;
    static final int SEPARATOR = 1 << 25;

    /** Several letters, or a mark that changes the letter before. */
    static final int IRREGULAR = 1 << 26;

    private static final int[] TRAITS = new int[Folding.TABLE_SIZE];

    static {
        for (int codePoint = 0; codePoint < TRAITS.length; codePoint++) {
            TRAITS[codePoint] = traits(codePoint);
        }
    }

    private final int[] entries = new int[Folding.TABLE_SIZE];

    /** Of letters beyond the table. */
    private final Map<Integer, Integer> rareClasses = new TreeMap<>();

    private final int classes;

    /** @param words as folded letters */
    Alphabet(List<int[]> words) {
        Map<Integer, Integer> occurrences = new TreeMap<>();
        for (int[] word : words) {
            for (int letter : word) {
                occurrences.merge(letter, 1, Integer::sum);
            }
        }
        List<Integer> commonest = new ArrayList<>(occurrences.keySet());
        commonest.sort(Comparator.comparing(occurrences::get, Comparator.reverseOrder()));
        int[] classOf = new int[Folding.TABLE_SIZE];
        int number = 0;
        for (int letter : commonest) {
            number++;
            if (letter < classOf.length) {
                classOf[letter] = number;
            } else {
                rareClasses.put(letter, number);
            }
        }
        classes = number + 1;
        for (int codePoint = 0; codePoint < entries.length; codePoint++) {
            int folded = Folding.of(codePoint);
            int letterClass =
                    folded >= classOf.length ? rareClasses.getOrDefault(folded, 0) : folded < 0 ? 0 : classOf[folded];
            entries[codePoint] = TRAITS[codePoint] | letterClass;
        }
    }

    /** How many classes there are, class 0 included. */
    int classes() {
        return classes;
    }

    int entry(int codePoint) {
        return codePoint < entries.length ? entries[codePoint] : rareEntry(codePoint);
    }

    int classOf(int letter) {
        return entry(letter) & CLASS;
    }

    private int rareEntry(int codePoint) {
        int folded = Folding.of(codePoint);
        int letterClass = folded >= entries.length
                ? rareClasses.getOrDefault(folded, 0)
                : folded < 0 ? 0 : entries[folded] & CLASS;
        return traits(codePoint) | letterClass;
    }

    private static int traits(int codePoint) {
        int lookAlike = FoldedText.lookAlike(codePoint, Reading.ONE_AS_I) == codePoint ? 0 : LOOK_ALIKE;
        int folded = Folding.of(codePoint);
        return lookAlike
                | switch (folded) {
                    case Folding.INVISIBLE -> INVISIBLE;
                    case Folding.SEPARATOR, Folding.CLAUSE_END -> SEPARATOR | (lookAlike == 0 ? 0 : SIGN);
                    case Folding.VOICING -> IRREGULAR;
                    case Folding.SEVERAL -> IRREGULAR | (isSpaced(codePoint) ? SPACED | LATIN : 0);
                    default -> (isSpaced(folded) ? SPACED : 0) | ('a' <= folded && folded <= 'z' ? LATIN : 0);
                };
    }

    private static boolean isSpaced(int letter) {
        return Folding.kind(letter) == Kind.SPACED;
    }
}
