package dev.tidings.schemas.text;

/** Decides whether a text is blank. Unlike {@link String#isBlank()} it knows all invisible characters of Unicode. */
public final class BlankText {

    private BlankText() {}

    /** Whether the text is empty or has only spaces, control and invisible characters. */
    public static boolean isBlank(String text) {
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            if (!isInvisible(text.codePointAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isInvisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.CONTROL,
                    Character.FORMAT,
                    Character.UNASSIGNED -> true;
            default ->
                switch (codePoint) {
                    // Hangul fillers, the empty Braille cell, the grapheme joiner, Khmer inherent vowels
                    case 0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800, 0x034F, 0x17B4, 0x17B5 -> true;
                    default ->
                        in(codePoint, 0xFE00, 0xFE0F)
                                || in(codePoint, 0xE0100, 0xE01EF)
                                || in(codePoint, 0x180B, 0x180F);
                };
        };
    }

    private static boolean in(int codePoint, int first, int last) {
        return first <= codePoint && codePoint <= last;
    }
}
