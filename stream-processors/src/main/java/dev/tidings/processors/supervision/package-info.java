/**
 * Keeps topologies going. What a topology cannot read, or cannot write the outcome of, is skipped and becomes a dead letter
 * ({@link dev.tidings.processors.supervision.Quarantine}, {@link dev.tidings.processors.supervision.GuardedConsumer}); threads
 * that die are replaced, ever more slowly; and a topology that makes no progress is reported ({@link
 * dev.tidings.processors.supervision.Supervisor}).
 *
 * <p>Reads committed positions. Writes {@code dead-letters}, outside the topologies' transactions. Keeps what it has
 * counted and set aside as long as the process lives.
 */
@NullMarked
package dev.tidings.processors.supervision;

import org.jspecify.annotations.NullMarked;
