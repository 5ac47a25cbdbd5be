package dev.tidings.gateway.log;

import org.jspecify.annotations.Nullable;

/** Kafka has not confirmed a command in time: the command may be in the log, or may still come there. */
public final class OutcomeUnknownException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public OutcomeUnknownException(@Nullable Throwable cause) {
        super("the command log has not confirmed the command", cause);
    }
}
