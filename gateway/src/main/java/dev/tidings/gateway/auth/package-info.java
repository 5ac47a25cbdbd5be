/**
 * Authentication and bans: JSON Web Tokens, verified with a shared secret or the keys of an identity provider, the list of
 * bans, and the addresses of clients. Keeps no accounts.
 */
@NullMarked
package dev.tidings.gateway.auth;

import org.jspecify.annotations.NullMarked;
