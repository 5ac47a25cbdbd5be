package dev.tidings.gateway.grpc;

import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import dev.tidings.gateway.auth.ClientAddress;
import dev.tidings.gateway.frame.FrameCodec;
import dev.tidings.gateway.session.BufferBudget;
import dev.tidings.gateway.session.ClientSession;
import dev.tidings.gateway.session.Sessions;
import dev.tidings.gateway.session.Transport;
import dev.tidings.gateway.transport.QueuedTransport;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The streams of {@code Connect}: makes a session of each call, which has the same frames and limits as over a WebSocket. */
public final class ConnectCalls implements ServerCallHandler<byte[], ByteBuffer> {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectCalls.class);

    private final Sessions sessions;
    private final Function<Transport, ClientSession> newSession;
    private final ClientAddress clientAddress;
    private final BufferBudget budget;
    private final Executor executor;
    private final Meter framesIn;
    private final Meter framesOut;

    /** @param executor writes frames, and notifies sessions that their calls have ended; must not run in the caller */
    public ConnectCalls(
            Sessions sessions,
            Function<Transport, ClientSession> newSession,
            ClientAddress clientAddress,
            BufferBudget budget,
            Executor executor,
            MetricRegistry metrics) {
        this.sessions = sessions;
        this.newSession = newSession;
        this.clientAddress = clientAddress;
        this.budget = budget;
        this.executor = executor;
        this.framesIn = metrics.meter("tidings.gateway.frames.in");
        this.framesOut = metrics.meter("tidings.gateway.frames.out");
    }

    @Override
    public ServerCall.Listener<byte[]> startCall(ServerCall<byte[], ByteBuffer> call, Metadata headers) {
        call.sendHeaders(new Metadata());
        Connection connection = new Connection(call, headers);
        FrameMeter.OF_CALL.get().report(connection::receiving);
        sessions.connected(connection.session);
        call.request(1);
        return connection;
    }

    /** One call and its session. gRPC calls the listener's methods one after the other. */
    private final class Connection extends ServerCall.Listener<byte[]> {

        private final ServerCall<byte[], ByteBuffer> call;
        private final CallWriter writer;
        private final QueuedTransport transport;
        private final ClientSession session;
        private final AtomicBoolean tooLarge = new AtomicBoolean();
        private final AtomicBoolean ended = new AtomicBoolean();

        Connection(ServerCall<byte[], ByteBuffer> call, Metadata headers) {
            this.call = call;
            this.writer = new CallWriter(call, this::ended);
            this.transport = new QueuedTransport(
                    writer,
                    CallMetadata.address(call, headers, clientAddress),
                    FrameCodec.PROTO,
                    executor,
                    budget,
                    framesOut);
            this.session = newSession.apply(transport);
        }

        /** @param bytes of a frame so far; 0: the frame is complete */
        private void receiving(int bytes) {
            transport.receiving(bytes);
            checkSize(bytes);
        }

        /** Ends the session if the frame is too large; returns whether one was. */
        private boolean checkSize(int bytes) {
            int limit = session.maxFrameBytes();
            if (bytes > limit && tooLarge.compareAndSet(false, true)) {
                session.onFrameTooLarge(limit);
            }
            return tooLarge.get();
        }

        @Override
        public void onMessage(byte[] bytes) {
            if (!checkSize(bytes.length)) {
                framesIn.mark();
                session.onBytes(ByteBuffer.wrap(bytes));
            }
            call.request(1);
        }

        @Override
        public void onReady() {
            writer.ready();
            transport.resume();
        }

        @Override
        public void onHalfClose() {
            ended();
            writer.complete();
        }

        @Override
        public void onCancel() {
            ended();
        }

        @Override
        public void onComplete() {
            ended();
        }

        private void ended() {
            if (ended.compareAndSet(false, true)) {
                transport.connectionGone();
                try {
                    executor.execute(session::onClosed);
                } catch (RejectedExecutionException e) {
                    LOG.debug("gateway is closing: its sessions have ended", e);
                }
            }
        }
    }
}
