package dev.tidings.gateway.auth;

import dev.tidings.v1.Error;

/** A token is not accepted. The code and the message are sent to the client. */
public final class RejectedTokenException extends Exception {

    private static final long serialVersionUID = 1L;

    private final Error.Code code;

    public RejectedTokenException(Error.Code code, String message) {
        super(message);
        this.code = code;
    }

    public Error.Code code() {
        return code;
    }
}
