package dev.tidings.schemas.text;

import java.nio.charset.StandardCharsets;
import java.text.BreakIterator;
import java.util.Locale;

/** Cuts texts at grapheme clusters: never inside a flag, an emoji sequence, or a letter with its marks. */
public final class Graphemes {

    /** A cluster has no maximum length, because a letter can have any number of marks. Longer ones are cut inside. */
    private static final int MAX_CLUSTER_CHARS = 64;

    private Graphemes() {}

    /** The beginning of the text with at most {@code maxCodePoints} code points. */
    public static String first(String text, int maxCodePoints) {
        if (text.codePointCount(0, text.length()) <= maxCodePoints) {
            return text;
        }
        return cut(text, text.offsetByCodePoints(0, maxCodePoints));
    }

    /** The beginning of the text with at most {@code maxBytes} bytes in UTF-8. */
    public static String firstBytes(String text, int maxBytes) {
        if (text.length() <= maxBytes && text.getBytes(StandardCharsets.UTF_8).length <= maxBytes) {
            return text;
        }
        int bytes = 0;
        int end = 0;
        while (end < text.length()) {
            int codePoint = text.codePointAt(end);
            bytes += bytes(codePoint);
            if (bytes > maxBytes) {
                break;
            }
            end += Character.charCount(codePoint);
        }
        return cut(text, end);
    }

    /** @param end between two code points, before the end of the text */
    private static String cut(String text, int end) {
        if (standsAlone(text.charAt(end)) && (end == 0 || standsAlone(text.charAt(end - 1)))) {
            return text.substring(0, end);
        }
        // the break at the end depends on the characters near it only
        String looked = text.substring(0, Math.min(text.length(), end + MAX_CLUSTER_CHARS));
        BreakIterator clusters = BreakIterator.getCharacterInstance(Locale.ROOT);
        clusters.setText(looked);
        if (clusters.isBoundary(end)) {
            return text.substring(0, end);
        }
        int boundary = clusters.preceding(end);
        return text.substring(0, end - boundary <= MAX_CLUSTER_CHARS && boundary > 0 ? boundary : end);
    }

    /** Whether the character is a cluster of its own if its neighbours are, too. True for most; then no iterator is needed. */
    private static boolean standsAlone(char c) {
        return (c >= ' ' && c < 0x300) || (c >= 0x3400 && c < 0xA000);
    }

    private static int bytes(int codePoint) {
        if (codePoint < 0x80) {
            return 1;
        }
        if (codePoint < 0x800) {
            return 2;
        }
        return codePoint < 0x10000 ? 3 : 4;
    }
}
