/**
 * The gateway's side of Kafka. Writes {@code commands}, {@code user-commands} and {@code directory-commands} (acks from all
 * replicas), reads its own partition of {@code deliveries} (uncommitted: live records do not wait for the commit) and the topic {@code bans}
 * (committed), and claims a slot in {@code gateways}. Writes a {@code GatewayGone} record to every partition of {@code
 * commands} and {@code user-commands} when an epoch of its slot is over.
 */
@NullMarked
package dev.tidings.gateway.log;

import org.jspecify.annotations.NullMarked;
