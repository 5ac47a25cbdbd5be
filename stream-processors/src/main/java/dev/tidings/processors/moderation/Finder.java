package dev.tidings.processors.moderation;

import static dev.tidings.processors.moderation.Alphabet.BEYOND;
import static dev.tidings.processors.moderation.Alphabet.CLASS;
import static dev.tidings.processors.moderation.Alphabet.CLAUSE_END;
import static dev.tidings.processors.moderation.Alphabet.SEPARATOR;

/**
 * Finds the words in a sequence of letters. An occurrence depends on the letters before and after the word, so a ring buffer keeps
 * one letter more than the longest word has, and the words that end with a letter are reported at the next letter.
 */
final class Finder implements LetterSink, LetterWindow {

    private final Automaton automaton;
    private final Word[] words;
    private final Findings findings;

    /** The ring buffer of the last letters; its length is a power of two. */
    private final int[] letters;

    /** Their positions in the text. */
    private final int[] starts;

    private final int mask;

    /** The number of letters so far, and the index of the next one. */
    private int length;

    private int state;

    /** The state before the last letter. */
    private int previousState;

    /** The position in the text after the last letter. */
    private int end;

    private boolean isStretched;
    private boolean hasLookAlikes;

    Finder(Automaton automaton, Word[] words, Findings findings) {
        this.automaton = automaton;
        this.words = words;
        this.findings = findings;
        int slots = Integer.highestOneBit(automaton.longestWord()) * 2;
        letters = new int[slots];
        starts = new int[slots];
        mask = slots - 1;
    }

    /** Begins another sequence of letters. */
    void begin(boolean isStretched, boolean hasLookAlikes) {
        this.isStretched = isStretched;
        this.hasLookAlikes = hasLookAlikes;
        state = Automaton.ROOT;
        length = 0;
    }

    @Override
    public void add(int letter, int start, int end) {
        if (Automaton.isHit(state)) {
            find(letter);
        }
        previousState = (letter & BEYOND) == 0 ? state : Automaton.ROOT;
        state = automaton.next(previousState, letter & CLASS);
        int slot = length & mask;
        letters[slot] = letter;
        starts[slot] = start;
        this.end = end;
        length++;
    }

    @Override
    public void extend(int end) {
        this.end = end;
    }

    @Override
    public void replace(int letter) {
        int slot = (length - 1) & mask;
        letters[slot] = letter | (letters[slot] & (SEPARATOR | CLAUSE_END | BEYOND));
        state = automaton.next(previousState, letter & CLASS);
    }

    @Override
    public void finish() {
        if (Automaton.isHit(state)) {
            find(SEPARATOR);
        }
        state = Automaton.ROOT;
    }

    /** The entry of a letter in the ring buffer. */
    @Override
    public int letter(int index) {
        return letters[index & mask];
    }

    /** @param next the entry of the letter after the last one */
    private void find(int next) {
        int together = length - 1;
        int oldest = Math.max(0, length - letters.length);
        while (together > oldest && (letter(together) & SEPARATOR) == 0) {
            together--;
        }
        for (int hit = automaton.longestHit(state); hit != Automaton.NONE; hit = automaton.shorterHit(hit)) {
            for (int word = automaton.word(hit); word != Automaton.NONE; word = automaton.sameLetters(word)) {
                int first = length - words[word].length();
                if (words[word].occurs(this, first, together, next, isStretched, hasLookAlikes)) {
                    findings.add(word, starts[first & mask], end);
                }
            }
        }
    }
}
