/**
 * The gateway: keeps the sockets of clients, and nothing that outlives them. It authenticates users, checks their requests,
 * appends commands to the log, and sends the deliveries of its own partition to its sessions.
 *
 * <p>The path of one message: {@code FrameReader} reads a frame from the socket (or {@code ConnectCalls} from a gRPC stream), {@link
 * dev.tidings.gateway.api.RequestParser} parses it, {@link dev.tidings.gateway.session.ClientSession} and its {@code
 * UserSession} carry it out, {@link dev.tidings.gateway.api.ClientApi} checks the command, and {@link
 * dev.tidings.gateway.log.CommandLog} appends it. On the way back {@link dev.tidings.gateway.log.DeliveryFeed} reads the
 * delivery, {@link dev.tidings.gateway.session.DeliveryRouter} finds its sessions, or {@link
 * dev.tidings.gateway.subscription.ConversationSubscriptions} the subscribers of its conversation, and {@link
 * dev.tidings.gateway.transport.QueuedTransport} sends the frame.
 */
@NullMarked
package dev.tidings.gateway;

import org.jspecify.annotations.NullMarked;
