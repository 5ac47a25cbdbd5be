package dev.tidings.processors.parts;

/**
 * Keys made of several parts, so that all keys with the same beginning lie together. Ids hold no control characters,
 * so a zero character parts them.
 */
public final class StoreKey {

    private static final char SEPARATOR = '\0';
    private static final char AFTER_SEPARATOR = '\1';

    private StoreKey() {}

    public static String of(String first, String second) {
        return first + SEPARATOR + second;
    }

    public static String of(String first, String second, String third) {
        return first + SEPARATOR + second + SEPARATOR + third;
    }

    /** Numbers from 0 sort as numbers. */
    public static String of(String first, long number) {
        String hex = Long.toHexString(number);
        return first + SEPARATOR + "0".repeat(16 - hex.length()) + hex;
    }

    /** Lower end (inclusive) of the keys whose first part this is. */
    public static String firstOf(String first) {
        return first + SEPARATOR;
    }

    /** Upper end of the keys whose first part this is. */
    public static String lastOf(String first) {
        return first + AFTER_SEPARATOR;
    }

    /** The lowest of all keys after this one. */
    public static String after(String key) {
        return key + SEPARATOR;
    }

    /** The part after the first. */
    public static String second(String key) {
        return key.substring(key.indexOf(SEPARATOR) + 1);
    }
}
