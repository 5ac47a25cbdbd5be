package dev.tidings.gateway.auth;

/** Verifies tokens. Thread-safe. */
public interface Authenticator {

    /**
     * Verifies a token and returns its user. May block to fetch keys.
     *
     * @return the user id
     * @throws RejectedTokenException if the token is not trusted, or cannot be verified now
     */
    String userOf(String token) throws RejectedTokenException;
}
