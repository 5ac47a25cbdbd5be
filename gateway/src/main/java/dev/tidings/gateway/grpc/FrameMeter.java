package dev.tidings.gateway.grpc;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import java.util.function.IntConsumer;

/** Reports the bytes of a half-received message of a call. gRPC holds them, and shows them to tracers only. */
final class FrameMeter extends ServerStreamTracer {

    /** The meter of the current call. */
    static final Context.Key<FrameMeter> OF_CALL = Context.key("frame-meter");

    private int bytes;
    private volatile IntConsumer listener = half -> {};

    /** @param whenReceiving is run with the bytes so far, and with 0 after the end of the message; does not block */
    void report(IntConsumer whenReceiving) {
        listener = whenReceiving;
    }

    @Override
    public Context filterContext(Context context) {
        return context.withValue(OF_CALL, this);
    }

    @Override
    public void inboundWireSize(long received) {
        bytes = (int) Math.min(Integer.MAX_VALUE, bytes + received);
        listener.accept(bytes);
    }

    @Override
    public void inboundMessageRead(int sequence, long wireSize, long uncompressedSize) {
        bytes = 0;
        listener.accept(0);
    }

    /** Makes a meter for each call. */
    static final class Factory extends ServerStreamTracer.Factory {

        @Override
        public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
            return new FrameMeter();
        }
    }
}
