/**
 * What an authenticated user can ask for, whatever the protocol. Writes commands through {@link
 * dev.tidings.gateway.log}, reads {@link dev.tidings.gateway.history} as far as the user may see it; keeps nothing but the
 * questions to INBOX that wait for their answers.
 */
@NullMarked
package dev.tidings.gateway.api;

import org.jspecify.annotations.NullMarked;
