package dev.tidings.processors.moderation;

import static dev.tidings.processors.moderation.Alphabet.LATIN;
import static dev.tidings.processors.moderation.Alphabet.LOOK_ALIKE;
import static dev.tidings.processors.moderation.Alphabet.ONE;

/**
 * A part of a text without separators: letters of scripts with spaces, digits, and signs that look like letters.
 *
 * @param from the position of its first char
 * @param to the position after its last char
 * @param traits the union of the entries of its code points
 * @param isStretched whether it has three or more equal letters of a word in a row
 * @param before the entry of the letter directly before it, or {@link Alphabet#SEPARATOR}
 * @param behind the entry of the letter directly after it, or {@link Alphabet#SEPARATOR}
 */
record Run(int from, int to, int traits, boolean isStretched, int before, int behind) {

    /** Whether it has look-alikes among Latin letters. */
    boolean isDistorted() {
        return isDistorted(traits);
    }

    static boolean isDistorted(int traits) {
        return (traits & (LATIN | LOOK_ALIKE)) == (LATIN | LOOK_ALIKE);
    }

    /** Whether it has the digit 1, the only look-alike of two letters. */
    boolean hasOne() {
        return (traits & ONE) != 0;
    }
}
