/**
 * The pipeline under a seeded random schedule: users with several devices, which come and go, lose their connection or their
 * acknowledgements, and resume; gateways that are killed, stopped or paused, and taken for gone; records that come twice or late; tasks
 * whose transactions abort after part of their output has been read. In the end, a recount of everything from the log.
 *
 * <p>Reads and writes nothing outside the process. What is real here: the topologies, run by Kafka's test driver, and
 * every byte between them. What is modelled: partitions, transactions, gateways and clients.
 */
@NullMarked
package dev.tidings.processors.simulation;

import org.jspecify.annotations.NullMarked;
