package dev.tidings.processors.moderation;

/** The last letters of a text, as {@link Finder} keeps them: one more than the longest word has. */
interface LetterWindow {

    /** The entry of a letter: its class and the flags of {@link Alphabet}. */
    int letter(int index);
}
