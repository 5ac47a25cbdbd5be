package dev.tidings.processors.moderation;

/**
 * Receives the letters of a text in order, as entries of an {@link Alphabet}. The entry of a letter after separators has their
 * traits ({@link Alphabet#SEPARATOR}, {@link Alphabet#CLAUSE_END}, {@link Alphabet#BEYOND}).
 */
interface LetterSink {

    /**
     * @param start the position in the text of the code point that gave the letter
     * @param end the position after it
     */
    void add(int letter, int start, int end);

    /** Invisible characters follow the last letter, up to this position. */
    void extend(int end);

    /** Replaces the last letter, because a mark follows it. */
    void replace(int letter);

    /** Ends the sequence of letters. */
    void finish();
}
