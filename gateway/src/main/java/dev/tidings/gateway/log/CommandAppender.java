package dev.tidings.gateway.log;

import dev.tidings.v1.Command;
import dev.tidings.v1.UserCommand;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where commands go. Neither method blocks for long. */
public interface CommandAppender {

    /**
     * Commands with one key reach the log in the order of these calls, or not at all.
     *
     * @param done null once the command is durable. An {@link OutcomeUnknownException} where it may be in the log, or may come
     *     there yet; any other where it is not and will not be. From any thread
     */
    void append(Command command, Consumer<@Nullable Exception> done);

    /** @param done as of {@link #append(Command, Consumer)} */
    void append(UserCommand command, Consumer<@Nullable Exception> done);
}
