package dev.tidings.processors.moderation;

import java.util.Arrays;

/**
 * Aho-Corasick: finds all words in a row of letters at once, whatever their number. States are numbers; {@link #ROOT}
 * is where no word has begun.
 *
 * <p>Letters come as classes, the commonest first. For the first {@value #MAX_ROW} classes every state has its row of
 * transitions, with failures worked in, so that a letter is one look-up. For the others (there are thousands of
 * ideographs, and a state has few of them) transitions lie in one hash table, and failures are followed while reading.
 * Rows take up to 64 MB, and are left out where the states are too many for them.
 */
final class Automaton {

    static final int ROOT = 0;
    static final int NONE = -1;

    private static final int MAX_ROW = 32;
    private static final int MAX_ROW_ENTRIES = 16 << 20;

    /** Of every state one after the other: by class, the state that follows. */
    private final int[] rows;

    private final int rowLength;

    /** By class, the state that follows on the root. */
    private final int[] fromRoot;

    /** What is in no row, and not from the root. */
    private final Edges edges;

    /** The longest other state that ends in the same letters. */
    private final int[] failures;

    /** The state itself if a word ends in it, or the next shorter one in which one does, or none. */
    private final int[] hits;

    /** By state, the word that ends in it, or none. */
    private final int[] words;

    /** By word, another one of the same letters, or none. */
    private final int[] sameLetters;

    /**
     * @param spelled words as classes, each at least one; a word's number is its place
     * @param classes all classes are below, and above zero, which is left for letters of no word
     */
    Automaton(int[][] spelled, int classes) {
        Trie trie = new Trie(spelled);
        int states = trie.size;
        sameLetters = trie.sameLetters;
        words = new int[states];
        failures = new int[states];
        hits = new int[states];
        fromRoot = new int[classes];
        int longestRow = Math.min(classes, MAX_ROW);
        rowLength = (long) states * longestRow <= MAX_ROW_ENTRIES ? longestRow : 0;
        rows = new int[states * rowLength];
        edges = new Edges(states);
        link(trie, trie.inOrderOfDepth());
    }

    /** The state after one more letter. */
    int next(int state, int letter) {
        return letter < rowLength ? rows[state * rowLength + letter] : nextBeyondRow(state, letter);
    }

    /** The state of the longest word that ends here, or {@link #NONE}. */
    int longestHit(int state) {
        return hits[state];
    }

    /** The state of the next shorter word that ends here, or {@link #NONE}. */
    int shorterHit(int hit) {
        return hits[failures[hit]];
    }

    /** A word of a hit. */
    int word(int hit) {
        return words[hit];
    }

    /** Another word of the same letters, or {@link #NONE}. */
    int sameLetters(int word) {
        return sameLetters[word];
    }

    private int nextBeyondRow(int state, int letter) {
        for (int from = state; from != ROOT; from = failures[from]) {
            int target = edges.target(from, letter);
            if (target != Edges.NONE) {
                return target;
            }
        }
        return fromRoot[letter];
    }

    /**
     * Depth by depth: what a state fails to is shallower, and must be complete with its children. States are numbered in
     * this order, so that the shallow ones, in which nearly all time is spent, lie together in memory.
     */
    private void link(Trie trie, int[] order) {
        int[] numbers = new int[order.length];
        for (int number = 0; number < order.length; number++) {
            numbers[order[number]] = number;
            words[number] = trie.words[order[number]];
        }
        hits[ROOT] = NONE;
        int from = 1;
        while (from < order.length) {
            int to = from;
            while (to < order.length && trie.depths[order[to]] == trie.depths[order[from]]) {
                add(numbers[trie.parents[order[to]]], trie.lastLetters[order[to]], to);
                to++;
            }
            for (; from < to; from++) {
                int parent = numbers[trie.parents[order[from]]];
                int failure = parent == ROOT ? ROOT : next(failures[parent], trie.lastLetters[order[from]]);
                failures[from] = failure;
                hits[from] = words[from] == NONE ? hits[failure] : from;
                System.arraycopy(rows, failure * rowLength, rows, from * rowLength, rowLength);
            }
        }
    }

    private void add(int state, int letter, int target) {
        if (state == ROOT) {
            fromRoot[letter] = target;
        }
        if (letter < rowLength) {
            rows[state * rowLength + letter] = target;
        } else {
            edges.add(state, letter, target);
        }
    }

    /** The words by their common beginnings. */
    private static final class Trie {

        private final int[] parents;
        private final int[] lastLetters;
        private final int[] depths;
        private final int[] words;
        private final int[] sameLetters;
        private int size = 1;

        Trie(int[][] spelled) {
            int letters = 0;
            for (int[] word : spelled) {
                letters += word.length;
            }
            parents = new int[letters + 1];
            lastLetters = new int[letters + 1];
            depths = new int[letters + 1];
            words = new int[letters + 1];
            Arrays.fill(words, NONE);
            sameLetters = new int[spelled.length];
            Edges children = new Edges(letters);
            for (int word = 0; word < spelled.length; word++) {
                int node = ROOT;
                for (int letter : spelled[word]) {
                    int child = children.target(node, letter);
                    if (child == Edges.NONE) {
                        child = size++;
                        children.add(node, letter, child);
                        parents[child] = node;
                        lastLetters[child] = letter;
                        depths[child] = depths[node] + 1;
                    }
                    node = child;
                }
                sameLetters[word] = words[node];
                words[node] = word;
            }
        }

        /** Counting sort. */
        int[] inOrderOfDepth() {
            int[] places = new int[size + 1];
            for (int node = 0; node < size; node++) {
                places[depths[node] + 1]++;
            }
            for (int depth = 0; depth < size; depth++) {
                places[depth + 1] += places[depth];
            }
            int[] order = new int[size];
            for (int node = 0; node < size; node++) {
                order[places[depths[node]]++] = node;
            }
            return order;
        }
    }
}
