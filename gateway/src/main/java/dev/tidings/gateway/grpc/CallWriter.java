package dev.tidings.gateway.grpc;

import dev.tidings.gateway.session.Transport.CloseReason;
import dev.tidings.gateway.transport.FrameWriter;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Writes frames to the stream of a call. gRPC holds at most 32 kB that the client has not taken, and one frame: then the call is
 * not ready until the client reads.
 */
final class CallWriter implements FrameWriter {

    private final ServerCall<byte[], ByteBuffer> call;
    private final Runnable whenAborted;
    private final Queue<Runnable> unwritten = new ConcurrentLinkedQueue<>();
    /** Guarded by this object, as are all calls that write. */
    private boolean closed;

    /** @param whenAborted is run after {@link #abort}; gRPC reports the end of a call only once the client has read its status */
    CallWriter(ServerCall<byte[], ByteBuffer> call, Runnable whenAborted) {
        this.call = call;
        this.whenAborted = whenAborted;
    }

    @Override
    public boolean isWritable(long inFlightBytes) {
        return call.isReady();
    }

    @Override
    public void write(ByteBuffer frame, Runnable whenWritten) {
        unwritten.add(whenWritten);
        boolean taken;
        synchronized (this) {
            if (!closed) {
                call.sendMessage(frame);
            }
            taken = closed || call.isReady();
        }
        if (taken) {
            ready();
        }
    }

    /** The client has taken what was written. */
    void ready() {
        for (Runnable whenWritten = unwritten.poll(); whenWritten != null; whenWritten = unwritten.poll()) {
            whenWritten.run();
        }
    }

    @Override
    public void close(CloseReason reason) {
        StatusRuntimeException status = Statuses.of(reason);
        Metadata trailers = status.getTrailers();
        close(status.getStatus(), trailers == null ? new Metadata() : trailers);
    }

    /** Ends the call because the client has ended its side. */
    void complete() {
        close(Status.OK, new Metadata());
    }

    @Override
    public void abort() {
        close(Status.ABORTED.withDescription("the client does not take the frames of its session"), new Metadata());
        whenAborted.run();
    }

    private synchronized void close(Status status, Metadata trailers) {
        if (!closed) {
            closed = true;
            call.close(status, trailers);
        }
    }
}
