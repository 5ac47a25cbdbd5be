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
 * Reads a text, or a run of it, in one pass: passes the letters with the separators before them to a {@link LetterSink}, and reports
 * the runs with distortions.
 */
final class TextReader {

    /** The first vowel of Hangul; final consonants are larger. */
    private static final int FIRST_OF_SYLLABLE = 0x1161;

    /** For letters that result from several code points. */
    private final Alphabet plain;

    private final String text;
    private final Consumer<Run> runs;

    /** The separators before the next letter, as traits of its entry. 0: none. */
    private int gap;

    private int separators;

    /** The last letter if no separators follow it, and the one before it. */
    private int last;

    private int lastButOne;

    /** The traits of the current run, see {@link Run}; 0 outside of runs. */
    private int traits;

    private int runFrom;
    private int before;
    private boolean isStretched;

    /** @param runs receives the runs with distortions */
    TextReader(Alphabet plain, String text, Consumer<Run> runs) {
        this.plain = plain;
        this.text = text;
        this.runs = runs;
    }

    /** Reads the whole text literally. */
    void read(LetterSink letters) {
        begin();
        read(0, text.length(), plain, letters);
        letters.finish();
        endRun(text.length(), SEPARATOR);
    }

    /** Reads a run with another alphabet, between the letters that touch it, which belong to no word. */
    void read(Run run, Alphabet alphabet, LetterSink letters) {
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

    /** Whether the last run has three or more equal letters of a word in a row. */
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

    private void read(int from, int to, Alphabet alphabet, LetterSink letters) {
        int lastCodePoint = 0;
        int width;
        for (int at = from; at < to; at += width) {
            int codePoint = text.charAt(at);
            width = 1;
            if (Character.isHighSurrogate((char) codePoint)) {
                codePoint = text.codePointAt(at);
                width = Character.charCount(codePoint);
            }
            if (gap == 0 && codePoint >= FIRST_OF_SYLLABLE && extendSyllable(lastCodePoint, codePoint, at, letters)) {
                lastCodePoint = Folding.voiced(Folding.of(lastCodePoint), Folding.of(codePoint));
                letters.extend(at + width);
                continue;
            }
            int entry = alphabet.entry(codePoint);
            if ((entry & (SEPARATOR | INVISIBLE | IRREGULAR)) == 0) {
                lastCodePoint = codePoint;
                if ((entry & SPACED) != 0) {
                    extendRun(entry, at);
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

    /** Composes a vowel or a final consonant with the Hangul syllable before it; false if they do not compose. */
    private boolean extendSyllable(int lastCodePoint, int codePoint, int at, LetterSink letters) {
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

    private void letter(int letter, int start, int end, LetterSink letters) {
        if ((((letter ^ last) | (letter ^ lastButOne)) & CLASS) == 0) {
            isStretched |= (letter & STRETCHABLE) != 0;
        }
        lastButOne = last;
        last = letter;
        letters.add(letter | gap, start, end);
        gap = 0;
    }

    /** Digits in an expansion are digits, not look-alikes. */
    private void severalLetters(int entry, int[] expansion, int start, int end, LetterSink letters) {
        if ((entry & SPACED) != 0) {
            extendRun(entry, start);
        } else {
            endRun(start, plain.entry(expansion[0]));
        }
        for (int letter : expansion) {
            letter(plain.entry(letter) & ~LOOK_ALIKE, start, end, letters);
        }
    }

    private void separator(int entry, int at) {
        if ((entry & SIGN) != 0) {
            extendRun(entry, at);
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

    private void extendRun(int entry, int at) {
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
