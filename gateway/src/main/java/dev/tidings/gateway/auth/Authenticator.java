package dev.tidings.gateway.auth;

/** Finds out whose token it is. */
public interface Authenticator {

    /**
     * May block: keys may have to be fetched first.
     *
     * @return the user id
     * @throws RejectedTokenException where the token is not to be trusted
     */
    String userOf(String token) throws RejectedTokenException;
}
