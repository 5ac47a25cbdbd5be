package dev.tidings.processors.moderation;

import static dev.tidings.processors.moderation.Alphabet.CLASS;
import static dev.tidings.processors.moderation.Alphabet.SEPARATOR;
import static dev.tidings.processors.moderation.Alphabet.STRETCHABLE;

/** Forwards letters, and shortens three or more equal letters in a row to one or two. */
final class Shortener implements LetterSink {

    /** So many equal letters in a row do not occur in normal words; they count as one or two. */
    static final int STRETCH = 3;

    private final LetterSink shortened;

    /** The first equal letters of the row; further ones are never forwarded. */
    private final int[] letters = new int[STRETCH - 1];

    private final int[] starts = new int[STRETCH - 1];
    private final int[] ends = new int[STRETCH - 1];

    private int kept;

    /** The length of the row. */
    private int count;

    /** The position after the row. */
    private int end;

    Shortener(LetterSink shortened) {
        this.shortened = shortened;
    }

    /** @param kept the number of equal letters to forward: one or two */
    void begin(int kept) {
        this.kept = kept;
        count = 0;
    }

    /** Whether the letter continues a row of equal letters. */
    static boolean isRepeated(int letter, int before) {
        return ((letter ^ before) & CLASS) == 0 && (letter & (STRETCHABLE | SEPARATOR)) == STRETCHABLE;
    }

    @Override
    public void add(int letter, int start, int end) {
        if (count > 0 && !isRepeated(letter, letters[0])) {
            passOn();
        }
        if (count < letters.length) {
            letters[count] = letter;
            starts[count] = start;
            ends[count] = end;
        }
        count++;
        this.end = end;
    }

    @Override
    public void extend(int end) {
        if (count > 0 && count <= ends.length) {
            ends[count - 1] = end;
        }
        this.end = end;
    }

    /** Not called for letters that are shortened, because no mark changes those. */
    @Override
    public void replace(int letter) {
        letters[0] = letter;
    }

    @Override
    public void finish() {
        passOn();
        shortened.finish();
    }

    private void passOn() {
        int left = count < STRETCH ? count : kept;
        for (int index = 0; index < left; index++) {
            shortened.add(letters[index], starts[index], index == left - 1 ? end : ends[index]);
        }
        count = 0;
    }
}
