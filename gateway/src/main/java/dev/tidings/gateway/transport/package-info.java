/**
 * The transport of sessions, whatever the protocol of the connection: {@link dev.tidings.gateway.transport.QueuedTransport}
 * queues frames, counts their memory and encodes them; a {@link dev.tidings.gateway.transport.FrameWriter} of each protocol
 * writes them.
 */
@NullMarked
package dev.tidings.gateway.transport;

import org.jspecify.annotations.NullMarked;
