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
import dev.tidings.gateway.frame.LiveHead;
import dev.tidings.gateway.session.Transport.CloseReason;
import dev.tidings.schemas.Limits;
import dev.tidings.v1.Ack;
import dev.tidings.v1.Answer;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Connect;
import dev.tidings.v1.Connected;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.Error;
import dev.tidings.v1.Follow;
import dev.tidings.v1.HeartbeatReply;
import dev.tidings.v1.MessageReference;
import dev.tidings.v1.OpenSession;
import dev.tidings.v1.Origin;
import dev.tidings.v1.Presence;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.Session;
import dev.tidings.v1.SessionReplaced;
import dev.tidings.v1.SyncAnswer;
import dev.tidings.v1.UserAnswer;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection, from its first frame to its end.
 *
 * <pre>
 * AWAITING_CONNECT ─connect▶ WAITING ─turn▶ AUTHENTICATING ─token▶ OPENING ─ready▶ OPEN
 *        └─────────────────────┴────────────────┴────────────────────┴──────────────┴──▶ CLOSED
 * </pre>
 *
 * Frames come from the socket's thread, deliveries from the feed's, acknowledgements of the log from the producer's:
 * one lock orders them. Nothing done under it blocks or encodes: frames are queued as messages ({@link Transport}), and what
 * takes many commands is written outside.
 */
public final class ClientSession implements Follower {

    private static final Logger LOG = LoggerFactory.getLogger(ClientSession.class);

    private enum State {
        AWAITING_CONNECT,
        /** Too many are opening at the moment: see {@link Openings}. */
        WAITING,
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
    private final Openings openings;
    private final Deliveries deliveries;
    private final Requests requests;
    private final Rooms rooms;
    private final Watching watching;
    private final Arrivals arrivals;
    private final String sessionId = UUID.randomUUID().toString();

    private State state = State.AWAITING_CONNECT;
    /** Whether {@code connected} was sent; read by the socket's thread without the lock. */
    private volatile boolean connected;

    private long stateSinceNanos = System.nanoTime();
    private long lastHeardNanos = stateSinceNanos;
    private String userId = "";
    private String deviceId = "";
    private String connectFrameId = "";
    /** Of this session, from its connect until it is open or closed; null before and after. */
    private @Nullable Runnable opening;

    /** @param openings runs what may take a while: verifying tokens */
    public ClientSession(
            Transport transport,
            SessionTerms terms,
            Sessions sessions,
            Following following,
            ClientApi api,
            Authenticator authenticator,
            Openings openings) {
        this.transport = transport;
        this.terms = terms;
        this.sessions = sessions;
        this.following = following;
        this.api = api;
        this.authenticator = authenticator;
        this.openings = openings;
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
        BufferBudget budget = sessions.budget();
        this.requests = new Requests(api, asking, new Reads(() -> !transport.isBehind(), () -> !budget.isScarce()));
        this.rooms = new Rooms(this, following, requests, asking);
        this.watching = new Watching(terms.epoch(), terms.presenceVisibility(), api, asking);
        this.arrivals = new Arrivals(this, following, api, asking, sessions.outside());
        DeliveryWindow window = window(terms, budget);
        this.deliveries =
                new Deliveries(this, transport, following, window, sessions::logMillis, new Deliveries.Outcome() {
                    @Override
                    public void arrived(ConversationEvent event) {
                        arrivals.arrived(event);
                    }

                    @Override
                    public void expired(int expired) {
                        sessions.expired(expired);
                    }

                    @Override
                    public void dropped() {
                        sessions.dropped();
                    }

                    @Override
                    public void tooSlow() {
                        ClientSession.this.tooSlow();
                    }
                });
        transport.onCaughtUp(() -> asking.inTurn(requests::caughtUp));
    }

    private static DeliveryWindow window(SessionTerms terms, BufferBudget budget) {
        return new DeliveryWindow(
                terms.maxUnacknowledgedFrames(),
                terms.ackTimeout().toNanos(),
                () -> ThreadLocalRandom.current().nextDouble(),
                budget);
    }

    /** What a frame of the client may have now. */
    public int maxFrameBytes() {
        return connected ? terms.maxFrameBytes() : Math.min(Limits.FRAME_BEFORE_CONNECTED, terms.maxFrameBytes());
    }

    /** The client sends more than {@link #maxFrameBytes}. */
    public synchronized void onFrameTooLarge(int limit) {
        fail(
                "",
                Errors.error(
                        Error.Code.INVALID_FRAME,
                        "the frame has more than " + limit + " bytes; at most " + limit + " are allowed"
                                + (connected ? "" : " before connected")));
        end(Farewell.frameTooLarge());
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
            onInvalidFrame(FrameCodec.idOf(bytes), e.getMessage());
        }
    }

    /** What came is no frame. The connection goes on. */
    public synchronized void onInvalidFrame(String id, @Nullable String why) {
        lastHeardNanos = System.nanoTime();
        fail(FrameCodec.echoed(id), Errors.error(Error.Code.INVALID_FRAME, "not a frame: " + why));
    }

    private synchronized void onFrame(ClientFrame frame) {
        lastHeardNanos = System.nanoTime();
        arrivals.heard(lastHeardNanos);
        String id = frame.getId();
        int idBytes = frame.getIdBytes().size();
        if (idBytes > FrameCodec.MAX_ID_BYTES) {
            fail(
                    FrameCodec.echoed(id),
                    Errors.invalidArgument(
                            "id has " + idBytes + " bytes; at most " + FrameCodec.MAX_ID_BYTES + " are allowed"));
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
                    rooms.request(caller(id), frame);
                } else if (frame.hasPresence()) {
                    watching.request(caller(id), frame.getPresence());
                } else {
                    if (frame.hasMarkRead()) {
                        arrivals.read(
                                frame.getMarkRead().getConversationId(),
                                frame.getMarkRead().getSeq());
                    }
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
        return new Caller(userId, deviceId, origin, roomId -> following.follows(this, roomId));
    }

    private void connect(String id, Connect connect) {
        if (state != State.AWAITING_CONNECT) {
            fail(id, Errors.error(Error.Code.ALREADY_CONNECTED, "connect comes once"));
            return;
        }
        Error flaw = ConnectCheck.flawOf(connect);
        if (flaw != null) {
            fail(id, flaw);
            return;
        }
        if (sessions.budget().isScarce()) {
            end(Farewell.outOfMemory());
            return;
        }
        connectFrameId = id;
        deviceId = connect.getDeviceId();
        enter(State.WAITING);
        Runnable turn = () -> authenticate(connect);
        opening = turn;
        switch (openings.enter(turn, stateSinceNanos)) {
            case Openings.Reception.Welcome() -> {}
            case Openings.Reception.TurnedAway appointment -> {
                opening = null;
                end(Farewell.overloaded(appointment));
            }
        }
    }

    /** It is the session's turn to open. */
    private void authenticate(Connect connect) {
        if (sessions.isDraining() || !entered(State.WAITING, State.AUTHENTICATING)) {
            return; // it has been sent away, or will be in a moment
        }
        String user;
        try {
            user = authenticator.userOf(connect.getToken());
        } catch (RejectedTokenException e) {
            String why = String.valueOf(e.getMessage());
            if (e.code() == Error.Code.UNAVAILABLE) {
                endWith(Errors.unavailable(why), Farewell.unavailable());
            } else {
                endWith(Errors.error(e.code(), why), Farewell.tokenRejected());
            }
            return;
        }
        open(user, connect);
    }

    private synchronized void open(String user, Connect connect) {
        if (state != State.AUTHENTICATING) {
            return;
        }
        userId = user;
        if (sessions.isBanned(userId, deviceId, transport.address())) {
            LOG.info("connect rejected as banned user={} device={}", userId, deviceId);
            end(Farewell.banned());
            return;
        }
        enter(State.OPENING);
        sessions.opening(sessionId, this);
        Session session = Session.newBuilder()
                .setSessionId(sessionId)
                .setDeviceId(connect.getDeviceId())
                .setPlatform(connect.getPlatform())
                .setGatewaySlot(terms.slot())
                .setGatewayEpoch(terms.epoch())
                .build();
        OpenSession open = OpenSession.newBuilder()
                .setSession(session)
                .setResumeSince(connect.getResume().getVersion())
                .setLoginPolicy(terms.loginPolicy())
                .setFrameId(connectFrameId)
                .build();
        // the answer that counts is ready(), when the session receives what happens
        api.openSession(user, open, new Unattended(error -> endWith(error, Farewell.unavailable())));
        endIfBanned(); // a ban that came before the session was registered has not ended it
    }

    private synchronized boolean entered(State from, State to) {
        if (state != from) {
            return false;
        }
        enter(to);
        return true;
    }

    /**
     * Every event of the user reaches this session from here on.
     *
     * @param resumed what changed since the version that the client has comes as answers to its connect
     */
    synchronized void ready(boolean resumed) {
        if (state != State.OPENING) {
            return;
        }
        enter(State.OPEN);
        connected = true;
        leaveOpenings();
        LOG.debug("session open user={} session={}", userId, sessionId);
        send(
                connectFrameId,
                ServerFrame.newBuilder()
                        .setConnected(Connected.newBuilder()
                                .setSessionId(sessionId)
                                .setUserId(userId)
                                .setHeartbeatSeconds((int) SessionTerms.HEARTBEAT.toSeconds())
                                .setLimits(terms.limits())
                                .setResumed(resumed)));
        deliveries.begin();
    }

    private void heartbeat(String id) {
        send(
                id,
                ServerFrame.newBuilder()
                        .setHeartbeat(HeartbeatReply.newBuilder()
                                .setServerTime(Timestamps.fromMillis(sessions.logMillis()))));
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
            keepWithinBudget();
        } else {
            sayUndelivered(arrivals.undelivered(List.of(live.event()))); // INBOX had not heard of the session's end yet
        }
    }

    @Override
    public synchronized void followed(LiveEvent live, String originSessionId) {
        if (isKnown()) {
            deliveries.byFollowing(live, originSessionId.equals(sessionId));
            keepWithinBudget();
        }
    }

    /** The large conversations that the user belongs to as the session begins. */
    synchronized void follow(Follow follow) {
        if (isKnown()) {
            for (int i = 0; i < follow.getConversationIdsCount(); i++) {
                deliveries.follow(
                        follow.getConversationIds(i), i < follow.getJoinedSeqsCount() ? follow.getJoinedSeqs(i) : 0);
            }
        }
    }

    @Override
    public synchronized void head(LiveHead head) {
        if (isKnown() && !rooms.head(head.notice())) {
            deliveries.head(head);
        }
    }

    /** INBOX knows the session, or will. */
    private boolean isKnown() {
        return state == State.OPENING || state == State.OPEN;
    }

    /** It has ended so long ago that nothing comes for it any more. */
    synchronized boolean isForgotten(long nowNanos) {
        return state == State.CLOSED && nowNanos - stateSinceNanos > SessionTerms.REMEMBERED.toNanos();
    }

    synchronized void answer(Answer answer) {
        requests.answer(answer);
        if (isKnown()) {
            rooms.answered(answer);
        }
    }

    /** Ends the session if its user, device or address is banned. */
    synchronized void endIfBanned() {
        if (isKnown() && sessions.isBanned(userId, deviceId, transport.address())) {
            LOG.info("session ends as banned user={} session={}", userId, sessionId);
            end(Farewell.banned());
        }
    }

    synchronized void answer(UserAnswer answer) {
        if (!answer.hasFriends()) {
            requests.answer(answer);
        } else if (state == State.OPEN) {
            watching.friends(caller(answer.getOrigin().getFrameId()), answer.getFriends());
        }
    }

    /** The presence that the client has asked for. */
    synchronized void answer(Origin origin, Presence presence) {
        send(origin.getFrameId(), ServerFrame.newBuilder().setPresence(presence));
    }

    /** The presence of somebody who is watched. */
    synchronized void presence(Presence presence) {
        if (isKnown()) {
            deliveries.presence(presence);
        }
    }

    /** Another device of the user changed how a conversation is seen. */
    synchronized void view(ConversationView view) {
        if (isKnown()) {
            deliveries.view(view);
            keepWithinBudget();
        }
    }

    synchronized void synced(SyncAnswer answer) {
        requests.synced(answer);
        arrivals.shown(answer.getViewsList());
    }

    synchronized void replaced(SessionReplaced.Reason reason) {
        switch (reason) {
            case SAME_DEVICE, REASON_UNSPECIFIED, UNRECOGNIZED -> end(Farewell.replaced());
            case OTHER_DEVICE -> end(Farewell.otherDeviceConnected());
            case REVOKED -> end(Farewell.deviceRevoked());
            // it was taken for dead, but lives: nothing reaches this session any more
            case GATEWAY_GONE -> drain(0, sessions.spreadMillis());
        }
    }

    /**
     * Asks the client to connect elsewhere.
     *
     * @param jitterMillis the time in which all clients of the gateway are to come back
     */
    synchronized void drain(int afterMillis, int jitterMillis) {
        watching.forget();
        end(Farewell.draining(afterMillis, jitterMillis));
    }

    /** Ends what has taken too long, and sends again what was not acknowledged. */
    synchronized void tick(long nowNanos) {
        switch (state) {
            case AWAITING_CONNECT -> {
                if (nowNanos - stateSinceNanos > SessionTerms.CONNECT_WITHIN.toNanos()) {
                    end(Farewell.connectMissed());
                }
            }
            case WAITING, AUTHENTICATING, OPENING -> {
                if (nowNanos - stateSinceNanos > SessionTerms.OPEN_WITHIN.toNanos()) {
                    endWith(Errors.unavailable("the session cannot be opened now; try again"), Farewell.unavailable());
                }
            }
            case OPEN -> {
                if (nowNanos - lastHeardNanos > SessionTerms.SILENCE.toNanos()) {
                    end(Farewell.silent());
                } else {
                    arrivals.tick(nowNanos);
                    requests.tick(nowNanos);
                    deliveries.sendAgainWhatIsOverdue(nowNanos);
                }
            }
            case CLOSED -> {
                // its client reads nothing, or does not answer the close: the socket and its queue would stay for ever
                if (nowNanos - stateSinceNanos > SessionTerms.CLOSE_WITHIN.toNanos()) {
                    transport.abort();
                }
            }
        }
    }

    /** The socket is gone, whoever closed it. */
    public synchronized void onClosed() {
        boolean known = isKnown();
        enter(State.CLOSED);
        leaveOpenings();
        sessions.disconnected(this);
        if (known) {
            leave();
        }
    }

    /** Of frames that the socket has not taken or the client has not acknowledged. */
    synchronized long heldBytes() {
        return deliveries.bytes() + transport.waitingBytes();
    }

    /** The gateway needs the memory that this session holds. */
    synchronized void shed() {
        tooSlow();
        transport.abort();
    }

    private void keepWithinBudget() {
        if (isKnown() && heldBytes() > terms.maxBufferedBytes()) {
            tooSlow();
        }
    }

    /** What the client does not read would delay what it is told last. */
    private void tooSlow() {
        transport.discardWaiting();
        end(Farewell.tooSlow());
    }

    private void end(Farewell farewell) {
        if (state != State.CLOSED) {
            transport.send(
                    ServerFrame.newBuilder().setDisconnect(farewell.told()).build());
            close(farewell.reason());
        }
    }

    private synchronized void endWith(Error error, Farewell farewell) {
        fail(connectFrameId, error);
        end(farewell);
    }

    private void close(CloseReason reason) {
        if (state == State.CLOSED) {
            return;
        }
        LOG.debug("session closes user={} session={} reason={}", userId, sessionId, reason);
        boolean known = isKnown();
        enter(State.CLOSED);
        leaveOpenings();
        transport.close(reason);
        if (known) {
            leave();
        }
    }

    /** The session is open or closed: another one's turn. */
    private void leaveOpenings() {
        Runnable turn = opening;
        opening = null;
        if (turn != null) {
            openings.leave(turn);
        }
    }

    /** Tells the log all that it should know of the session, its end last, and outside of the session's turn. */
    private void leave() {
        Runnable unwatch = watching.end(caller(""));
        Runnable receipts = arrivals.tell();
        List<MessageReference> undelivered = arrivals.undelivered(deliveries.unacknowledged());
        deliveries.end();
        requests.end();
        following.ended(this);
        sessions.outside().execute(() -> {
            unwatch.run();
            receipts.run();
            sayUndelivered(undelivered);
            api.closeSession(userId, sessionId, unattended("the end of a session"));
        });
    }

    private void sayUndelivered(List<MessageReference> messages) {
        if (!messages.isEmpty()) {
            api.undelivered(userId, sessionId, messages, unattended("what was not delivered"));
        }
    }

    private ClientApi.Reply unattended(String what) {
        return new Unattended(error -> LOG.warn("{} could not be written user={} session={}", what, userId, sessionId));
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
            keepWithinBudget();
        }
    }
}
