package dev.tidings.processors.moderation;

import java.util.Arrays;

/**
 * Aho-Corasick: finds all words in a row of letters at once, whatever their number. States are numbers; {@link #ROOT}
 * is where no word has begun, and those in which a word ends are negative.
 *
 * <p>Letters come as classes, the commonest first. For the first {@value #ROW} classes every state has its row of
 * transitions, with failures worked in, so that a letter is one look-up. For the others (there are thousands of
 * ideographs, and a state has few of them) transitions lie in one hash table, and failures are followed while reading.
 * Rows take up to 64 MB, and are left out where the states are too many for them.
 */
final class Automaton {

    static final int ROOT = 0;
    static final int NONE = -1;

    private static final int ROW_BITS = 5;
    private static final int ROW = 1 << ROW_BITS;
    private static final int MAX_ROW_ENTRIES = 16 << 20;

    /** Added to the number of a state in which a word ends. */
    private static final int HIT = Integer.MIN_VALUE;

    /** Of every state one after the other: by class, the state that follows. */
    private final int[] rows;

    /** How many classes the rows are for: all that fit or none. */
    private final int rowLength;

    /** By class, the state that follows on the root. */
    private final int[] fromRoot;

    /** What is in no row, and not from the root. */
    private final Edges edges;

    /** By number of the state, the number of the longest other one that ends in the same letters. */
    private final int[] failures;

    /** The number itself if a word ends in the state, or of the next shorter one in which one does, or none. */
    private final int[] hits;

    /** The word that ends in it, or none. */
    private final int[] words;

    /** By word, another one of the same letters, or none. */
    private final int[] sameLetters;

    private final int longestWord;

    /**
     * @param spelled words as classes, each at least one; a word's number is its place
     * @param classes all classes are below, and above zero, which is left for letters of no word
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

    /** How many letters the longest word has. */
    int longestWord() {
        return longestWord;
    }

    /** The state after one more letter. */
    int next(int state, int letter) {
        return letter < rowLength ? rows[state << ROW_BITS | letter] : nextBeyondRow(state, letter);
    }

    /** Whether a word ends here. */
    static boolean isHit(int state) {
        return state < 0;
    }

    /** The longest word that ends here, as a hit, or {@link #NONE}. */
    int longestHit(int state) {
        return hits[number(state)];
    }

    /** The next shorter one, or {@link #NONE}. */
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
     * Depth by depth: what a state fails to is shallower, and must be complete with its children. States are numbered in
     * this order, so that the shallow ones, in which nearly all time is spent, lie together in memory. All are plain
     * numbers yet.
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
