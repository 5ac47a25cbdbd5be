/**
 * What happens: the topologies, in order ({@link dev.tidings.processors.Pipeline}), and how they are run so that the
 * guarantees hold ({@link dev.tidings.processors.StreamsSettings}).
 *
 * <p>Every topology is a function of the log: no clock, no randomness, no I/O other than Kafka, no unordered iteration on
 * the way to an output. What takes a clock to know, {@link dev.tidings.processors.GatewayWatch} writes into the log: which
 * gateways are gone.
 */
@NullMarked
package dev.tidings.processors;

import org.jspecify.annotations.NullMarked;
