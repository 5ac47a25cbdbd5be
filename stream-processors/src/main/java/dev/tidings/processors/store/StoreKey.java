package dev.tidings.processors.store;

import java.util.Comparator;

/**
 * Builds keys of several parts, so that keys with the same first part are adjacent. The parts are separated by a zero
 * character; ids contain no control characters.
 */
public final class StoreKey {

    private static final char SEPARATOR = '\0';
    private static final char AFTER_SEPARATOR = '\1';

    /** Added to surrogates, so that they sort after all 16-bit characters. */
    private static final int BEYOND_16_BITS = 0x2800;

    /** The key order of a state store: by UTF-8 bytes, which equals code point order. */
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

    /** Builds a key whose numbers sort numerically; the number must not be negative. */
    public static String of(String first, long number) {
        return of(first, number(number));
    }

    /** Returns a key part of 16 hexadecimal digits that sorts numerically, for numbers from 0. */
    public static String number(long number) {
        String hex = Long.toHexString(number);
        return "0".repeat(16 - hex.length()) + hex;
    }

    /** Returns the lower end (inclusive) of the keys with this first part. */
    public static String firstOf(String first) {
        return first + SEPARATOR;
    }

    /** Returns the upper end of the keys with this first part; no key equals it. */
    public static String lastOf(String first) {
        return first + AFTER_SEPARATOR;
    }

    /** Returns the lowest key after this one. */
    public static String after(String key) {
        return key + SEPARATOR;
    }

    /** Returns the first part of the key. */
    public static String first(String key) {
        return key.substring(0, key.indexOf(SEPARATOR));
    }

    /** Returns the key without its first part. */
    public static String second(String key) {
        return key.substring(key.indexOf(SEPARATOR) + 1);
    }

    /** Returns the last part of the key. */
    public static String last(String key) {
        return key.substring(key.lastIndexOf(SEPARATOR) + 1);
    }
}
