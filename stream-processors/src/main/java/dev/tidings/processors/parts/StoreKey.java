package dev.tidings.processors.parts;

import java.util.Comparator;

/**
 * Keys made of several parts, so that all keys with the same beginning lie together. Ids hold no control characters,
 * so a zero character parts them.
 */
public final class StoreKey {

    private static final char SEPARATOR = '\0';
    private static final char AFTER_SEPARATOR = '\1';

    /** Surrogates stand for characters beyond all that have 16 bits. */
    private static final int BEYOND_16_BITS = 0x2800;

    /** The order of keys in a state store: by their bytes in UTF-8, which is the order of code points. */
    public static final Comparator<String> ORDER = StoreKey::compare;

    private StoreKey() {}

    private static int compare(String one, String other) {
        int common = Math.min(one.length(), other.length());
        for (int i = 0; i < common; i++) {
            char a = one.charAt(i);
            char b = other.charAt(i);
            if (a != b) {
                return Integer.compare(rank(a), rank(b));
            }
        }
        return Integer.compare(one.length(), other.length());
    }

    private static int rank(char c) {
        return Character.isSurrogate(c) ? c + BEYOND_16_BITS : c;
    }

    public static String of(String first, String second) {
        return first + SEPARATOR + second;
    }

    public static String of(String first, String second, String third) {
        return first + SEPARATOR + second + SEPARATOR + third;
    }

    /** Numbers from 0 sort as numbers. */
    public static String of(String first, long number) {
        return of(first, number(number));
    }

    /** A part that sorts as the number does, from 0: 16 hexadecimal digits. */
    public static String number(long number) {
        String hex = Long.toHexString(number);
        return "0".repeat(16 - hex.length()) + hex;
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

    /** The last part. */
    public static String last(String key) {
        return key.substring(key.lastIndexOf(SEPARATOR) + 1);
    }
}
