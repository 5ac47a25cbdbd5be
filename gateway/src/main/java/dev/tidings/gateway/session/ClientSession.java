package dev.tidings.gateway.session;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Timestamps;
import dev.tidings.gateway.api.Caller;
import dev.tidings.gateway.api.ClientApi;
import dev.tidings.gateway.api.Errors;
import dev.tidings.gateway.auth.Authenticator;
import dev.tidings.gateway.auth.RejectedTokenException;
import dev.tidings.gateway.follow.Follower;
import dev.tidings.gateway.follow.Following;
import dev.tidings.gateway.frame.FrameCodec;
import dev.tidings.gateway.frame.LiveEvent;
import dev.tidings.gateway.session.Transport.CloseReason;
import dev.tidings.schemas.check.CommandCheck;
import dev.tidings.v1.Ack;
import dev.tidings.v1.Answer;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Connect;
import dev.tidings.v1.Connected;
import dev.tidings.v1.Disconnect;
import dev.tidings.v1.Error;
import dev.tidings.v1.HeadNotice;
import dev.tidings.v1.HeartbeatReply;
import dev.tidings.v1.Origin;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.Session;
import dev.tidings.v1.SyncAnswer;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection, from its first frame to its end.
 *
 * <pre>
 * AWAITING_CONNECT ─connect▶ AUTHENTICATING ─token▶ OPENING ─ready▶ OPEN
 *        └───────────────────────┴────────────────────┴──────────────┴──▶ CLOSED
 * </pre>
 *
 * Frames come from the socket's thread, deliveries from the feed's, acknowledgements of the log from the producer's:
 * one lock orders them, and nothing done under it blocks.
 */
public final class ClientSession implements Follower {

    private static final Logger LOG = LoggerFactory.getLogger(ClientSession.class);
    private static final int RECONNECT_JITTER_MILLIS = 2_000;

    private enum State {
        AWAITING_CONNECT,
        AUTHENTICATING,
        OPENING,
        OPEN,
        CLOSED
    }

    private final Transport transport;
    private final SessionTerms terms;
    private final Sessions sessions;
    private final Following following;
    private final ClientApi api;
    private final Authenticator authenticator;
    private final Executor blocking;
    private final Deliveries deliveries;
    private final Requests requests;
    private final Rooms rooms;
    private final String sessionId = UUID.randomUUID().toString();

    private State state = State.AWAITING_CONNECT;
    private long stateSinceNanos = System.nanoTime();
    private long lastHeardNanos = stateSinceNanos;
    private String userId = "";
    private String connectFrameId = "";

    /** @param blocking for what may take a while: verifying tokens */
    public ClientSession(
            Transport transport,
            SessionTerms terms,
            Sessions sessions,
            Following following,
            ClientApi api,
            Authenticator authenticator,
            Executor blocking) {
        this.transport = transport;
        this.terms = terms;
        this.sessions = sessions;
        this.following = following;
        this.api = api;
        this.authenticator = authenticator;
        this.blocking = blocking;
        this.deliveries = new Deliveries(
                this,
                transport,
                following,
                new DeliveryWindow(
                        terms.maxUnacknowledgedFrames(), terms.ackTimeout().toNanos()),
                sessions::expired,
                () -> disconnect(Disconnect.Code.SLOW_CONSUMER, CloseReason.SLOW_CONSUMER, true));
        Requests.Asking asking = new Requests.Asking() {
            @Override
            public void inTurn(Runnable task) {
                synchronized (ClientSession.this) {
                    task.run();
                }
            }

            @Override
            public void send(String id, ServerFrame.Builder frame) {
                ClientSession.this.send(id, frame);
            }
        };
        this.requests = new Requests(api, asking);
        this.rooms = new Rooms(this, following, api, asking);
    }

    public void onText(String json) {
        try {
            onFrame(FrameCodec.decode(json));
        } catch (InvalidProtocolBufferException e) {
            onInvalidFrame(FrameCodec.idOf(json), e.getMessage());
        }
    }

    public void onBytes(ByteBuffer bytes) {
        try {
            onFrame(FrameCodec.decode(bytes));
        } catch (InvalidProtocolBufferException e) {
            onInvalidFrame("", e.getMessage());
        }
    }

    /** What came is no frame. The connection goes on. */
    public synchronized void onInvalidFrame(String id, @Nullable String why) {
        lastHeardNanos = System.nanoTime();
        fail(id, Errors.error(Error.Code.INVALID_FRAME, "not a frame: " + why));
    }

    private synchronized void onFrame(ClientFrame frame) {
        lastHeardNanos = System.nanoTime();
        String id = frame.getId();
        if (id.length() > SessionTerms.MAX_FRAME_ID_BYTES) {
            fail("", Errors.invalidArgument("id must be at most " + SessionTerms.MAX_FRAME_ID_BYTES + " bytes"));
            return;
        }
        switch (frame.getBodyCase()) {
            case CONNECT -> connect(id, frame.getConnect());
            case HEARTBEAT -> heartbeat(id);
            case SEND,
                    MARK_READ,
                    ACK,
                    PULL,
                    SYNC,
                    EDIT,
                    RECALL,
                    DELETE_FOR_ME,
                    REACT,
                    PIN,
                    GROUP,
                    FRIEND,
                    ROOM,
                    TYPING,
                    RECEIPTS,
                    PULL_MANY,
                    SETTINGS,
                    PROFILE,
                    PRESENCE,
                    DEVICES,
                    REVOKE_DEVICE,
                    REGISTER_PUSH -> {
                if (state != State.OPEN) {
                    fail(id, Errors.error(Error.Code.NOT_CONNECTED, "connect first, and wait for connected"));
                } else if (frame.hasAck()) {
                    acknowledge(id, frame.getAck());
                } else if (frame.hasRoom()) {
                    rooms.request(caller(id), frame.getRoom());
                } else {
                    requests.request(caller(id), frame);
                }
            }
            case BODY_NOT_SET -> fail(id, Errors.error(Error.Code.INVALID_FRAME, "the frame has no body"));
        }
    }

    private Caller caller(String frameId) {
        Origin origin = Origin.newBuilder()
                .setGatewaySlot(terms.slot())
                .setSessionId(sessionId)
                .setFrameId(frameId)
                .build();
        return new Caller(userId, origin, roomId -> following.follows(this, roomId));
    }

    private void connect(String id, Connect connect) {
        if (state != State.AWAITING_CONNECT) {
            fail(id, Errors.error(Error.Code.ALREADY_CONNECTED, "connect comes once"));
            return;
        }
        if (!CommandCheck.isToken(connect.getDeviceId())) {
            fail(id, Errors.invalidArgument("deviceId must be 1 to 128 bytes without control characters"));
            return;
        }
        enter(State.AUTHENTICATING);
        connectFrameId = id;
        blocking.execute(() -> authenticate(connect));
    }

    private void authenticate(Connect connect) {
        String user;
        try {
            user = authenticator.userOf(connect.getToken());
        } catch (RejectedTokenException e) {
            endWith(
                    e.code() == Error.Code.UNAVAILABLE
                            ? Errors.unavailable(String.valueOf(e.getMessage()))
                            : Errors.error(e.code(), String.valueOf(e.getMessage())),
                    e.code() == Error.Code.UNAVAILABLE ? CloseReason.UNAVAILABLE : CloseReason.INVALID_TOKEN);
            return;
        }
        open(user, connect);
    }

    private synchronized void open(String user, Connect connect) {
        if (state != State.AUTHENTICATING) {
            return;
        }
        userId = user;
        enter(State.OPENING);
        sessions.opening(sessionId, this);
        Session session = Session.newBuilder()
                .setSessionId(sessionId)
                .setDeviceId(connect.getDeviceId())
                .setPlatform(connect.getPlatform())
                .setGatewaySlot(terms.slot())
                .setGatewayEpoch(terms.epoch())
                .build();
        api.openSession(user, session, new ClientApi.Reply() {
            @Override
            public void accepted(String commandId) {
                // the answer that counts is ready(), when the session receives what happens
            }

            @Override
            public void refused(Refusal refusal) {
                throw new IllegalStateException("opening a session is never refused");
            }

            @Override
            public void failed(Error error) {
                endWith(error, CloseReason.UNAVAILABLE);
            }
        });
    }

    /** Every event of the user reaches this session from here on. */
    synchronized void ready() {
        if (state != State.OPENING) {
            return;
        }
        enter(State.OPEN);
        LOG.debug("session open user={} session={}", userId, sessionId);
        send(
                connectFrameId,
                ServerFrame.newBuilder()
                        .setConnected(Connected.newBuilder()
                                .setSessionId(sessionId)
                                .setUserId(userId)
                                .setHeartbeatSeconds((int) SessionTerms.HEARTBEAT.toSeconds())
                                .setLimits(terms.limits())
                                .setResumed(false)));
        deliveries.begin();
    }

    private void heartbeat(String id) {
        send(
                id,
                ServerFrame.newBuilder()
                        .setHeartbeat(HeartbeatReply.newBuilder()
                                .setServerTime(Timestamps.fromMillis(System.currentTimeMillis()))));
    }

    private void acknowledge(String id, Ack ack) {
        if (!deliveries.acknowledge(ack.getUpTo(), System.nanoTime())) {
            fail(id, Errors.invalidArgument("upTo is beyond what was delivered: " + ack.getUpTo()));
        }
    }

    @Override
    public String userId() {
        return userId;
    }

    /** An event that concerns the session's user by name; see {@link Deliveries#byName}. */
    synchronized void deliver(LiveEvent live, boolean follow) {
        if (isKnown()) {
            deliveries.byName(live, follow);
        }
    }

    @Override
    public synchronized void followed(LiveEvent live, String originSessionId) {
        if (isKnown()) {
            deliveries.byFollowing(live, originSessionId.equals(sessionId));
        }
    }

    /** The large conversations that the user belongs to as the session begins. */
    synchronized void follow(List<String> conversationIds) {
        if (isKnown()) {
            conversationIds.forEach(conversationId -> deliveries.follow(conversationId, 0));
        }
    }

    @Override
    public synchronized void head(HeadNotice head) {
        if (isKnown() && !rooms.head(head)) {
            deliveries.head(head);
        }
    }

    /** INBOX knows the session, or will. */
    private boolean isKnown() {
        return state == State.OPENING || state == State.OPEN;
    }

    synchronized void answer(Answer answer) {
        requests.answer(answer);
    }

    synchronized void synced(SyncAnswer answer) {
        requests.synced(answer);
    }

    synchronized void replaced() {
        disconnect(Disconnect.Code.REPLACED, CloseReason.REPLACED, false);
    }

    synchronized void drain() {
        disconnect(Disconnect.Code.DRAINING, CloseReason.GOING_AWAY, true);
    }

    /** Ends what has taken too long, and sends again what was not acknowledged. */
    synchronized void tick(long nowNanos) {
        switch (state) {
            case AWAITING_CONNECT -> {
                if (nowNanos - stateSinceNanos > SessionTerms.CONNECT_WITHIN.toNanos()) {
                    disconnect(Disconnect.Code.CONNECT_TIMEOUT, CloseReason.TIMEOUT, true);
                }
            }
            case AUTHENTICATING, OPENING -> {
                if (nowNanos - stateSinceNanos > SessionTerms.OPEN_WITHIN.toNanos()) {
                    endWith(Errors.unavailable("the session cannot be opened now; try again"), CloseReason.UNAVAILABLE);
                }
            }
            case OPEN -> {
                if (nowNanos - lastHeardNanos > SessionTerms.SILENCE.toNanos()) {
                    disconnect(Disconnect.Code.HEARTBEAT_TIMEOUT, CloseReason.TIMEOUT, true);
                } else {
                    deliveries.sendAgainWhatIsOverdue(nowNanos);
                }
            }
            case CLOSED -> {}
        }
    }

    /** The socket is gone, whoever closed it. */
    public synchronized void onClosed() {
        boolean known = isKnown();
        enter(State.CLOSED);
        sessions.disconnected(this);
        if (known) {
            leave();
        }
    }

    private void disconnect(Disconnect.Code code, CloseReason reason, boolean reconnect) {
        send(
                "",
                ServerFrame.newBuilder()
                        .setDisconnect(Disconnect.newBuilder()
                                .setCode(code)
                                .setReconnect(reconnect)
                                .setJitterMs(reconnect ? RECONNECT_JITTER_MILLIS : 0)));
        close(reason);
    }

    private synchronized void endWith(Error error, CloseReason reason) {
        fail(connectFrameId, error);
        close(reason);
    }

    private void close(CloseReason reason) {
        if (state == State.CLOSED) {
            return;
        }
        LOG.debug("session closes user={} session={} reason={}", userId, sessionId, reason);
        boolean known = isKnown();
        enter(State.CLOSED);
        transport.close(reason);
        if (known) {
            leave();
        }
    }

    private void leave() {
        sessions.closed(sessionId);
        following.ended(this);
        api.closeSession(userId, sessionId, new ClientApi.Reply() {
            @Override
            public void accepted(String commandId) {
                // nobody waits for it
            }

            @Override
            public void refused(Refusal refusal) {
                throw new IllegalStateException("closing a session is never refused");
            }

            @Override
            public void failed(Error error) {
                LOG.warn("the end of a session could not be written user={} session={}", userId, sessionId);
            }
        });
    }

    private void enter(State next) {
        state = next;
        stateSinceNanos = System.nanoTime();
    }

    private void fail(String id, Error error) {
        send(id, ServerFrame.newBuilder().setError(error));
    }

    private void send(String id, ServerFrame.Builder frame) {
        if (state != State.CLOSED) {
            transport.send(frame.setId(id).build());
        }
    }
}
