/**
 * The gateway's side of Kafka. Writes {@code commands} and {@code user-commands} (acks from all replicas), reads its own
 * partition of {@code deliveries} (uncommitted: what is live does not wait for the commit), and claims a slot in {@code
 * gateways}. Says in every partition of {@code commands} and {@code user-commands} when an epoch of a slot
 * is over.
 */
@NullMarked
package dev.tidings.gateway.log;

import org.jspecify.annotations.NullMarked;
