package dev.tidings.gateway.auth;

/** The reason why the gateway rejects a user with a valid token. */
public enum Exclusion {
    /** A ban of the user, the device or the address applies. */
    BANNED,
    /** The directory disables the user. */
    USER_DISABLED
}
