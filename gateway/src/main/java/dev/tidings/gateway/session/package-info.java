/**
 * One connected device: its states, its requests, its rooms, whom it watches, and the durable frames it has not
 * acknowledged yet. Reads frames and deliveries, writes frames and (through {@link dev.tidings.gateway.api.ClientApi})
 * commands. Keeps nothing that outlives the socket: what has not arrived at its end, the log is told; after a reconnect,
 * resume, sync and pull bring what was missed.
 */
@NullMarked
package dev.tidings.gateway.session;

import org.jspecify.annotations.NullMarked;
