package dev.tidings.processors.moderation;

import static dev.tidings.processors.moderation.Alphabet.CLASS;
import static dev.tidings.processors.moderation.Alphabet.SEPARATOR;
import static dev.tidings.processors.moderation.Alphabet.STRETCHABLE;

/** Passes letters on, but of one that stands three times or more in a row only so many as asked for. */
final class Shortener implements Letters {

    /** So many of one letter do not occur in writing; who types them may mean one or two. */
    static final int STRETCH = 3;

    private final Letters shortened;

    /** The first ones of a row of the same letter; more are never passed on. */
    private final int[] letters = new int[STRETCH - 1];

    private final int[] starts = new int[STRETCH - 1];
    private final int[] ends = new int[STRETCH - 1];

    private int kept;

    /** How long the row is. */
    private int count;

    /** Behind all of it. */
    private int end;

    Shortener(Letters shortened) {
        this.shortened = shortened;
    }

    /** @param kept how many of a letter are left: one or two */
    void begin(int kept) {
        this.kept = kept;
        count = 0;
    }

    /** Whether a letter is one more of those before it. */
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

    /** Not of letters that are shortened: no mark changes those. */
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
