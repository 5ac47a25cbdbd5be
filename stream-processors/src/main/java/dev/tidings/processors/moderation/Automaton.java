package dev.tidings.processors.moderation;

import java.util.Arrays;

/**
 * Aho-Corasick: finds all words in a row of letters at once, whatever their number. States are numbers; {@link #ROOT}
 * is where no word has begun.
 *
 * <p>Letters come as classes, the commonest first. For the first classes every state has its row of transitions, with
 * failure links worked in, so that a letter is one look-up. For the others (there are thousands of ideographs, and a
 * state has few of them) transitions lie in one hash table, and failure links are followed while reading. Rows take up to
 * 64 MB, and are left out where the states are too many for them.
 */
final class Automaton {

    static final int ROOT = 0;
    static final int NONE = -1;

    private static final int MAX_ROW = 64;
    private static final int MAX_ROW_ENTRIES = 16 << 20;
    private static final long FREE = -1;

    /** Of every state one after the other: by class, the state that follows. */
    private final int[] rows;

    private final int rowLength;

    /** Open addressing: state and class, and the state that follows. At most half full. */
    private final long[] edges;

    private final int[] targets;
    private final int[] fromRoot;

    /** The longest other state that ends in the same letters. */
    private final int[] failures;

    /** The word that ends in a state, or none; words of the same letters are chained. */
    private final int[] words;

    private final int[] sameLetters;

    /** The state itself if a word ends in it, or the next shorter one in which one does, or none. */
    private final int[] hits;

    /**
     * @param spelled words as classes, each at least one; a word's number is its place
     * @param classes all classes are below, and above zero, which is left for letters of no word
     */
    Automaton(int[][] spelled, int classes) {
        int letters = 0;
        for (int[] word : spelled) {
            letters += word.length;
        }
        int capacity = Integer.highestOneBit(Math.max(letters, 1)) * 4;
        edges = new long[capacity];
        targets = new int[capacity];
        Arrays.fill(edges, FREE);
        fromRoot = new int[classes];

        int[] parents = new int[letters + 1];
        int[] lastClasses = new int[letters + 1];
        int[] depths = new int[letters + 1];
        int[] wordAt = new int[letters + 1];
        Arrays.fill(wordAt, NONE);
        sameLetters = new int[spelled.length];
        int states = 1;
        for (int word = 0; word < spelled.length; word++) {
            int state = ROOT;
            for (int letter : spelled[word]) {
                int slot = slot(state, letter);
                if (edges[slot] == FREE) {
                    edges[slot] = edge(state, letter);
                    targets[slot] = states;
                    parents[states] = state;
                    lastClasses[states] = letter;
                    depths[states] = depths[state] + 1;
                    states++;
                }
                state = targets[slot];
            }
            sameLetters[word] = wordAt[state];
            wordAt[state] = word;
        }
        words = Arrays.copyOf(wordAt, states);
        failures = new int[states];
        hits = new int[states];
        rowLength = (long) states * Math.min(classes, MAX_ROW) <= MAX_ROW_ENTRIES ? Math.min(classes, MAX_ROW) : 0;
        rows = new int[states * rowLength];
        link(byDepth(depths, states), parents, lastClasses, depths);
    }

    /** The state after one more letter. */
    int next(int state, int letter) {
        if (letter < rowLength) {
            return rows[state * rowLength + letter];
        }
        int from = state;
        while (from != ROOT) {
            int slot = slot(from, letter);
            if (edges[slot] != FREE) {
                return targets[slot];
            }
            from = failures[from];
        }
        return fromRoot[letter];
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

    /** Depth by depth: what a state fails to is shallower, and must be complete with its children. */
    private void link(int[] order, int[] parents, int[] lastClasses, int[] depths) {
        hits[ROOT] = NONE;
        int from = 1;
        while (from < order.length) {
            int to = from;
            while (to < order.length && depths[order[to]] == depths[order[from]]) {
                int state = order[to++];
                if (parents[state] == ROOT) {
                    fromRoot[lastClasses[state]] = state;
                }
                if (lastClasses[state] < rowLength) {
                    rows[parents[state] * rowLength + lastClasses[state]] = state;
                }
            }
            for (; from < to; from++) {
                int state = order[from];
                int failure = parents[state] == ROOT ? ROOT : next(failures[parents[state]], lastClasses[state]);
                failures[state] = failure;
                hits[state] = words[state] == NONE ? hits[failure] : state;
                System.arraycopy(rows, failure * rowLength, rows, state * rowLength, rowLength);
            }
        }
    }

    /** Counting sort. */
    private static int[] byDepth(int[] depths, int states) {
        int deepest = 0;
        for (int state = 0; state < states; state++) {
            deepest = Math.max(deepest, depths[state]);
        }
        int[] places = new int[deepest + 2];
        for (int state = 0; state < states; state++) {
            places[depths[state] + 1]++;
        }
        for (int depth = 0; depth <= deepest; depth++) {
            places[depth + 1] += places[depth];
        }
        int[] order = new int[states];
        for (int state = 0; state < states; state++) {
            order[places[depths[state]]++] = state;
        }
        return order;
    }

    private static long edge(int state, int letter) {
        return (long) state << Integer.SIZE | letter;
    }

    /** Where the edge lies, or the free slot where it would. */
    private int slot(int state, int letter) {
        long edge = edge(state, letter);
        int mask = edges.length - 1;
        int slot = (int) ((edge * 0x9E3779B97F4A7C15L) >>> 40) & mask;
        while (edges[slot] != FREE && edges[slot] != edge) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }
}
