package dev.tidings.processors.moderation;

/** The consequence of a word in a text, the mildest first. */
public enum Action {
    /** The message is sent and reviewed. */
    FLAG,
    /** The message is sent with the word masked. */
    MASK,
    /** The message is refused. */
    REFUSE
}
