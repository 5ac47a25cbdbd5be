package dev.tidings.gateway.rest;

/** The credentials that a route requires of a request. */
enum RouteSecurity {
    /** A user: {@code Authorization: Bearer} with their token. */
    USER,
    /** A token client: {@code Authorization: Basic} with its id and its secret. */
    TOKEN_CLIENT,
    /** Nothing: the body proves what is necessary, or the reply is public. */
    NONE
}
