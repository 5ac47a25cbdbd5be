/**
 * Whether a user can be reached, who wants to know, and on which gateways that hangs: pure functions of a user's sessions
 * and of what is kept of the user's presence. Reads and writes nothing by itself, and keeps nothing.
 */
@NullMarked
package dev.tidings.processors.presence;

import org.jspecify.annotations.NullMarked;
