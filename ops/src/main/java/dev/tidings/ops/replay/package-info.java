/**
 * Checks before an upgrade that a build makes the same decisions: replays the recorded commands through the CONVERSATION topology
 * of this build, and compares its events with the recorded ones, byte by byte.
 *
 * <p>Reads {@code tidings.commands} as the topology does, aborted records included, and the committed records of {@code
 * tidings.conversation-events}; reads the committed offsets of the group {@code tidings-conversation}. Writes nothing to Kafka.
 * Keeps the state of a partition in a temporary directory while it is replayed.
 */
@NullMarked
package dev.tidings.ops.replay;

import org.jspecify.annotations.NullMarked;
