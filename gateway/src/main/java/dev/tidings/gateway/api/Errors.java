package dev.tidings.gateway.api;

import dev.tidings.v1.Error;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Errors as clients see them. */
public final class Errors {

    private static final Logger LOG = LoggerFactory.getLogger(Errors.class);
    private static final int RETRY_AFTER_MILLIS = 1_000;

    private Errors() {}

    /** Asking again would fail again. */
    public static Error error(Error.Code code, String message) {
        return Error.newBuilder()
                .setCode(code)
                .setMessage(message)
                .setRetryable(false)
                .build();
    }

    public static Error invalidArgument(String message) {
        return error(Error.Code.INVALID_ARGUMENT, message);
    }

    /** Too much at once: asking again, later, helps. */
    public static Error overloaded(String message) {
        return Error.newBuilder()
                .setCode(Error.Code.OVERLOADED)
                .setMessage(message)
                .setRetryable(true)
                .setRetryAfterMs(RETRY_AFTER_MILLIS)
                .build();
    }

    /** Asking again may help. */
    public static Error unavailable(String message) {
        return Error.newBuilder()
                .setCode(Error.Code.UNAVAILABLE)
                .setMessage(message)
                .setRetryable(true)
                .setRetryAfterMs(RETRY_AFTER_MILLIS)
                .build();
    }

    /** It may have been done, or may be done yet: asking again with the same ids finds that out, and does it once. */
    public static Error outcomeUnknown(String message) {
        return unavailable(message).toBuilder().setOutcomeUnknown(true).build();
    }

    /** What a client is told of a request that failed: what is in the {@link RequestException}, or that history is away. */
    public static Error of(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof RequestException request) {
            return request.error();
        }
        LOG.warn("history cannot be read now", cause);
        return unavailable("history cannot be read now; try again");
    }
}
