package dev.tidings.processors.moderation;

import static dev.tidings.processors.moderation.Alphabet.BEYOND;
import static dev.tidings.processors.moderation.Alphabet.CLASS;
import static dev.tidings.processors.moderation.Alphabet.CLAUSE_END;
import static dev.tidings.processors.moderation.Alphabet.SEPARATOR;

/**
 * Finds the words in a row of letters. Whether the letters of a word are an occurrence of it depends on one letter before
 * them and on one behind; so it remembers one letter more than the longest word has, in a ring, and tells what ends with a
 * letter when the next one comes.
 */
final class Finder implements Letters {

    private final Automaton automaton;
    private final Word[] words;
    private final Findings findings;

    /** The last letters, each at its index modulo the ring's length, a power of two. */
    private final int[] letters;

    /** Of them, in the text. */
    private final int[] starts;

    private final int mask;

    /** How many letters came, and the index of the next one. */
    private int length;

    private int state;

    /** As of before the last letter. */
    private int previousState;

    /** Behind the last letter, in the text. */
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

    /** Another row of letters comes, read in some way. */
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

    /** The entry of one of the last letters. */
    int letter(int index) {
        return letters[index & mask];
    }

    /** @param next the letter behind the last one */
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
