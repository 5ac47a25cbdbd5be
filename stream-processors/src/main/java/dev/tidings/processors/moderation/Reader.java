package dev.tidings.processors.moderation;

import static dev.tidings.processors.moderation.Alphabet.BEYOND;
import static dev.tidings.processors.moderation.Alphabet.CLASS;
import static dev.tidings.processors.moderation.Alphabet.CLAUSE_END;
import static dev.tidings.processors.moderation.Alphabet.INVISIBLE;
import static dev.tidings.processors.moderation.Alphabet.IRREGULAR;
import static dev.tidings.processors.moderation.Alphabet.LOOK_ALIKE;
import static dev.tidings.processors.moderation.Alphabet.SEPARATOR;
import static dev.tidings.processors.moderation.Alphabet.SIGN;
import static dev.tidings.processors.moderation.Alphabet.SPACED;
import static dev.tidings.processors.moderation.Alphabet.STRETCHABLE;

import java.util.function.Consumer;

/**
 * Reads a text, or a run of it, once: hands on its letters one by one, with what separators lie between, and tells of the
 * runs that can be read otherwise.
 */
final class Reader {

    /** Below are no vowels and final consonants of Hangul. */
    private static final int FIRST_OF_SYLLABLE = 0x1161;

    /** In which letters are looked up that come from others. */
    private final Alphabet plain;

    private final String text;
    private final Consumer<Run> runs;

    /** What separators lie before the next letter, as its entry says it; 0 if none do. */
    private int gap;

    private int separators;

    /** The last letter if it touches what comes next (no separators lie between), and the one before it. */
    private int last;

    private int lastButOne;

    /** Of the run that is being read, see {@link Run}; without traits there is none. */
    private int traits;

    private int runFrom;
    private int before;
    private boolean isStretched;

    /** @param runs is told the runs that hold distortions */
    Reader(Alphabet plain, String text, Consumer<Run> runs) {
        this.plain = plain;
        this.text = text;
        this.runs = runs;
    }

    /** Reads all of the text as it stands. */
    void read(Letters letters) {
        begin();
        read(0, text.length(), plain, letters);
        letters.finish();
        endRun(text.length(), SEPARATOR);
    }

    /** Reads a run in another alphabet, in its place: between the letters that touch it, which are in no word then. */
    void read(Run run, Alphabet alphabet, Letters letters) {
        begin();
        if (run.before() != SEPARATOR) {
            letters.add(ofNoWord(run.before()), run.from(), run.from());
            gap = 0;
        }
        read(run.from(), run.to(), alphabet, letters);
        if (run.behind() != SEPARATOR) {
            letters.add(ofNoWord(run.behind()) | gap, run.to(), run.to());
        }
        letters.finish();
    }

    /** Whether a letter of some word stands three times or more in a row in the last run. */
    boolean isStretched() {
        return isStretched;
    }

    private void begin() {
        gap = SEPARATOR;
        separators = 0;
        last = SEPARATOR;
        traits = 0;
        isStretched = false;
    }

    private void read(int from, int to, Alphabet alphabet, Letters letters) {
        int lastCodePoint = 0;
        int width;
        for (int at = from; at < to; at += width) {
            int codePoint = text.charAt(at);
            width = 1;
            if (Character.isHighSurrogate((char) codePoint)) {
                codePoint = text.codePointAt(at);
                width = Character.charCount(codePoint);
            }
            if (gap == 0 && codePoint >= FIRST_OF_SYLLABLE && goOnWithSyllable(lastCodePoint, codePoint, at, letters)) {
                lastCodePoint = Folding.voiced(Folding.of(lastCodePoint), Folding.of(codePoint));
                letters.extend(at + width);
                continue;
            }
            int entry = alphabet.entry(codePoint);
            if ((entry & (SEPARATOR | INVISIBLE | IRREGULAR)) == 0) {
                lastCodePoint = codePoint;
                if ((entry & SPACED) != 0) {
                    goOnWithRun(entry, at);
                } else {
                    endRun(at, entry);
                }
                letter(entry, at, at + width, letters);
            } else if ((entry & SEPARATOR) != 0) {
                separator(entry, at);
            } else if ((entry & INVISIBLE) != 0) {
                if (gap == 0) {
                    letters.extend(at + width);
                }
            } else if (Folding.of(codePoint) == Folding.VOICING) {
                endRun(at, SEPARATOR);
                last = SEPARATOR;
                if (gap == 0) {
                    lastCodePoint = Folding.voiced(Folding.of(lastCodePoint), codePoint);
                    letters.replace(plain.entry(lastCodePoint));
                    letters.extend(at + width);
                }
            } else {
                int[] expansion = Folding.expansion(codePoint);
                severalLetters(entry, expansion, at, at + width, letters);
                lastCodePoint = expansion[expansion.length - 1];
            }
        }
    }

    /** Whether a vowel or a final consonant has been taken into the Hangul syllable before it. */
    private boolean goOnWithSyllable(int lastCodePoint, int codePoint, int at, Letters letters) {
        int letter = Folding.of(codePoint);
        if (!Folding.isOfSyllable(letter)) {
            return false;
        }
        int before = Folding.of(lastCodePoint);
        int syllable = Folding.voiced(before, letter);
        if (syllable == before) {
            return false;
        }
        endRun(at, SEPARATOR);
        last = SEPARATOR;
        letters.replace(plain.entry(syllable));
        return true;
    }

    private void letter(int letter, int start, int end, Letters letters) {
        if ((((letter ^ last) | (letter ^ lastButOne)) & CLASS) == 0) {
            isStretched |= (letter & STRETCHABLE) != 0;
        }
        lastButOne = last;
        last = letter;
        letters.add(letter | gap, start, end);
        gap = 0;
    }

    /** Digits among them are digits. */
    private void severalLetters(int entry, int[] expansion, int start, int end, Letters letters) {
        if ((entry & SPACED) != 0) {
            goOnWithRun(entry, start);
        } else {
            endRun(start, plain.entry(expansion[0]));
        }
        for (int letter : expansion) {
            letter(plain.entry(letter) & ~LOOK_ALIKE, start, end, letters);
        }
    }

    private void separator(int entry, int at) {
        if ((entry & SIGN) != 0) {
            goOnWithRun(entry, at);
        } else {
            endRun(at, SEPARATOR);
        }
        separators = gap == 0 ? 1 : separators + 1;
        gap |= entry & (SEPARATOR | CLAUSE_END) | (separators > FoldedText.MAX_SEPARATORS ? BEYOND : 0);
        last = SEPARATOR;
    }

    private static int ofNoWord(int letter) {
        return letter & ~(CLASS | STRETCHABLE);
    }

    private void goOnWithRun(int entry, int at) {
        if (traits == 0) {
            runFrom = at;
            before = last;
        }
        traits |= entry;
    }

    private void endRun(int to, int behind) {
        if (traits != 0) {
            if (isStretched || Run.isDistorted(traits)) {
                runs.accept(new Run(runFrom, to, traits, isStretched, before, behind));
            }
            traits = 0;
            isStretched = false;
        }
    }
}
