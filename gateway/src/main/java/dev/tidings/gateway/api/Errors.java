package dev.tidings.gateway.api;

import dev.tidings.v1.Error;

/** Errors as clients see them. */
public final class Errors {

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

    /** Asking again may help. */
    public static Error unavailable(String message) {
        return Error.newBuilder()
                .setCode(Error.Code.UNAVAILABLE)
                .setMessage(message)
                .setRetryable(true)
                .setRetryAfterMs(RETRY_AFTER_MILLIS)
                .build();
    }
}
