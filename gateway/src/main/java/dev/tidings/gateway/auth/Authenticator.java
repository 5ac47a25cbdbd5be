package dev.tidings.gateway.auth;

/** Verifies tokens. Thread-safe. */
public interface Authenticator {

    /**
     * Verifies a token and returns the user that it names. May block to fetch keys.
     *
     * @throws RejectedTokenException if the token is not trusted, or cannot be verified now
     */
    Principal authenticate(String token) throws RejectedTokenException;
}
