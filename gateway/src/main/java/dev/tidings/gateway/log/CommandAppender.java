package dev.tidings.gateway.log;

import dev.tidings.v1.Command;
import dev.tidings.v1.DirectoryCommand;
import dev.tidings.v1.UserCommand;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Appends commands to the log. No method blocks for longer than 100 ms. */
public interface CommandAppender {

    /**
     * Appends a command. Commands with one key are appended in the order of these calls, or not at all.
     *
     * @param done called once, by any thread: with null if the command is durable; with an {@link OutcomeUnknownException} if
     *     it is or may still come into the log; with another exception if it is not in the log and will not come there
     */
    void append(Command command, Consumer<@Nullable Exception> done);

    /** @param done as of {@link #append(Command, Consumer)} */
    void append(UserCommand command, Consumer<@Nullable Exception> done);

    /**
     * Appends a change of the user directory.
     *
     * @param done as of {@link #append(Command, Consumer)}
     */
    void append(DirectoryCommand command, Consumer<@Nullable Exception> done);
}
