/** Revokes tokens in topic {@code tidings.token-revocations}, and reads what is revoked. */
@NullMarked
package dev.tidings.ops.token;

import org.jspecify.annotations.NullMarked;
