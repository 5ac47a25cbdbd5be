package dev.tidings.processors.conversation;

/**
 * The name under which a conversation recognizes a repeated command.
 *
 * @param scope of messages, their sender; of all other commands a value that is no user id, so that a message and another
 *     command never have the same name
 */
record CommandName(String scope, String name) {

    /** The scope of names that are command ids. */
    private static final String COMMAND_ID_NAMESPACE = ":";

    /** Followed by the actor, the scope of names that are the client's operation ids. */
    private static final String OPERATION_ID_NAMESPACE = "::";

    static CommandName ofMessage(String sender, String clientMsgId) {
        return new CommandName(sender, clientMsgId);
    }

    static CommandName ofOperation(String actor, String operationId) {
        return new CommandName(OPERATION_ID_NAMESPACE + actor, operationId);
    }

    static CommandName ofCommandId(String commandId) {
        return new CommandName(COMMAND_ID_NAMESPACE, commandId);
    }
}
