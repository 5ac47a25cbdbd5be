package dev.tidings.processors.intake;

/** The names of the sinks of {@link IntakeTopology}, for the processor that forwards records to them. */
final class IntakeSinks {

    static final String COMMANDS = "commands";
    static final String REPLIES = "replies";
    static final String DIRECTORY_COMMANDS = "directory-commands";
    static final String USER_COMMANDS = "user-commands";
    static final String AUDIT = "audit";
    static final String STEPS = "steps";
    static final String DEAD_LETTERS = "dead-letters";

    private IntakeSinks() {}
}
