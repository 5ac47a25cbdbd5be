/**
 * Finds all records of one message in the log. Reads every topic on the message's way, from the time in the message's id. Writes
 * and keeps nothing.
 */
@NullMarked
package dev.tidings.ops.trace;

import org.jspecify.annotations.NullMarked;
