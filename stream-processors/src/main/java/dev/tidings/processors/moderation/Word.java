package dev.tidings.processors.moderation;

import static dev.tidings.processors.moderation.FoldedText.IN_NEXT_CLAUSE;
import static dev.tidings.processors.moderation.FoldedText.TOGETHER;

import dev.tidings.processors.moderation.Folding.Kind;
import org.jspecify.annotations.Nullable;

/** A rule's word, and where in a text its letters are an occurrence of it. */
final class Word {

    private static final int MAX_CODE_POINTS = 64;

    /** Shorter words are neither found spelled out nor stretched: any two letters stand side by side somewhere. */
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

    /** What is wrong with a word, for people, or nothing. */
    static @Nullable String flawOf(String word) {
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
            return "begins or ends with a space or a sign, which is not looked for";
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
     * Whether more must be looked at than how far letters of scripts with spaces touch each other at the word's last.
     *
     * @param touching so many of them, up to and with the last letter; 0 if that is none
     * @param goesOn whether the next one touches, too
     */
    boolean mayOccur(int touching, boolean goesOn) {
        return touching == 0 || ((openEnd || !goesOn) && (openStart || letters.length() >= touching));
    }

    /**
     * Whether the word occurs where its letters stand in a text, one after the other.
     *
     * @param last index of the last of them
     * @param together index of the letter from which on no separators lie before the last one
     */
    boolean occurs(FoldedText in, int last, int together, boolean isStretched, boolean hasLookAlikes) {
        int first = last - letters.length() + 1;
        if (isStretched && letters.length() < MIN_DISTORTED) {
            return false;
        }
        if (hasLookAlikes && !isMostlyLetters(in, first, last)) {
            return false;
        }
        if (first >= together || isLooselyWritten(in, first)) {
            return (openStart || isBoundary(in, first, false)) && (openEnd || isBoundary(in, last + 1, false));
        }
        return isSpelledOut(in, first, last);
    }

    /** Separators lie only where the word has some itself, or between ideographs of one clause. */
    private boolean isLooselyWritten(FoldedText in, int first) {
        for (int index = 1; index < letters.length(); index++) {
            boolean mayBeApart = letters.gap(index) != TOGETHER
                    || (in.gap(first + index) != IN_NEXT_CLAUSE
                            && isIdeograph(letters.letter(index - 1))
                            && isIdeograph(letters.letter(index)));
            if (in.gap(first + index) != TOGETHER && !mayBeApart) {
                return false;
            }
        }
        return true;
    }

    /** Separators lie between all letters, and no other letter touches the first or the last. */
    private boolean isSpelledOut(FoldedText in, int first, int last) {
        if (letters.length() < MIN_DISTORTED) {
            return false;
        }
        for (int index = first + 1; index <= last; index++) {
            if (in.gap(index) == TOGETHER) {
                return false;
            }
        }
        return isBoundary(in, first, true) && isBoundary(in, last + 1, true);
    }

    /**
     * Whether a word may begin at a letter of the text, or end before it.
     *
     * @param isStrict whether scripts that are not known for their spaces count, too, other than ideographs
     */
    private static boolean isBoundary(FoldedText in, int index, boolean isStrict) {
        if (index == 0 || index == in.length() || in.gap(index) != TOGETHER) {
            return true;
        }
        return isFree(in.letter(index - 1), isStrict) || isFree(in.letter(index), isStrict);
    }

    private static boolean isFree(int letter, boolean isStrict) {
        return switch (Folding.kind(letter)) {
            case IDEOGRAPHIC -> true;
            case OTHER -> !isStrict;
            case SPACED -> false;
        };
    }

    /** Otherwise prices and the names of roads would be words. */
    private static boolean isMostlyLetters(FoldedText in, int first, int last) {
        int letters = 0;
        int digits = 0;
        for (int index = first; index <= last; index++) {
            if (!in.isLookAlike(index)) {
                letters++;
            } else if (in.isDigit(index)) {
                digits++;
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

    private static boolean isIdeograph(int letter) {
        return Folding.kind(letter) == Kind.IDEOGRAPHIC;
    }

    private static boolean isHalfOfPair(int codePoint) {
        return Character.MIN_SURROGATE <= codePoint && codePoint <= Character.MAX_SURROGATE;
    }
}
