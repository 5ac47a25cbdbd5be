package dev.tidings.processors.moderation;

/**
 * Takes the letters of a text, one after the other, as entries of an {@link Alphabet}; that of a letter behind separators
 * says so ({@link Alphabet#SEPARATOR}, {@link Alphabet#CLAUSE_END}, {@link Alphabet#BEYOND}).
 */
interface Letters {

    /**
     * @param start index in the text of the first char of the code point that the letter comes from
     * @param end behind its last char
     */
    void add(int letter, int start, int end);

    /** The last letter goes on: something invisible follows it. */
    void extend(int end);

    /** The last letter is another one: a mark follows it. */
    void replace(int letter);

    /** No letter follows. */
    void finish();
}
