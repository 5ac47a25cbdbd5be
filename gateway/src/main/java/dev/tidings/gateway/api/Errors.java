package dev.tidings.gateway.api;

import dev.tidings.gateway.auth.Exclusion;
import dev.tidings.gateway.log.OutcomeUnknownException;
import dev.tidings.v1.Error;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the errors that clients receive. */
public final class Errors {

    private static final Logger LOG = LoggerFactory.getLogger(Errors.class);
    private static final int RETRY_AFTER_MILLIS = 1_000;

    private Errors() {}

    /** An error that a retry would meet again. */
    public static Error error(Error.Code code, String message) {
        return Error.newBuilder()
                .setCode(code)
                .setMessage(message)
                .setRetryable(false)
                .build();
    }

    /** The user may not use the gateway at all. */
    public static Error excluded(Exclusion exclusion) {
        return switch (exclusion) {
            case BANNED -> error(Error.Code.BANNED, "the user, the device or the address is banned");
            case USER_DISABLED -> error(Error.Code.USER_DISABLED, "the user is disabled in the directory");
        };
    }

    public static Error invalidArgument(String message) {
        return error(Error.Code.INVALID_ARGUMENT, message);
    }

    /** Too many requests at once; a retry after a second may succeed. */
    public static Error overloaded(String message) {
        return Error.newBuilder()
                .setCode(Error.Code.OVERLOADED)
                .setMessage(message)
                .setRetryable(true)
                .setRetryAfterMs(RETRY_AFTER_MILLIS)
                .build();
    }

    /** The client has exceeded a rate limit; a retry after the time may succeed. */
    public static Error rateLimited(String message, int retryAfterMillis) {
        return Error.newBuilder()
                .setCode(Error.Code.RATE_LIMITED)
                .setMessage(message)
                .setRetryable(true)
                .setRetryAfterMs(retryAfterMillis)
                .build();
    }

    /** A part of the system does not answer; a retry may succeed. */
    public static Error unavailable(String message) {
        return Error.newBuilder()
                .setCode(Error.Code.UNAVAILABLE)
                .setMessage(message)
                .setRetryable(true)
                .setRetryAfterMs(RETRY_AFTER_MILLIS)
                .build();
    }

    /** The command may be carried out, now or later; a retry with the same ids carries it out once. */
    public static Error outcomeUnknown(String message) {
        return unavailable(message).toBuilder().setOutcomeUnknown(true).build();
    }

    /** Returns the error of a command that could not be appended, or perhaps not. */
    static Error ofAppend(Exception failure) {
        return failure instanceof OutcomeUnknownException
                ? outcomeUnknown(
                        "the command log has not confirmed the command yet; retry with the same ids: it is carried"
                                + " out once")
                : unavailable("the command log is unavailable; retry");
    }

    /** Returns the error of a failed request: that of its {@link RequestException}, or that history cannot be read. */
    public static Error of(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof RequestException request) {
            return request.error();
        }
        LOG.warn("history cannot be read", cause);
        return unavailable("history cannot be read now; retry");
    }
}
