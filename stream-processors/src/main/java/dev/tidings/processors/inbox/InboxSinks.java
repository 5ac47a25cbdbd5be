package dev.tidings.processors.inbox;

/** The names of the sinks of {@link InboxTopology}, for the classes that forward records to them. */
final class InboxSinks {

    static final String DELIVERIES = "deliveries";
    static final String USER_EVENTS = "user-events";
    static final String NOTIFICATIONS = "notifications";
    static final String COMMANDS = "commands";
    static final String USER_COMMANDS = "user-commands-again";

    private InboxSinks() {}
}
