/**
 * The way of one message through the log: who wrote what of it, where and when. Reads every topic on the way, from the time
 * that stands in the message's id; writes and keeps nothing.
 */
@NullMarked
package dev.tidings.ops.trace;

import org.jspecify.annotations.NullMarked;
