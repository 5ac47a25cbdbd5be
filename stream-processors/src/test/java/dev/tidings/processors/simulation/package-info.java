/**
 * The pipeline under a seeded random schedule: users with devices, gateways that restart, tasks whose transactions
 * abort after part of their output has been read, and in the end a recount of everything from the log.
 *
 * <p>Reads and writes nothing outside the process. What is real here: the topologies, run by Kafka's test driver, and
 * every byte between them. What is modelled: partitions, transactions, gateways and clients.
 */
@NullMarked
package dev.tidings.processors.simulation;

import org.jspecify.annotations.NullMarked;
