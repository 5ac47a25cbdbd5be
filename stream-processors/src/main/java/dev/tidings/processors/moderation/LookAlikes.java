package dev.tidings.processors.moderation;

/** Maps digits, signs and letters of other scripts to the letters from a to z that they look like. */
enum LookAlikes {
    /** {@code 0 1 3 4 5 7 @ $} are {@code o i e a s t a s}; letters of other scripts as in {@link Homoglyphs}. */
    ONE_AS_I,
    /** As {@link #ONE_AS_I}, with {@code 1} as {@code l}. */
    ONE_AS_L;

    /** The letter that the code point looks like, or the code point itself. */
    int letterOf(int codePoint) {
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
