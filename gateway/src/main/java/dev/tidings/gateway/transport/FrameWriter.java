package dev.tidings.gateway.transport;

import dev.tidings.gateway.session.Transport.CloseReason;
import java.nio.ByteBuffer;

/** Writes encoded frames to one connection. {@link QueuedTransport} makes one call of {@link #write} and {@link #close} at a time. */
public interface FrameWriter {

    /**
     * Whether the connection takes a further frame now. If not, {@link QueuedTransport#resume} is called once it does, or the last
     * {@code whenWritten} is run. Called under a lock: does not block.
     *
     * @param inFlightBytes of frames whose {@code whenWritten} has not been run
     */
    boolean isWritable(long inFlightBytes);

    /** @param whenWritten is run, in any thread, once the connection has taken the frame or has failed */
    void write(ByteBuffer frame, Runnable whenWritten);

    /** Ends the connection with a reason for the client, after all frames written before. */
    void close(CloseReason reason);

    /** Ends the connection at once. Called in any thread, also during {@link #write}. */
    void abort();
}
