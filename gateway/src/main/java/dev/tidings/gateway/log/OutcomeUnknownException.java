package dev.tidings.gateway.log;

import org.jspecify.annotations.Nullable;

/** A command was given to Kafka, which has not confirmed it in time: it may be in the log, or may come there yet. */
public final class OutcomeUnknownException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public OutcomeUnknownException(@Nullable Throwable cause) {
        super("the command log has not confirmed the command", cause);
    }
}
