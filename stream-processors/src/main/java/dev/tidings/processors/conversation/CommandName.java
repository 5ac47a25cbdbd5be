package dev.tidings.processors.conversation;

import dev.tidings.v1.Command;
import org.jspecify.annotations.Nullable;

/**
 * The name a repeated command is known by, within a conversation.
 *
 * @param scope of messages, their sender; of other commands no user id, so that the names of the two never meet
 */
record CommandName(String scope, String name) {

    /** Scope of names that are the ids of commands. */
    private static final String COMMAND_IDS = ":";

    /** Followed by the actor: scope of the names that clients give to operations. */
    private static final String OPERATIONS = "::";

    /**
     * Messages have the name that their sender gave them, other commands the client's operation id. Without one they have
     * their own id: a client sends a command again under a new id, but what INTAKE writes may be written twice.
     *
     * @return null for what never gets a place in the sequence
     */
    static @Nullable CommandName of(Command command) {
        return switch (command.getBodyCase()) {
            case SEND_MESSAGE ->
                new CommandName(command.getActor(), command.getSendMessage().getClientMsgId());
            case EDIT_MESSAGE, RECALL_MESSAGE, REACT, PIN_MESSAGE, GROUP, FRIEND ->
                command.getOperationId().isEmpty()
                        ? ofCommandId(command.getCommandId())
                        : new CommandName(OPERATIONS + command.getActor(), command.getOperationId());
            case MARK_READ,
                    MARK_DELIVERED,
                    DESCRIBE_RECEIPTS,
                    DELETE_FOR_ME,
                    TYPING,
                    RULES,
                    SUBSCRIBE_GATEWAY,
                    GATEWAY_GONE,
                    ENTER_ROOM,
                    FORGET_EVENTS,
                    BODY_NOT_SET -> null;
        };
    }

    static CommandName ofCommandId(String commandId) {
        return new CommandName(COMMAND_IDS, commandId);
    }
}
