package dev.tidings.processors.moderation;

import java.util.Arrays;

/**
 * An Aho-Corasick automaton: finds all words in a sequence of letters in one pass. States are numbers; in {@link #ROOT} no word has
 * begun, and a state in which a word ends is negative.
 *
 * <p>Letters are classes, the most frequent first. For the first {@value #ROW} classes each state has a row of transitions with the
 * failure links resolved, so a letter needs one lookup. The transitions of the other classes, of which each state has few, are in
 * one hash table, and the failure links are followed during the search. The rows have at most 64 MB, and are left out if there are
 * too many states.
 */
final class Automaton {

    static final int ROOT = 0;
    static final int NONE = -1;

    private static final int ROW_BITS = 5;
    private static final int ROW = 1 << ROW_BITS;
    private static final int MAX_ROW_ENTRIES = 16 << 20;

    /** Added to the number of a state in which a word ends. */
    private static final int HIT = Integer.MIN_VALUE;

    /** The rows of all states: the next state by class. */
    private final int[] rows;

    /** The number of classes in a row; 0 if there are no rows. */
    private final int rowLength;

    /** The next state of the root by class. */
    private final int[] fromRoot;

    /** The transitions that are neither in a row nor from the root. */
    private final Edges edges;

    /** The failure link of each state: the longest other state that ends in the same letters. */
    private final int[] failures;

    /** For each state, the state itself or the next shorter one in which a word ends, or {@link #NONE}. */
    private final int[] hits;

    /** The word that ends in each state, or {@link #NONE}. */
    private final int[] words;

    /** For each word, another one with the same letters, or {@link #NONE}. */
    private final int[] sameLetters;

    private final int longestWord;

    /**
     * @param spelled the classes of each word, at least one; the number of a word is its index
     * @param classes the number of classes, including class 0 for letters of no word
     */
    Automaton(int[][] spelled, int classes) {
        Trie trie = new Trie(spelled);
        int states = trie.size;
        longestWord = Arrays.stream(spelled).mapToInt(word -> word.length).max().orElse(0);
        sameLetters = trie.sameLetters;
        words = new int[states];
        failures = new int[states];
        hits = new int[states];
        fromRoot = new int[classes];
        rowLength = states <= MAX_ROW_ENTRIES >> ROW_BITS ? ROW : 0;
        rows = new int[states * rowLength];
        edges = new Edges(states);
        link(trie, trie.inOrderOfDepth());
        Arrays.setAll(rows, index -> marked(rows[index]));
        Arrays.setAll(fromRoot, letter -> marked(fromRoot[letter]));
        edges.replaceTargets(this::marked);
    }

    /** The number of letters of the longest word. */
    int longestWord() {
        return longestWord;
    }

    /** The state after the next letter. */
    int next(int state, int letter) {
        return letter < rowLength ? rows[state << ROW_BITS | letter] : nextBeyondRow(state, letter);
    }

    /** Whether a word ends in the state. */
    static boolean isHit(int state) {
        return state < 0;
    }

    /** The hit of the longest word that ends in the state, or {@link #NONE}. */
    int longestHit(int state) {
        return hits[number(state)];
    }

    /** The hit of the next shorter word, or {@link #NONE}. */
    int shorterHit(int hit) {
        return hits[failures[hit]];
    }

    /** A word of the hit. */
    int word(int hit) {
        return words[hit];
    }

    /** Another word with the same letters, or {@link #NONE}. */
    int sameLetters(int word) {
        return sameLetters[word];
    }

    private int nextBeyondRow(int state, int letter) {
        for (int from = number(state); from != ROOT; from = failures[from]) {
            int target = edges.target(from, letter);
            if (target != Edges.NONE) {
                return target;
            }
        }
        return fromRoot[letter];
    }

    private int marked(int number) {
        return hits[number] == NONE ? number : number | HIT;
    }

    private static int number(int state) {
        return state & ~HIT;
    }

    /**
     * Adds the states by depth, because a failure link leads to a shallower state, which must be complete with its children. The
     * numbers follow this order, so the shallow states, which are used most, are close in memory. The sign is not set yet.
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
            rows[state << ROW_BITS | letter] = target;
        } else {
            edges.add(state, letter, target);
        }
    }

    /** The prefix tree of the words. */
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

        /** The nodes in order of depth, by counting sort. */
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
