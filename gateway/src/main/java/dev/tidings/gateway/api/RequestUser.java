package dev.tidings.gateway.api;

/**
 * The user of a request without a session.
 *
 * @param deviceId the only device that may use the token; empty: any, or a business system acts for the user
 */
public record RequestUser(String userId, String deviceId) {}
