package dev.tidings.processors.conversation;

/** The names of the sinks of {@link ConversationTopology}, for the classes that forward records to them. */
final class ConversationSinks {

    static final String EVENTS = "conversation-events";
    static final String INBOX = "inbox";
    static final String DELIVERIES = "deliveries";
    static final String REPLIES = "business-replies";
    static final String MODERATION = "moderation";
    static final String BANS = "bans";
    static final String AUDIT = "audit";
    static final String USER_COMMANDS = "user-commands";
    static final String DIRECTORY_COMMANDS = "directory-commands";
    static final String COMMANDS = "commands-again";

    private ConversationSinks() {}
}
