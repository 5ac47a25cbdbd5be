package dev.tidings.gateway.readmodel;

/** Redis or ClickHouse does not answer, or its circuit breaker is open. */
public final class ReadModelUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ReadModelUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }

    public ReadModelUnavailableException(String message) {
        super(message);
    }
}
