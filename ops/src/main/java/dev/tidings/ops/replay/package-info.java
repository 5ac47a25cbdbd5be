/**
 * The proof before an upgrade: recorded commands go through the CONVERSATION topology of this build, and the events that
 * come of them are laid beside the recorded ones, byte by byte.
 *
 * <p>Reads {@code tidings.commands} as the topology does, aborted records included, and {@code
 * tidings.conversation-events} as it was committed; asks for the positions of the group {@code tidings-conversation}.
 * Writes nothing to Kafka. State is kept in a directory of its own while a partition is replayed.
 */
@NullMarked
package dev.tidings.ops.replay;

import org.jspecify.annotations.NullMarked;
