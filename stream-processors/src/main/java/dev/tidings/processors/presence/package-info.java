/**
 * Computes a user's presence, the sessions that watch it, and the gateways that both depend on. Its functions are pure:
 * their input is a user's sessions and presence record. Reads and writes nothing by itself, and keeps nothing.
 */
@NullMarked
package dev.tidings.processors.presence;

import org.jspecify.annotations.NullMarked;
