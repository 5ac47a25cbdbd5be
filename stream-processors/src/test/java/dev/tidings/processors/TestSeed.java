package dev.tidings.processors;

import java.util.Random;

/**
 * The seed of tests with random input. It is a constant, so a build is repeatable; {@code -Dtidings.seed=random} gives a new seed, and
 * {@code -Dtidings.seed=<number>} the seed of a failure. Every such test prints its seed.
 */
public final class TestSeed {

    private static final String PROPERTY = "tidings.seed";
    private static final long DEFAULT = 1;

    private TestSeed() {}

    public static long get() {
        return isRandom() ? new Random().nextLong() : Long.parseLong(System.getProperty(PROPERTY, "" + DEFAULT));
    }

    /** Whether a number was given. */
    public static boolean isGiven() {
        return System.getProperty(PROPERTY) != null && !isRandom();
    }

    public static boolean isRandom() {
        return "random".equals(System.getProperty(PROPERTY));
    }
}
