/**
 * The pipeline under a seeded random schedule: users with several devices, which come and go, lose their connection or their
 * acknowledgements, and resume; who block each other; an operator who broadcasts; gateways that are killed, stopped or paused,
 * and taken for gone; records that come twice or late; tasks whose transactions abort after part of their output has been read.
 * In the end, a recount of everything from the log.
 *
 * <p>Reads and writes nothing outside the process. What is real here: the topologies, run by Kafka's test driver, and
 * every byte between them. What is modelled: partitions, transactions, gateways and clients.
 *
 * <p>Not in this world: large groups, rooms, edits that mention, users added to a group by those whom they have blocked, and
 * broadcasts that count as unread or notify.
 */
@NullMarked
package dev.tidings.processors.simulation;

import org.jspecify.annotations.NullMarked;
