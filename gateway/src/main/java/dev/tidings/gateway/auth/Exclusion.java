package dev.tidings.gateway.auth;

/** Why a user may not use the gateway, whatever their token grants. */
public enum Exclusion {
    /** A ban of the user, the device or the address applies. */
    BANNED,
    /** The directory disables the user. */
    USER_DISABLED
}
