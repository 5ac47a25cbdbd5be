package dev.tidings.gateway.api;

import dev.tidings.v1.Error;

/** A request failed; carries the error for the client. */
public final class RequestException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Error error;

    public RequestException(Error error) {
        super(error.getMessage());
        this.error = error;
    }

    public Error error() {
        return error;
    }
}
