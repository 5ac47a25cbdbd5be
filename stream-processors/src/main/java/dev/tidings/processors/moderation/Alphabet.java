package dev.tidings.processors.moderation;

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

    /** A digit, a sign or a letter of another script that can be taken for a letter from a to z. */
    static final int LOOK_ALIKE = 1 << 22;

    /** A look-alike that is a separator else. */
    static final int SIGN = 1 << 23;

    static final int INVISIBLE = 1 << 24;

    /** No letter. Of a letter in a text: such ones lie before it; the first one of a text has this, too. */
    static final int SEPARATOR = 1 << 25;

    /** Several letters, or a mark that changes the letter before. */
    static final int IRREGULAR = 1 << 26;

    /** Of a separator: it ends a clause. Of a letter in a text: such a separator lies before it. */
    static final int CLAUSE_END = 1 << 27;

    /** Of a letter in a text: so many separators lie before it that no word goes on with it. */
    static final int BEYOND = 1 << 28;

    /** A letter of a script that writes words side by side. */
    static final int IDEOGRAPH = 1 << 29;

    /** A letter of some word that may stand for one or two if it stands three times in a row. */
    static final int STRETCHABLE = 1 << 30;

    /** The one look-alike that can be taken for two letters. */
    static final int ONE = 1 << 31;

    private static final int[] TRAITS = new int[Folding.TABLE_SIZE];

    static {
        for (int codePoint = 0; codePoint < TRAITS.length; codePoint++) {
            TRAITS[codePoint] = traits(codePoint);
        }
    }

    /** By code point. */
    private final int[] entries;

    /** Of letters beyond the table. */
    private final Map<Integer, Integer> rareClasses;

    private final int classes;

    private Alphabet(int[] entries, Map<Integer, Integer> rareClasses, int classes) {
        this.entries = entries;
        this.rareClasses = rareClasses;
        this.classes = classes;
    }

    /** @param words as folded letters */
    static Alphabet of(List<int[]> words) {
        Map<Integer, Integer> occurrences = new TreeMap<>();
        for (int[] word : words) {
            for (int letter : word) {
                occurrences.merge(letter, 1, Integer::sum);
            }
        }
        List<Integer> commonest = new ArrayList<>(occurrences.keySet());
        commonest.sort(Comparator.comparing(occurrences::get, Comparator.reverseOrder()));
        int[] classOf = new int[Folding.TABLE_SIZE];
        Map<Integer, Integer> rareClasses = new TreeMap<>();
        int number = 0;
        for (int letter : commonest) {
            number++;
            if (letter < classOf.length) {
                classOf[letter] = number;
            } else {
                rareClasses.put(letter, number);
            }
        }
        int[] entries = new int[Folding.TABLE_SIZE];
        for (int codePoint = 0; codePoint < entries.length; codePoint++) {
            int folded = Folding.of(codePoint);
            int letterClass =
                    folded >= classOf.length ? rareClasses.getOrDefault(folded, 0) : folded < 0 ? 0 : classOf[folded];
            entries[codePoint] = entry(TRAITS[codePoint], letterClass);
        }
        return new Alphabet(entries, rareClasses, number + 1);
    }

    /** The same with look-alikes as the letters that they are taken for; digits and signs still say what they are. */
    Alphabet in(Reading reading) {
        int[] read = entries.clone();
        for (int codePoint = 0; codePoint < read.length; codePoint++) {
            int likeness = entries[codePoint] & (LOOK_ALIKE | SIGN);
            if (likeness != 0) {
                int letter = entries[reading.of(codePoint)];
                read[codePoint] = Character.isLetter(codePoint) ? letter : letter | likeness;
            }
        }
        return new Alphabet(read, rareClasses, classes);
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
        return entry(traits(codePoint), letterClass);
    }

    private static int entry(int traits, int letterClass) {
        return letterClass == 0 ? traits & ~STRETCHABLE : traits | letterClass;
    }

    private static int traits(int codePoint) {
        int lookAlike = traitsAsLookAlike(codePoint);
        int folded = Folding.of(codePoint);
        return lookAlike
                | switch (folded) {
                    case Folding.INVISIBLE -> INVISIBLE;
                    case Folding.SEPARATOR -> SEPARATOR | (lookAlike == 0 ? 0 : SIGN);
                    case Folding.CLAUSE_END -> SEPARATOR | CLAUSE_END;
                    case Folding.VOICING -> IRREGULAR;
                    case Folding.SEVERAL -> IRREGULAR | (isSpaced(codePoint) ? SPACED | LATIN : 0);
                    default -> traitsOfLetter(folded);
                };
    }

    private static int traitsAsLookAlike(int codePoint) {
        int likeness = Reading.ONE_AS_I.of(codePoint);
        return likeness == codePoint ? 0 : LOOK_ALIKE | (likeness == Reading.ONE_AS_L.of(codePoint) ? 0 : ONE);
    }

    private static int traitsOfLetter(int letter) {
        return switch (Folding.kind(letter)) {
            case SPACED ->
                SPACED | ('a' <= letter && letter <= 'z' ? LATIN : 0) | (Character.isLetter(letter) ? STRETCHABLE : 0);
            case IDEOGRAPHIC -> IDEOGRAPH;
            case OTHER -> 0;
        };
    }

    private static boolean isSpaced(int letter) {
        return Folding.kind(letter) == Kind.SPACED;
    }
}
