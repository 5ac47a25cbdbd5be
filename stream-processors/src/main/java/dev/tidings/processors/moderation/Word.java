package dev.tidings.processors.moderation;

import static dev.tidings.processors.moderation.Alphabet.CLAUSE_END;
import static dev.tidings.processors.moderation.Alphabet.IDEOGRAPH;
import static dev.tidings.processors.moderation.Alphabet.LOOK_ALIKE;
import static dev.tidings.processors.moderation.Alphabet.SEPARATOR;
import static dev.tidings.processors.moderation.Alphabet.SIGN;
import static dev.tidings.processors.moderation.Alphabet.SPACED;
import static dev.tidings.processors.moderation.FoldedText.TOGETHER;

import org.jspecify.annotations.Nullable;

/** A word of a rule, and the conditions for an occurrence of its letters in a text. */
final class Word {

    private static final int MAX_CODE_POINTS = 64;

    /** Shorter words do not match spelled out or stretched, because any two letters are adjacent somewhere. */
    private static final int MIN_DISTORTED = 3;

    private final String text;
    private final Action action;
    private final FoldedText letters;
    private final boolean openStart;
    private final boolean openEnd;

    Word(String text, Action action) {
        this.text = text;
        this.action = action;
        openStart = text.startsWith("*");
        openEnd = text.endsWith("*");
        letters = FoldedText.of(body(text));
    }

    /** The fault of a word, for people, or null. */
    static @Nullable String faultOf(String word) {
        if (word.isBlank()) {
            return "is blank";
        }
        if (word.codePointCount(0, word.length()) > MAX_CODE_POINTS) {
            return "is longer than " + MAX_CODE_POINTS + " characters";
        }
        if (word.codePoints().anyMatch(Character::isISOControl)) {
            return "contains a control character";
        }
        if (word.codePoints().anyMatch(Word::isHalfOfPair)) {
            return "is not well-formed Unicode";
        }
        String body = body(word);
        if (body.indexOf('*') >= 0) {
            return "contains * elsewhere than at its beginning or end";
        }
        FoldedText letters = FoldedText.of(body);
        if (letters.length() == 0) {
            return "contains no letter, digit or symbol";
        }
        int last = letters.length() - 1;
        if (hasSeparator(body, 0, letters.start(0)) || hasSeparator(body, letters.end(last), body.length())) {
            return "begins or ends with a space or a sign, which never matches";
        }
        for (int index = 1; index <= last; index++) {
            if (letters.gap(index) == FoldedText.BEYOND) {
                return "contains more than " + FoldedText.MAX_SEPARATORS + " spaces or signs in a row";
            }
        }
        return null;
    }

    String text() {
        return text;
    }

    Action action() {
        return action;
    }

    int length() {
        return letters.length();
    }

    int[] letters() {
        int[] folded = new int[letters.length()];
        for (int index = 0; index < folded.length; index++) {
            folded[index] = letters.letter(index);
        }
        return folded;
    }

    /**
     * Whether the last letters, which are those of the word, are an occurrence of it.
     *
     * @param in has the letters of the word and the one before them, if there is one
     * @param first the index of the word's first letter
     * @param together the index of the letter after the last separators
     * @param next the entry of the letter after the word; a separator at the end of the text
     */
    boolean occurs(LetterWindow in, int first, int together, int next, boolean isStretched, boolean hasLookAlikes) {
        if (isStretched && letters.length() < MIN_DISTORTED) {
            return false;
        }
        int last = first + letters.length() - 1;
        if (hasLookAlikes && !isMostlyLetters(in, first, last)) {
            return false;
        }
        boolean isStrict = first < together && !isLooselyWritten(in, first);
        if (isStrict && !isSpelledOut(in, first, last)) {
            return false;
        }
        return ((openEnd && !isStrict) || isBoundary(in.letter(last), next, isStrict))
                && ((openStart && !isStrict)
                        || first == 0
                        || isBoundary(in.letter(first - 1), in.letter(first), isStrict));
    }

    /** Whether separators are only where the word of the rule has some, or between ideographs of one clause. */
    private boolean isLooselyWritten(LetterWindow in, int first) {
        for (int index = 1; index < letters.length(); index++) {
            int letter = in.letter(first + index);
            boolean mayBeApart = letters.gap(index) != TOGETHER
                    || (letter & in.letter(first + index - 1) & IDEOGRAPH) != 0 && (letter & CLAUSE_END) == 0;
            if ((letter & SEPARATOR) != 0 && !mayBeApart) {
                return false;
            }
        }
        return true;
    }

    /** Whether separators are between all letters. */
    private boolean isSpelledOut(LetterWindow in, int first, int last) {
        for (int index = first + 1; index <= last; index++) {
            if ((in.letter(index) & SEPARATOR) == 0) {
                return false;
            }
        }
        return letters.length() >= MIN_DISTORTED;
    }

    /**
     * Whether a word can begin or end between two letters.
     *
     * @param isStrict whether letters of scripts without spaces, other than ideographs, also must not touch the word
     */
    private static boolean isBoundary(int letter, int next, boolean isStrict) {
        return (next & SEPARATOR) != 0 || isFree(letter, isStrict) || isFree(next, isStrict);
    }

    private static boolean isFree(int letter, boolean isStrict) {
        return isStrict ? (letter & IDEOGRAPH) != 0 : (letter & SPACED) == 0;
    }

    /** Whether there are at most as many digits as letters. Excludes prices and names of roads. */
    private static boolean isMostlyLetters(LetterWindow in, int first, int last) {
        int letters = 0;
        int digits = 0;
        for (int index = first; index <= last; index++) {
            switch (in.letter(index) & (LOOK_ALIKE | SIGN)) {
                case 0 -> letters++;
                case LOOK_ALIKE -> digits++;
                default -> {} // a sign
            }
        }
        return letters > 0 && digits <= letters;
    }

    private static String body(String word) {
        int from = word.startsWith("*") ? 1 : 0;
        int to = word.endsWith("*") ? word.length() - 1 : word.length();
        return from < to ? word.substring(from, to) : "";
    }

    private static boolean hasSeparator(String text, int from, int to) {
        return text.substring(from, to).codePoints().anyMatch(codePoint -> {
            int folded = Folding.of(codePoint);
            return folded == Folding.SEPARATOR || folded == Folding.CLAUSE_END;
        });
    }

    private static boolean isHalfOfPair(int codePoint) {
        return Character.MIN_SURROGATE <= codePoint && codePoint <= Character.MAX_SURROGATE;
    }
}
