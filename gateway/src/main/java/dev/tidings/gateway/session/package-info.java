/**
 * The connections of clients and the sessions of their users: handshake, requests, deliveries, acknowledgements, rooms,
 * presence and receipts. Reads frames and deliveries, writes frames and (through {@link dev.tidings.gateway.api.ClientApi})
 * commands. Keeps nothing that outlives the socket: at its end a session reports what was not delivered, and after a
 * reconnect the client gets what it missed by resume, sync and pull.
 */
@NullMarked
package dev.tidings.gateway.session;

import org.jspecify.annotations.NullMarked;
