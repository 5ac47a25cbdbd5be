package dev.tidings.schemas.text;

/**
 * A unit of search in a text.
 *
 * @param folded without case, width and, in alphabets that use them as accents, diacritics
 * @param kind whether the unit is a word, or one character of a script that has no spaces between words
 * @param from index of its first UTF-16 unit in the text
 * @param to index after its last one
 */
record SearchWord(String folded, Kind kind, int from, int to) {

    enum Kind {
        /** Letters and digits between two separators. */
        WORD,
        /** One Chinese, Japanese, Korean, Thai, Lao, Khmer or Burmese character with its marks. */
        CHARACTER,
        /** One emoji or other symbol. */
        SYMBOL
    }

    /** Whether the next unit continues a run of characters, whose pairs are terms of the index. */
    boolean isFollowedBy(SearchWord next) {
        return kind == Kind.CHARACTER && next.kind == Kind.CHARACTER && to == next.from;
    }
}
