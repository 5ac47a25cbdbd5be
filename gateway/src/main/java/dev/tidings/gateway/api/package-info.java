/**
 * The operations of an authenticated user, whatever the protocol. Writes commands through {@link
 * dev.tidings.gateway.log}, reads {@link dev.tidings.gateway.history} as far as the user may see it, and {@link
 * dev.tidings.gateway.directory}. Keeps only the access
 * requests that INBOX has not answered.
 */
@NullMarked
package dev.tidings.gateway.api;

import org.jspecify.annotations.NullMarked;
