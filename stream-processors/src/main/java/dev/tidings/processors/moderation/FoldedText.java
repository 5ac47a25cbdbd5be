package dev.tidings.processors.moderation;

import java.util.Arrays;

/** The folded letters of a text, with their positions and the gaps before them. */
final class FoldedText {

    /** Only invisible characters lie between the letter and the previous one. */
    static final byte TOGETHER = 0;

    /** Separators lie between. Also the gap of the first letter. */
    static final byte APART = 1;

    /** Separators lie between, and one of them ends a clause. */
    static final byte IN_NEXT_CLAUSE = 2;

    /** More than {@value #MAX_SEPARATORS} separators lie between; no word continues here. */
    static final byte BEYOND = 3;

    static final int MAX_SEPARATORS = 3;

    private int length;
    private int[] letters;
    private int[] starts;
    private int[] ends;
    private byte[] gaps;

    private FoldedText(int capacity) {
        letters = new int[capacity];
        starts = new int[capacity];
        ends = new int[capacity];
        gaps = new byte[capacity];
    }

    static FoldedText of(String text) {
        FoldedText folded = new FoldedText(text.length());
        folded.fold(text);
        return folded;
    }

    int length() {
        return length;
    }

    int letter(int index) {
        return letters[index];
    }

    /** The position of the code point that gave the letter. */
    int start(int index) {
        return starts[index];
    }

    /** The position after the code point that gave the letter, and after the invisible characters behind it. */
    int end(int index) {
        return ends[index];
    }

    byte gap(int index) {
        return gaps[index];
    }

    private void fold(String text) {
        int separators = 0;
        byte gap = APART;
        int width;
        for (int at = 0; at < text.length(); at += width) {
            int codePoint = text.codePointAt(at);
            width = Character.charCount(codePoint);
            int folded = Folding.of(codePoint);
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
                    if (gap == TOGETHER && Folding.isOfSyllable(folded)) {
                        int syllable = Folding.voiced(letters[length - 1], folded);
                        if (syllable != letters[length - 1]) {
                            letters[length - 1] = syllable;
                            endAt(at + width, gap);
                            continue;
                        }
                    }
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
