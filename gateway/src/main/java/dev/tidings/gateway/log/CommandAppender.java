package dev.tidings.gateway.log;

import dev.tidings.v1.Command;
import dev.tidings.v1.UserCommand;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where commands go. Neither method blocks for long. */
public interface CommandAppender {

    /** @param done hears null once the command is durable, or why it could not be made so; from any thread */
    void append(Command command, Consumer<@Nullable Exception> done);

    /** @param done hears null once the command is durable, or why it could not be made so; from any thread */
    void append(UserCommand command, Consumer<@Nullable Exception> done);
}
