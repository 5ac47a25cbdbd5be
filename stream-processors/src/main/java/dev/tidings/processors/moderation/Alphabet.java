package dev.tidings.processors.moderation;

import dev.tidings.processors.moderation.Folding.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Maps code points to entries. The letters of a set of words have classes from 1, the most frequent first; all other letters have
 * class 0. Folding is included, so a text needs one lookup for each code point.
 *
 * <p>An entry has the class of a code point and, in bits, its traits.
 */
final class Alphabet {

    static final int CLASS = 0x000FFFFF;

    /** A letter of a script that separates words by spaces. */
    static final int SPACED = 1 << 20;

    /** A letter from a to z. */
    static final int LATIN = 1 << 21;

    /** A digit, a sign or a letter of another script that looks like a letter from a to z. */
    static final int LOOK_ALIKE = 1 << 22;

    /** A look-alike that is otherwise a separator. */
    static final int SIGN = 1 << 23;

    static final int INVISIBLE = 1 << 24;

    /** Not a letter. In the entry of a letter of a text: separators precede it; also set for the first letter. */
    static final int SEPARATOR = 1 << 25;

    /** Several letters, or a mark that changes the previous letter. */
    static final int IRREGULAR = 1 << 26;

    /** A separator that ends a clause. In the entry of a letter of a text: such a separator precedes it. */
    static final int CLAUSE_END = 1 << 27;

    /** In the entry of a letter of a text: too many separators precede it, so no word continues with it. */
    static final int BEYOND = 1 << 28;

    /** A letter of a script that does not separate words. */
    static final int IDEOGRAPH = 1 << 29;

    /** A letter of a word that counts as one or two if it is repeated three times or more. */
    static final int STRETCHABLE = 1 << 30;

    /** The digit 1, the only look-alike of two letters. */
    static final int ONE = 1 << 31;

    private static final int[] TRAITS = new int[Folding.TABLE_SIZE];

    static {
        for (int codePoint = 0; codePoint < TRAITS.length; codePoint++) {
            TRAITS[codePoint] = traits(codePoint);
        }
    }

    /** The entries by code point. */
    private final int[] entries;

    /** The classes of letters beyond the table. */
    private final Map<Integer, Integer> rareClasses;

    private final int classes;

    private Alphabet(int[] entries, Map<Integer, Integer> rareClasses, int classes) {
        this.entries = entries;
        this.rareClasses = rareClasses;
        this.classes = classes;
    }

    /** @param words the folded letters of each word */
    static Alphabet of(List<int[]> words) {
        Map<Integer, Integer> occurrences = new TreeMap<>();
        for (int[] word : words) {
            for (int letter : word) {
                occurrences.merge(letter, 1, Integer::sum);
            }
        }
        List<Integer> mostFrequent = new ArrayList<>(occurrences.keySet());
        mostFrequent.sort(Comparator.comparing(occurrences::get, Comparator.reverseOrder()));
        int[] classOf = new int[Folding.TABLE_SIZE];
        Map<Integer, Integer> rareClasses = new TreeMap<>();
        int number = 0;
        for (int letter : mostFrequent) {
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

    /** A copy in which look-alikes have the class of their letters. Digits and signs keep their traits. */
    Alphabet with(LookAlikes lookAlikes) {
        int[] read = entries.clone();
        for (int codePoint = 0; codePoint < read.length; codePoint++) {
            int likeness = entries[codePoint] & (LOOK_ALIKE | SIGN);
            if (likeness != 0) {
                int letter = entries[lookAlikes.letterOf(codePoint)];
                read[codePoint] = Character.isLetter(codePoint) ? letter : letter | likeness;
            }
        }
        return new Alphabet(read, rareClasses, classes);
    }

    /** The number of classes, including class 0. */
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
        int likeness = LookAlikes.ONE_AS_I.letterOf(codePoint);
        return likeness == codePoint ? 0 : LOOK_ALIKE | (likeness == LookAlikes.ONE_AS_L.letterOf(codePoint) ? 0 : ONE);
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
