/**
 * How clients come in and messages go out. A gateway keeps sockets and nothing else: it authenticates, checks, appends
 * to the log, and hands on what arrives on its own {@code deliveries} partition.
 *
 * <p>One message through it: {@link dev.tidings.gateway.http.WebSocketEndpoint} takes a frame from the socket, {@link
 * dev.tidings.gateway.session.ClientSession} understands it, {@link dev.tidings.gateway.api.ClientApi} makes it a command,
 * {@link dev.tidings.gateway.log.CommandLog} appends it. What comes back, {@link dev.tidings.gateway.log.DeliveryFeed}
 * reads and gives to the session it is for, or, by {@link dev.tidings.gateway.follow.Following}, to all that follow.
 */
@NullMarked
package dev.tidings.gateway;

import org.jspecify.annotations.NullMarked;
