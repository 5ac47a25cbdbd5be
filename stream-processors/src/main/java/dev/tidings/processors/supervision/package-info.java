/**
 * Keeps topologies running. A record that a topology cannot read, or whose outputs it cannot write, is skipped and
 * becomes a dead letter ({@link dev.tidings.processors.supervision.Quarantine}, {@link
 * dev.tidings.processors.supervision.GuardedConsumer}). A thread that dies is replaced, with a growing delay. A
 * topology that makes no progress is reported ({@link dev.tidings.processors.supervision.Supervisor}).
 *
 * <p>Reads committed positions. Writes {@code dead-letters}, outside the topologies' transactions. Keeps its counts and
 * the skipped positions for the life of the process.
 */
@NullMarked
package dev.tidings.processors.supervision;

import org.jspecify.annotations.NullMarked;
