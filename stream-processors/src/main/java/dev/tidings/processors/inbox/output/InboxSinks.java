package dev.tidings.processors.inbox.output;

/** The names of the sinks of {@link dev.tidings.processors.inbox.InboxTopology}, for the classes that forward records to them. */
public final class InboxSinks {

    public static final String DELIVERIES = "deliveries";
    public static final String USER_EVENTS = "user-events";
    public static final String NOTIFICATIONS = "notifications";
    public static final String BUSINESS_REPLIES = "business-replies";
    public static final String COMMANDS = "commands";
    public static final String USER_COMMANDS = "user-commands-again";

    private InboxSinks() {}
}
