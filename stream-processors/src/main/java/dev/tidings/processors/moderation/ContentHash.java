package dev.tidings.processors.moderation;

/**
 * Hashes a text to 64 bits, to recognize repeated texts. Texts with the same letters, as {@link WordFilter} defines them, have the
 * same hash, whatever separates the letters. FNV-1a over the letters in UTF-8; not collision-resistant against attacks.
 */
public final class ContentHash {

    private static final long OFFSET_BASIS = 0xCBF29CE484222325L;
    private static final long PRIME = 0x100000001B3L;

    private ContentHash() {}

    /** The hash of the letters; for a text without letters, the hash of its characters. */
    public static long of(String text) {
        FoldedText folded = FoldedText.of(text);
        long hash = OFFSET_BASIS;
        if (folded.length() == 0) {
            for (int at = 0; at < text.length(); at++) {
                hash = with(hash, text.charAt(at));
            }
        }
        for (int index = 0; index < folded.length(); index++) {
            hash = with(hash, folded.letter(index));
        }
        return hash;
    }

    private static long with(long hash, int codePoint) {
        if (codePoint < 0x80) {
            return withByte(hash, codePoint);
        }
        if (codePoint < 0x800) {
            return withByte(withByte(hash, 0xC0 | codePoint >> 6), continuation(codePoint));
        }
        if (codePoint < 0x10000) {
            return withByte(
                    withByte(withByte(hash, 0xE0 | codePoint >> 12), continuation(codePoint >> 6)),
                    continuation(codePoint));
        }
        return withByte(
                withByte(
                        withByte(withByte(hash, 0xF0 | codePoint >> 18), continuation(codePoint >> 12)),
                        continuation(codePoint >> 6)),
                continuation(codePoint));
    }

    private static int continuation(int codePoint) {
        return 0x80 | (codePoint & 0x3F);
    }

    private static long withByte(long hash, int octet) {
        return (hash ^ octet) * PRIME;
    }
}
