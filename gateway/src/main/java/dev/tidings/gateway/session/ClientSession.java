package dev.tidings.gateway.session;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.gateway.api.ClientRequest;
import dev.tidings.gateway.api.RequestParser;
import dev.tidings.gateway.auth.Principal;
import dev.tidings.gateway.frame.FrameCodec;
import dev.tidings.gateway.frame.LiveEvent;
import dev.tidings.gateway.session.ConnectHandshake.Authentication;
import dev.tidings.gateway.session.SessionState.Abandoned;
import dev.tidings.gateway.session.SessionState.Authenticating;
import dev.tidings.gateway.session.SessionState.AwaitingAdmission;
import dev.tidings.gateway.session.SessionState.AwaitingConnect;
import dev.tidings.gateway.session.SessionState.Closed;
import dev.tidings.gateway.session.SessionState.Connecting;
import dev.tidings.gateway.session.SessionState.Ended;
import dev.tidings.gateway.session.SessionState.Open;
import dev.tidings.gateway.session.SessionState.Opening;
import dev.tidings.gateway.session.SessionState.Registered;
import dev.tidings.schemas.Limits;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Connect;
import dev.tidings.v1.Error;
import dev.tidings.v1.Origin;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.SessionReplaced;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection of one client, from its first frame to the close of its socket: handshake, time-outs and closing. {@link
 * UserSession} does everything else once the user is known.
 *
 * <pre>
 * AwaitingConnect ──▶ AwaitingAdmission ──▶ Authenticating ──▶ Opening ──▶ Open
 *        └───────────────────┴────────────────────┤               └─────────┤
 *                                                 ▼                         ▼
 *                                             Abandoned                   Ended
 * </pre>
 *
 * Frames come from the socket's thread, deliveries from the feed's, confirmations from the producer's: the monitor of this
 * object orders them. Nothing under it blocks or encodes: frames are queued as messages ({@link Transport}), and the last
 * commands of a session are appended outside of it.
 */
public final class ClientSession {

    private static final Logger LOG = LoggerFactory.getLogger(ClientSession.class);

    private final Transport transport;
    private final GatewayContext gateway;
    private final SessionContext context = new Context();
    private final String sessionId = UUID.randomUUID().toString();
    private final FrameLimits limits;

    private SessionState state = new AwaitingConnect(System.nanoTime());
    private long lastFrameNanos = System.nanoTime();
    /** Grows once the client is connected; read by the socket's thread without the lock. */
    private volatile int maxFrameBytes;

    public ClientSession(Transport transport, GatewayContext gateway) {
        this.transport = transport;
        this.gateway = gateway;
        this.limits = new FrameLimits(gateway, transport, context);
        this.maxFrameBytes =
                Math.min(Limits.FRAME_BEFORE_CONNECTED, gateway.config().maxFrameBytes());
    }

    /** Gives the parts of the session access to its lock and its client. */
    private final class Context implements SessionContext {

        @Override
        public void locked(Runnable task) {
            synchronized (ClientSession.this) {
                task.run();
            }
        }

        @Override
        public void whileRegistered(Runnable task) {
            ClientSession.this.whileRegistered(user -> task.run());
        }

        @Override
        public void send(String frameId, ServerFrame.Builder frame) {
            if (!(state instanceof Closed)) {
                transport.send(frame.setId(frameId).build());
                endIfOverBudget();
            }
        }
    }

    /** The socket is open. Ends the session if its address has too many. */
    synchronized void begin() {
        endIf(limits.enter());
    }

    /** The largest frame that the client may send now. */
    public int maxFrameBytes() {
        return maxFrameBytes;
    }

    /** The client sends a frame of more than {@link #maxFrameBytes}. */
    public synchronized void onFrameTooLarge(int limit) {
        context.fail("", ProtocolErrors.frameTooLarge(limit));
        end(Disconnection.frameTooLarge());
    }

    public void onText(String json) {
        try {
            onFrame(FrameCodec.decode(json), json.length());
        } catch (InvalidProtocolBufferException e) {
            onInvalidFrame(FrameCodec.idOf(json), e.getMessage());
        }
    }

    public void onBytes(ByteBuffer bytes) {
        int length = bytes.remaining();
        try {
            onFrame(FrameCodec.decode(bytes), length);
        } catch (InvalidProtocolBufferException e) {
            onInvalidFrame(FrameCodec.idOf(bytes), e.getMessage());
        }
    }

    /**
     * The client has sent something that is not a frame. The connection stays open.
     *
     * @param frameId empty where it could not be read
     */
    public synchronized void onInvalidFrame(String frameId, @Nullable String why) {
        lastFrameNanos = System.nanoTime();
        limits.reject(state, frameId, ProtocolErrors.invalidFrame(why));
    }

    /** @param length bytes, or characters of JSON */
    private synchronized void onFrame(ClientFrame frame, int length) {
        lastFrameNanos = System.nanoTime();
        whileRegistered(UserSession::frameReceived);
        String frameId = frame.getId();
        int idBytes = frame.getIdBytes().size();
        if (idBytes > FrameCodec.MAX_ID_BYTES) {
            limits.reject(state, frameId, ProtocolErrors.idTooLong(idBytes));
            return;
        }
        Origin origin = gateway.config().origin(sessionId, frameId);
        ClientRequest parsed = RequestParser.parse(frame, origin);
        if (!limits.accept(state, frameId, parsed, length)) {
            return;
        }
        switch (parsed) {
            case ClientRequest.Connect(Connect connect) -> connect(frameId, connect);
            case ClientRequest.Heartbeat() ->
                context.send(
                        frameId,
                        ServerFrame.newBuilder().setHeartbeat(gateway.sessions().heartbeatReply()));
            case ClientRequest.Empty() -> context.fail(frameId, ProtocolErrors.emptyFrame());
            case ClientRequest.SessionRequest request -> {
                if (state instanceof Open open) {
                    open.user().request(origin, request);
                } else {
                    context.fail(frameId, ProtocolErrors.notConnected());
                }
            }
        }
    }

    private void connect(String frameId, Connect connect) {
        if (!(state instanceof AwaitingConnect)) {
            context.fail(frameId, ProtocolErrors.alreadyConnected());
            return;
        }
        Error flaw = ConnectHandshake.check(connect);
        if (flaw != null) {
            context.fail(frameId, flaw);
            return;
        }
        if (endIf(limits.rejectConnect())) {
            return;
        }
        ConnectHandshake handshake = new ConnectHandshake(frameId, connect, this::authenticate);
        state = new AwaitingAdmission(System.nanoTime(), handshake);
        switch (gateway.admission().enter(handshake, state.sinceNanos())) {
            case ConnectAdmission.Decision.Admitted() -> {}
            case ConnectAdmission.Decision.Rejected rejected -> end(Disconnection.overloaded(rejected));
        }
    }

    /** Verifies the token without the lock, because that may block. */
    private void authenticate(ConnectHandshake handshake) {
        synchronized (this) {
            if (gateway.sessions().isDraining() || !(state instanceof AwaitingAdmission)) {
                return; // the connection is closed, or about to be
            }
            state = new Authenticating(System.nanoTime(), handshake);
        }
        switch (handshake.authenticate(gateway.authenticator())) {
            case Authentication.Authenticated(Principal principal) -> open(handshake, principal);
            case Authentication.Failed(Error error, Disconnection disconnection) ->
                reject(handshake, error, disconnection);
        }
    }

    private synchronized void open(ConnectHandshake handshake, Principal principal) {
        if (!(state instanceof Authenticating) || endIf(limits.enter(handshake.frameId(), principal.userId()))) {
            return;
        }
        UserSession user = new UserSession(
                sessionId, principal, handshake.deviceId(), gateway, context, transport, this::endTooSlow);
        if (endIf(user.exclusion())) {
            return;
        }
        state = new Opening(System.nanoTime(), handshake, user);
        gateway.sessions().register(sessionId, this);
        gateway.api()
                .openSession(
                        user.userId(),
                        handshake.openSession(sessionId, gateway.config()),
                        new FireAndForget(error -> reject(handshake, error, Disconnection.unavailable())));
        endIf(user.exclusion()); // for a ban that came before the session was registered
    }

    /** Ends a connect that failed. A session that INBOX has opened stays open, even if its command is not confirmed. */
    private synchronized void reject(ConnectHandshake handshake, Error error, Disconnection disconnection) {
        if (state instanceof Connecting) {
            context.fail(handshake.frameId(), error);
            end(disconnection);
        }
    }

    /**
     * INBOX has opened the session: from here on it sends every event of the user.
     *
     * @param resumed whether sync pages with the changes since the client's version follow as answers to its connect
     */
    synchronized void ready(boolean resumed) {
        if (!(state instanceof Opening(long ignored, ConnectHandshake handshake, UserSession user))) {
            return;
        }
        state = new Open(System.nanoTime(), user);
        maxFrameBytes = gateway.config().maxFrameBytes();
        gateway.admission().leave(handshake);
        limits.count().opened();
        LOG.debug("session open user={} session={}", user.userId(), sessionId);
        context.send(handshake.frameId(), ServerFrame.newBuilder().setConnected(user.connected(resumed)));
        user.begin();
    }

    /** Runs the action under the lock if deliveries may come for the session; does nothing otherwise. */
    synchronized void whileRegistered(Consumer<UserSession> action) {
        if (state instanceof Registered registered) {
            action.accept(registered.user());
            endIfOverBudget();
        }
    }

    /** Delivers an event that INBOX addressed to this session, or reports it as undelivered where the session has ended. */
    synchronized void deliver(LiveEvent event, boolean follow) {
        if (state instanceof Ended ended) {
            ended.user().reportUndelivered(event.event());
        } else {
            whileRegistered(user -> user.deliver(event, follow));
        }
    }

    /** Ends the session because of another session or the loss of this gateway's slot. */
    synchronized void replaced(SessionReplaced.Reason reason) {
        if (reason == SessionReplaced.Reason.GATEWAY_GONE) {
            // the gateway was declared gone although it runs: INBOX sends nothing to this session any more
            drain(0, gateway.sessions().spreadMillis());
        } else {
            end(Disconnection.replaced(reason));
        }
    }

    /**
     * Asks the client to connect to another gateway.
     *
     * @param jitterMillis the time over which all clients of the gateway are spread
     */
    synchronized void drain(int afterMillis, int jitterMillis) {
        if (state instanceof Registered registered) {
            registered.user().gatewayEnds();
        }
        end(Disconnection.draining(afterMillis, jitterMillis));
    }

    /** Ends the session if its user must not be connected any more: see {@link UserSession#exclusion}. */
    synchronized void endIfExcluded() {
        if (state instanceof Registered registered) {
            endIf(registered.user().exclusion());
        }
    }

    /** Ends what has timed out, and sends unacknowledged events again. */
    synchronized void tick(long nowNanos) {
        switch (state) {
            case AwaitingConnect awaiting -> {
                if (awaiting.isOlderThan(SessionConfig.CONNECT_TIMEOUT, nowNanos)) {
                    end(Disconnection.connectTimeout());
                }
            }
            case Connecting connecting -> {
                if (connecting.isOlderThan(SessionConfig.OPEN_TIMEOUT, nowNanos)) {
                    reject(connecting.handshake(), ProtocolErrors.openTimeout(), Disconnection.unavailable());
                }
            }
            case Open open -> {
                if (nowNanos - lastFrameNanos > SessionConfig.HEARTBEAT_TIMEOUT.toNanos()) {
                    end(Disconnection.heartbeatTimeout());
                } else if (open.user().isTokenExpired()) {
                    end(Disconnection.tokenExpired());
                } else {
                    open.user().tick(nowNanos);
                }
            }
            case Closed closed -> {
                // a client that reads nothing or does not answer the close would keep the socket and its queue for ever
                if (closed.isOlderThan(SessionConfig.CLOSE_TIMEOUT, nowNanos)) {
                    transport.abort();
                }
            }
        }
    }

    /** Whether the session has ended so long ago that no delivery comes for it any more. */
    synchronized boolean isForgotten(long nowNanos) {
        return state instanceof Closed closed && closed.isOlderThan(SessionConfig.KEEP_ENDED, nowNanos);
    }

    /** The socket is closed, by either side. */
    public synchronized void onClosed() {
        gateway.sessions().disconnected(this, close());
        limits.count().closed();
    }

    /** Bytes of frames that the socket has not taken or the client has not acknowledged. */
    synchronized long heldBytes() {
        long waiting = transport.waitingBytes();
        return state instanceof Registered registered
                ? waiting + registered.user().heldBytes()
                : waiting;
    }

    /** Ends the session at once, because the gateway needs its memory. */
    synchronized void shed() {
        endTooSlow();
        transport.abort();
    }

    private void endIfOverBudget() {
        if (state instanceof Registered && heldBytes() > gateway.config().maxBufferedBytes()) {
            endTooSlow();
        }
    }

    /** Drops the waiting frames first: the client would read the last frame only after them. */
    private void endTooSlow() {
        transport.discardWaiting();
        end(Disconnection.slowConsumer());
    }

    private boolean endIf(@Nullable Disconnection disconnection) {
        if (disconnection != null) {
            end(disconnection);
        }
        return disconnection != null;
    }

    private void end(Disconnection disconnection) {
        if (!(state instanceof Closed)) {
            LOG.debug("session ends session={} reason={}", sessionId, disconnection.reason());
            transport.send(disconnection.toServerFrame());
            transport.close(disconnection.reason());
            gateway.sessions().metrics().disconnected(disconnection.frame().getCode());
            close();
        }
    }

    /** Returns false if it has ended before. */
    private boolean close() {
        SessionState last = state;
        if (last instanceof Closed) {
            return false;
        }
        limits.count().ended();
        long now = System.nanoTime();
        state = last instanceof Registered registered ? new Ended(now, registered.user()) : new Abandoned(now);
        if (last instanceof Connecting connecting) {
            gateway.admission().leave(connecting.handshake());
        }
        if (last instanceof Registered registered) {
            gateway.sessions().background().execute(registered.user().end());
        }
        return true;
    }
}
