/**
 * One connected device: its states, its requests, its rooms, and the durable frames it has not acknowledged yet. Reads
 * frames and deliveries, writes frames and (through {@link dev.tidings.gateway.api.ClientApi}) commands. Keeps nothing that outlives
 * the socket: after a reconnect, sync and pull bring what was missed.
 */
@NullMarked
package dev.tidings.gateway.session;

import org.jspecify.annotations.NullMarked;
