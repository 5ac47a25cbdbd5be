package dev.tidings.processors;

import java.util.Random;

/**
 * The seed of tests with random input, which print it. It is a constant, also in the build file, so that builds are
 * repeatable. {@code -Dtidings.seed=random} selects a new seed, and
 * {@code -Dtidings.seed=<number>} repeats a failure.
 */
public final class TestSeed {

    private static final String PROPERTY = "tidings.seed";
    private static final long DEFAULT = 20261128;

    private TestSeed() {}

    public static long get() {
        return isRandom() ? new Random().nextLong() : Long.getLong(PROPERTY, DEFAULT);
    }

    /** Returns true if a number other than the default was given. */
    public static boolean isGiven() {
        return !isRandom() && get() != DEFAULT;
    }

    public static boolean isRandom() {
        return "random".equals(System.getProperty(PROPERTY));
    }
}
