package dev.tidings.processors.moderation;

import static dev.tidings.processors.moderation.Alphabet.LATIN;
import static dev.tidings.processors.moderation.Alphabet.LOOK_ALIKE;
import static dev.tidings.processors.moderation.Alphabet.ONE;

/**
 * A part of a text without separators: letters of scripts with spaces, digits, and signs that can be taken for letters.
 *
 * @param from index in the text of its first char, to its end at {@code to}
 * @param traits what it holds, the entries of all its code points together
 * @param isStretched whether a letter of some word stands three times or more in a row in it
 * @param before the entry of the letter that touches it in front, or {@link Alphabet#SEPARATOR}
 * @param behind the entry of the letter that touches it behind, or {@link Alphabet#SEPARATOR}
 */
record Run(int from, int to, int traits, boolean isStretched, int before, int behind) {

    /** Whether digits or signs in it may stand for letters. */
    boolean isDistorted() {
        return isDistorted(traits);
    }

    static boolean isDistorted(int traits) {
        return (traits & (LATIN | LOOK_ALIKE)) == (LATIN | LOOK_ALIKE);
    }

    /** Whether it holds the one look-alike that may stand for two letters. */
    boolean hasOne() {
        return (traits & ONE) != 0;
    }
}
