/**
 * Runs the pipeline under a seeded random schedule, and checks invariants that are recounted from the log. A world has users with several
 * devices that connect, lose their connection or acknowledgements, and resume; private conversations, small groups, a large
 * group, rooms and broadcasts; blocks, edits that add or remove mentions, messages that expire, and invitations to groups; gateways that
 * are killed, stopped or paused; records that come twice or late; and tasks whose transactions abort after part of their output was read.
 *
 * <p>The topologies are real, run by Kafka's test driver, and so is every byte between them. Partitions, transactions, gateways and clients
 * are modelled. Nothing outside the process is read or written.
 *
 * <p>Not modelled: additions to groups by users whom the added user has blocked.
 */
@NullMarked
package dev.tidings.processors.simulation;

import org.jspecify.annotations.NullMarked;
