/**
 * Measures how long the topologies need to restore their state: fills the state with private conversations, then starts the
 * topologies without it.
 *
 * <p>Starts a Kafka broker of its own, in a directory of the caller, and touches no running system.
 */
@NullMarked
package dev.tidings.ops.bench.restore;

import org.jspecify.annotations.NullMarked;
