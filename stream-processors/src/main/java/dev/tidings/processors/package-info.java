/**
 * The topologies in order ({@link dev.tidings.processors.PipelineStage}), and the settings that give them their guarantees
 * ({@link dev.tidings.processors.StreamsSettings}).
 *
 * <p>Every topology is a function of the log: no clock, no randomness, no I/O other than Kafka, no unordered iteration
 * on the way to an output. Facts that need a clock are written to the log by {@link
 * dev.tidings.processors.GatewayWatch}: which gateways are gone. {@link dev.tidings.processors.TransactionWatch} aborts
 * the open transactions of killed processes.
 */
@NullMarked
package dev.tidings.processors;

import org.jspecify.annotations.NullMarked;
