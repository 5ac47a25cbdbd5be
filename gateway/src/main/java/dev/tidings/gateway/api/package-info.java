/**
 * What an authenticated user can ask for, whatever the protocol. Writes commands through {@link
 * dev.tidings.gateway.log}, reads {@link dev.tidings.gateway.history}; keeps nothing.
 */
@NullMarked
package dev.tidings.gateway.api;

import org.jspecify.annotations.NullMarked;
