package dev.tidings.gateway.history;

/** A store of history does not answer, or its circuit breaker is open. */
final class HistoryUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    HistoryUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }

    HistoryUnavailableException(String message) {
        super(message);
    }
}
