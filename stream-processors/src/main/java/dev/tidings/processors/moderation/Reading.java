package dev.tidings.processors.moderation;

/** What digits, signs and letters of other scripts in a text may be taken for. */
enum Reading {
    /** {@code 0 1 3 4 5 7 @ $} for {@code o i e a s t a s}; and letters of other scripts for those they look like. */
    ONE_AS_I,
    /** The same, but {@code 1} for {@code l}. */
    ONE_AS_L;

    /** The letter that a digit, a sign or a letter of another script is taken for, or the code point itself. */
    int of(int codePoint) {
        int sign = switch (codePoint) {
            case '@', 0xFE6B, 0xFF20 -> 'a';
            case '$', 0xFE69, 0xFF04 -> 's';
            default -> codePoint;
        };
        int folded = Folding.of(sign);
        return switch (folded) {
            case '0' -> 'o';
            case '1' -> this == ONE_AS_L ? 'l' : 'i';
            case '3' -> 'e';
            case '4' -> 'a';
            case '5' -> 's';
            case '7' -> 't';
            default -> {
                int latin = Homoglyphs.latin(folded);
                yield latin == folded ? sign : latin;
            }
        };
    }
}
