/**
 * The token service: issues, refreshes and revokes tokens of users for trusted back ends. Reads the token clients from a file,
 * and revocations from the gateway's list; writes revocations to topic {@code token-revocations}, and used refresh tokens to
 * Redis. Keeps no tokens. See decision record 53.
 */
@NullMarked
package dev.tidings.gateway.token;

import org.jspecify.annotations.NullMarked;
