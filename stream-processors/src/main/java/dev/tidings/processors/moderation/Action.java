package dev.tidings.processors.moderation;

/** What a word in a text leads to, the mildest first. */
public enum Action {
    /** The message passes, and somebody looks at it. */
    FLAG,
    /** The message passes with the word made unreadable. */
    MASK,
    /** The message does not pass. */
    REFUSE
}
