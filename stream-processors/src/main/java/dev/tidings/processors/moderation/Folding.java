package dev.tidings.processors.moderation;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.Map;

/**
 * Folds a code point to one letter, several letters, or none. A folded letter folds to itself.
 *
 * <p>All code points that are neither separators nor invisible are letters, also digits, ideographs, emoji and unassigned ones.
 */
final class Folding {

    /** Ignored: zero-width characters, variation selectors, combining marks of letters, control characters. */
    static final int INVISIBLE = -1;

    /** Spaces, punctuation, currency and other signs. */
    static final int SEPARATOR = -2;

    /** A separator that ends a clause: comma, colon, exclamation mark, line break and others; not the full stop. */
    static final int CLAUSE_END = -3;

    /** A mark that changes the kana before it. */
    static final int VOICING = -4;

    /** Several letters: see {@link #expansion}. */
    static final int SEVERAL = -5;

    /** Smaller code points are in a table; larger ones (rare ideographs, tags) are folded each time. */
    static final int TABLE_SIZE = 0x20000;

    private static final String CLAUSE_ENDS = ",!?;:。、…\n\r\u000B\f\u0085\u2028\u2029";

    /** Letters that Unicode does not decompose. */
    private static final Map<Integer, String> SPELLED = Map.of(
            (int) 'ß', "ss",
            (int) 'æ', "ae",
            (int) 'œ', "oe",
            (int) 'ø', "o",
            (int) 'đ', "d",
            (int) 'ħ', "h",
            (int) 'ł', "l",
            (int) 'ŧ', "t");

    private static final int[] TABLE = new int[TABLE_SIZE];
    private static final Kind[] KINDS = new Kind[TABLE_SIZE];

    static {
        for (int codePoint = 0; codePoint < TABLE_SIZE; codePoint++) {
            TABLE[codePoint] = folded(codePoint);
            KINDS[codePoint] = computeKind(codePoint);
        }
    }

    /** The way in which the script of a letter separates words. */
    enum Kind {
        /** Words are separated by spaces: Latin, Cyrillic, Arabic, …; also digits. */
        SPACED,
        /** Words are not separated, and spaces are rare: Han, kana, bopomofo. */
        IDEOGRAPHIC,
        /** A word can begin anywhere, and spaces are frequent: Hangul (particles), Thai and related scripts; also emoji. */
        OTHER
    }

    private Folding() {}

    /** The letter, or one of the negative constants. */
    static int of(int codePoint) {
        return codePoint < TABLE_SIZE ? TABLE[codePoint] : folded(codePoint);
    }

    /** The letters of a code point that is {@link #SEVERAL}. */
    static int[] expansion(int codePoint) {
        return letters(codePoint);
    }

    static Kind kind(int letter) {
        return letter < TABLE_SIZE ? KINDS[letter] : computeKind(letter);
    }

    /** Whether the letter is a Hangul vowel or final consonant, which composes a syllable with the letter before it. */
    static boolean isOfSyllable(int letter) {
        return in(letter, 0x1161, 0x1175) || in(letter, 0x11A8, 0x11C2);
    }

    /**
     * Composes a letter with a {@link #VOICING} mark to a kana, or with a letter that {@link #isOfSyllable} to a Hangul syllable.
     * Returns the letter if they do not compose.
     */
    static int voiced(int letter, int mark) {
        String composed =
                Normalizer.normalize(Character.toString(letter) + (char) combining(mark), Normalizer.Form.NFC);
        return composed.codePointCount(0, composed.length()) == 1 ? composed.codePointAt(0) : letter;
    }

    private static int folded(int codePoint) {
        if (isOfOneForm(codePoint)) {
            return codePoint;
        }
        if (isInvisible(codePoint)) {
            return INVISIBLE;
        }
        if (combining(codePoint) != codePoint || isCombiningVoicing(codePoint)) {
            return VOICING;
        }
        int[] letters = letters(codePoint);
        if (letters.length == 1) {
            return letters[0];
        }
        if (letters.length > 1) {
            return SEVERAL;
        }
        String plain = Normalizer.normalize(Character.toString(codePoint), Normalizer.Form.NFKD);
        return CLAUSE_ENDS.indexOf(codePoint) >= 0 || CLAUSE_ENDS.indexOf(plain.codePointAt(0)) >= 0
                ? CLAUSE_END
                : SEPARATOR;
    }

    /** Folds until nothing changes, because the result of a step can have capitals or marks again. */
    private static int[] letters(int codePoint) {
        String text = Character.toString(codePoint);
        while (true) {
            String next = step(text);
            if (next.equals(text)) {
                return next.codePoints().toArray();
            }
            text = next;
        }
    }

    private static String step(String text) {
        StringBuilder bare = new StringBuilder();
        Normalizer.normalize(text, Normalizer.Form.NFKD)
                .codePoints()
                .filter(codePoint -> !isInvisible(codePoint))
                .forEach(bare::appendCodePoint);
        StringBuilder step = new StringBuilder();
        Normalizer.normalize(bare, Normalizer.Form.NFC)
                .codePoints()
                .map(codePoint -> Character.toLowerCase(Character.toUpperCase(codePoint)))
                .filter(Folding::isLetter)
                .forEach(codePoint -> {
                    String spelled = SPELLED.get(codePoint);
                    if (spelled == null) {
                        step.appendCodePoint(codePoint);
                    } else {
                        step.append(spelled);
                    }
                });
        return step.toString();
    }

    /** Ideographs, Hangul syllables and unassigned code points: half of the table, and never folded. */
    private static boolean isOfOneForm(int codePoint) {
        return in(codePoint, 0x3400, 0x4DBF)
                || in(codePoint, 0x4E00, 0x9FFF)
                || in(codePoint, 0xAC00, 0xD7A3)
                || in(codePoint, 0xD800, 0xF8FF)
                || (!in(codePoint, 0xE0000, 0xE0FFF) && !Character.isDefined(codePoint));
    }

    private static boolean isLetter(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.CONTROL,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.CONNECTOR_PUNCTUATION,
                    Character.OTHER_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.MATH_SYMBOL,
                    Character.CURRENCY_SYMBOL,
                    Character.MODIFIER_SYMBOL -> false;
            default -> codePoint != 0x2800; // an empty Braille cell looks like a space
        };
    }

    private static boolean isInvisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.FORMAT, Character.ENCLOSING_MARK -> true;
            case Character.CONTROL -> !Character.isWhitespace(codePoint) && codePoint != 0x85;
            default ->
                in(codePoint, 0x0300, 0x036F) // combining diacritical marks, and their four supplements
                        || in(codePoint, 0x1AB0, 0x1AFF)
                        || in(codePoint, 0x1DC0, 0x1DFF)
                        || in(codePoint, 0x20D0, 0x20FF)
                        || in(codePoint, 0xFE20, 0xFE2F)
                        || in(codePoint, 0xFE00, 0xFE0F) // variation selectors
                        || in(codePoint, 0x180B, 0x180F)
                        || in(codePoint, 0xE0000, 0xE0FFF)
                        || in(codePoint, 0x115F, 0x1160) // Hangul fillers, letters by their category
                        || codePoint == 0x3164
                        || codePoint == 0xFFA0
                        || in(codePoint, 0x17B4, 0x17B5)
                        || in(codePoint, 0x1F3FB, 0x1F3FF); // skin tones
        };
    }

    private static boolean in(int codePoint, int first, int last) {
        return first <= codePoint && codePoint <= last;
    }

    private static boolean isCombiningVoicing(int codePoint) {
        return codePoint == 0x3099 || codePoint == 0x309A;
    }

    /** The combining form of a standalone mark, full-width or half-width. */
    private static int combining(int mark) {
        return switch (mark) {
            case 0x309B, 0xFF9E -> 0x3099;
            case 0x309C, 0xFF9F -> 0x309A;
            default -> mark;
        };
    }

    private static Kind computeKind(int letter) {
        if (letter == 'ー') {
            return Kind.IDEOGRAPHIC;
        }
        if (!Character.isDefined(letter)) {
            return Kind.OTHER;
        }
        return switch (Character.getType(letter)) {
            case Character.OTHER_SYMBOL, Character.PRIVATE_USE, Character.SURROGATE -> Kind.OTHER;
            default ->
                switch (UnicodeScript.of(letter)) {
                    case HAN, HIRAGANA, KATAKANA, BOPOMOFO -> Kind.IDEOGRAPHIC;
                    case HANGUL, THAI, LAO, KHMER, MYANMAR, TIBETAN -> Kind.OTHER;
                    default -> Kind.SPACED;
                };
        };
    }
}
