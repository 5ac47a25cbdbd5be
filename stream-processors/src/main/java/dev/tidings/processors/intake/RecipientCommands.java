package dev.tidings.processors.intake;

import dev.tidings.v1.Command;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The commands of one {@code sendToMany}, in the order of its users: one for each different user.
 *
 * @param template without command id and conversation id
 * @param conversationIds by index
 */
record RecipientCommands(Command template, List<String> conversationIds, RequestPosition position) {

    int size() {
        return conversationIds.size();
    }

    /** Returns the command of this index. It is the same each time. */
    Command command(int index) {
        return template.toBuilder()
                .setCommandId(position.commandId(index))
                .setConversationId(conversationIds.get(index))
                .build();
    }

    List<Command> all() {
        return IntStream.range(0, size()).mapToObj(this::command).toList();
    }
}
