package dev.tidings.processors.moderation;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/** State transitions by state and class: a hash table with open addressing, at most half full. */
final class Edges {

    static final int NONE = -1;

    private static final long FREE = -1;

    private final long[] edges;
    private final int[] targets;

    /** @param capacity the maximum number of edges */
    Edges(int capacity) {
        int slots = Integer.highestOneBit(Math.max(capacity, 1)) * 4;
        edges = new long[slots];
        targets = new int[slots];
        Arrays.fill(edges, FREE);
    }

    void add(int state, int letter, int target) {
        int slot = slot(state, letter);
        edges[slot] = edge(state, letter);
        targets[slot] = target;
    }

    /** The next state, or {@link #NONE}. */
    int target(int state, int letter) {
        int slot = slot(state, letter);
        return edges[slot] == FREE ? NONE : targets[slot];
    }

    void replaceTargets(IntUnaryOperator replacement) {
        for (int slot = 0; slot < edges.length; slot++) {
            if (edges[slot] != FREE) {
                targets[slot] = replacement.applyAsInt(targets[slot]);
            }
        }
    }

    /** The slot of the edge, or the free slot for it. */
    private int slot(int state, int letter) {
        long edge = edge(state, letter);
        int mask = edges.length - 1;
        int slot = (int) ((edge * 0x9E3779B97F4A7C15L) >>> Integer.SIZE) & mask;
        while (edges[slot] != FREE && edges[slot] != edge) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private static long edge(int state, int letter) {
        return (long) state << Integer.SIZE | letter;
    }
}
