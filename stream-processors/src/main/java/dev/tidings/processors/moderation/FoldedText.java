package dev.tidings.processors.moderation;

import dev.tidings.processors.moderation.Folding.Kind;
import java.util.Arrays;

/** The letters of a text, where in the text each one stands, and what lies before it. */
final class FoldedText {

    /** Lies directly behind the letter before, but for what is invisible. */
    static final byte TOGETHER = 0;

    /** Separators lie between; the first letter of a text is apart, too. */
    static final byte APART = 1;

    /** The same, and one of them ends a clause. */
    static final byte IN_NEXT_CLAUSE = 2;

    /** More than {@value #MAX_SEPARATORS} separators lie between: no word goes on here. */
    static final byte BEYOND = 3;

    static final int MAX_SEPARATORS = 3;

    /** So many of one letter do not occur in writing; who types them may mean one or two. */
    private static final int STRETCH = 3;

    /** What digits and signs are taken for. */
    enum Reading {
        /** Digits for themselves, signs for separators. */
        PLAIN,
        /** {@code 0 1 3 4 5 7 @ $} for {@code o i e a s t a s}; and letters of other scripts for those they look like. */
        ONE_AS_I,
        /** The same, but {@code 1} for {@code l}. */
        ONE_AS_L
    }

    private final String text;
    private int length;
    private int[] letters;
    private int[] starts;
    private int[] ends;
    private byte[] gaps;

    private FoldedText(String text, int capacity) {
        this.text = text;
        letters = new int[capacity];
        starts = new int[capacity];
        ends = new int[capacity];
        gaps = new byte[capacity];
    }

    static FoldedText of(String text) {
        return of(text, 0, text.length(), Reading.PLAIN);
    }

    /** @param from index of a char, to its end at {@code to}; what lies outside is not looked at */
    static FoldedText of(String text, int from, int to, Reading reading) {
        FoldedText folded = new FoldedText(text, to - from);
        folded.fold(from, to, reading);
        return folded;
    }

    /** What a digit, a sign or a letter of another script looks like, or the code point itself. */
    static int lookAlike(int codePoint, Reading reading) {
        int sign = switch (codePoint) {
            case '@', 0xFE6B, 0xFF20 -> 'a';
            case '$', 0xFE69, 0xFF04 -> 's';
            default -> codePoint;
        };
        int folded = Folding.of(sign);
        return switch (folded) {
            case '0' -> 'o';
            case '1' -> reading == Reading.ONE_AS_L ? 'l' : 'i';
            case '3' -> 'e';
            case '4' -> 'a';
            case '5' -> 's';
            case '7' -> 't';
            default -> {
                int latin = Homoglyphs.latin(folded);
                yield latin == folded ? sign : latin;
            }
        };
    }

    int length() {
        return length;
    }

    int letter(int index) {
        return letters[index];
    }

    /** Of the first char of the code point that the letter comes from. */
    int start(int index) {
        return starts[index];
    }

    /** Behind the last char of the code point that the letter comes from, and of what is invisible behind it. */
    int end(int index) {
        return ends[index];
    }

    byte gap(int index) {
        return gaps[index];
    }

    /** Whether a digit or sign was taken for this letter. */
    boolean isLookAlike(int index) {
        return letters[index] < 0x80
                && Character.isLetter(letters[index])
                && !isLetterByItself(text.codePointAt(starts[index]));
    }

    /** Whether the letter was written as a digit. */
    boolean isDigit(int index) {
        int folded = Folding.of(text.codePointAt(starts[index]));
        return folded >= 0 && Character.isDigit(folded);
    }

    private static boolean isLetterByItself(int codePoint) {
        int folded = Folding.of(codePoint);
        return folded == Folding.SEVERAL || (folded >= 0 && !Character.isDigit(folded));
    }

    /** Whether a letter of a script with spaces stands three times or more in a row. */
    boolean isStretched() {
        for (int index = STRETCH - 1; index < length; index++) {
            if (continuesRun(index) && continuesRun(index - 1)) {
                return true;
            }
        }
        return false;
    }

    /** The same with only so many left of each letter that stands three times or more in a row. */
    FoldedText shortened(int kept) {
        FoldedText shortened = new FoldedText(text, length);
        for (int index = 0; index < length; ) {
            int behind = index + 1;
            while (behind < length && continuesRun(behind)) {
                behind++;
            }
            int copied = behind - index < STRETCH ? behind - index : kept;
            for (int copy = index; copy < index + copied; copy++) {
                shortened.append(letters[copy], starts[copy], ends[copy], gaps[copy]);
            }
            shortened.ends[shortened.length - 1] = ends[behind - 1];
            index = behind;
        }
        return shortened;
    }

    private boolean continuesRun(int index) {
        return letters[index] == letters[index - 1]
                && gaps[index] == TOGETHER
                && Character.isLetter(letters[index])
                && Folding.kind(letters[index]) == Kind.SPACED;
    }

    private void fold(int from, int to, Reading reading) {
        int separators = 0;
        byte gap = APART;
        int width;
        for (int at = from; at < to; at += width) {
            int codePoint = text.codePointAt(at);
            width = Character.charCount(codePoint);
            int folded = Folding.of(reading == Reading.PLAIN ? codePoint : lookAlike(codePoint, reading));
            switch (folded) {
                case Folding.INVISIBLE -> endAt(at + width, gap);
                case Folding.SEPARATOR, Folding.CLAUSE_END -> {
                    separators++;
                    gap = separators > MAX_SEPARATORS
                            ? BEYOND
                            : folded == Folding.CLAUSE_END || gap == IN_NEXT_CLAUSE ? IN_NEXT_CLAUSE : APART;
                }
                case Folding.VOICING -> {
                    if (length > 0 && gap == TOGETHER) {
                        letters[length - 1] = Folding.voiced(letters[length - 1], codePoint);
                        endAt(at + width, gap);
                    }
                }
                case Folding.SEVERAL -> {
                    for (int letter : Folding.expansion(codePoint)) {
                        append(letter, at, at + width, gap);
                        gap = TOGETHER;
                    }
                    separators = 0;
                }
                default -> {
                    append(folded, at, at + width, gap);
                    gap = TOGETHER;
                    separators = 0;
                }
            }
        }
    }

    private void endAt(int end, byte gap) {
        if (length > 0 && gap == TOGETHER) {
            ends[length - 1] = end;
        }
    }

    private void append(int letter, int start, int end, byte gap) {
        if (length == letters.length) {
            int capacity = Math.max(16, length * 2);
            letters = Arrays.copyOf(letters, capacity);
            starts = Arrays.copyOf(starts, capacity);
            ends = Arrays.copyOf(ends, capacity);
            gaps = Arrays.copyOf(gaps, capacity);
        }
        letters[length] = letter;
        starts[length] = start;
        ends[length] = end;
        gaps[length] = gap;
        length++;
    }
}
