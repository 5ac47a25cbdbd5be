package dev.tidings.gateway.session;

import com.google.protobuf.util.Timestamps;
import dev.tidings.gateway.api.Caller;
import dev.tidings.gateway.api.ClientApi;
import dev.tidings.gateway.api.ClientRequest;
import dev.tidings.gateway.api.Errors;
import dev.tidings.gateway.auth.Exclusion;
import dev.tidings.gateway.auth.Principal;
import dev.tidings.gateway.frame.LiveEvent;
import dev.tidings.gateway.frame.LiveHead;
import dev.tidings.gateway.subscription.Subscriber;
import dev.tidings.v1.Answer;
import dev.tidings.v1.Command;
import dev.tidings.v1.Connected;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.Error;
import dev.tidings.v1.Follow;
import dev.tidings.v1.MessageReference;
import dev.tidings.v1.Origin;
import dev.tidings.v1.Presence;
import dev.tidings.v1.PresenceQuery;
import dev.tidings.v1.Pull;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.SyncAnswer;
import dev.tidings.v1.UserAnswer;
import dev.tidings.v1.UserCommand;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The session of an authenticated user: sends deliveries and answers to the client and carries out its requests. Lives from
 * the command that opens the session in INBOX to the end of the connection. Guarded by the session's lock, which only {@link
 * #onEvent} and {@link #onHead} take themselves.
 */
final class UserSession implements Subscriber {

    private static final Logger LOG = LoggerFactory.getLogger(UserSession.class);

    private final String sessionId;
    private final String userId;
    private final String deviceId;
    private final GatewayContext gateway;
    private final SessionContext context;
    private final Transport transport;
    private final SessionToken token;
    private final Deliveries deliveries;
    private final RequestHandler requests;
    private final Rooms rooms;
    private final PresenceSubscriptions presence;
    private final DeliveryReceipts receipts;

    /** @param tooSlow ends the session because its client does not keep up */
    UserSession(
            String sessionId,
            Principal principal,
            String deviceId,
            GatewayContext gateway,
            SessionContext context,
            Transport transport,
            Runnable tooSlow) {
        this.sessionId = sessionId;
        this.userId = principal.userId();
        this.deviceId = deviceId;
        this.gateway = gateway;
        this.context = context;
        this.transport = transport;
        this.token = new SessionToken(principal, deviceId, gateway, context);
        BufferBudget budget = gateway.sessions().budget();
        this.requests = new RequestHandler(
                gateway.api(), context, new ReadQueue(() -> !transport.isBehind(), () -> !budget.isScarce()));
        this.rooms = new Rooms(this, gateway.subscriptions(), requests, context);
        this.presence = new PresenceSubscriptions(gateway.config(), gateway.api(), context);
        this.receipts = new DeliveryReceipts(
                this,
                gateway.subscriptions(),
                gateway.api(),
                context,
                gateway.sessions().receipts());
        this.deliveries = new Deliveries(
                this,
                transport,
                gateway.subscriptions(),
                window(gateway.config(), budget),
                gateway.sessions()::logMillis,
                outcome(tooSlow));
        transport.onCaughtUp(() -> context.locked(requests::socketCaughtUp));
    }

    private static DeliveryWindow window(SessionConfig config, BufferBudget budget) {
        return new DeliveryWindow(
                config.maxUnacknowledgedFrames(),
                config.ackTimeout().toNanos(),
                () -> ThreadLocalRandom.current().nextDouble(),
                budget);
    }

    private Deliveries.Outcome outcome(Runnable tooSlow) {
        return new Deliveries.Outcome() {
            @Override
            public void sent(ConversationEvent event) {
                gateway.sessions().metrics().delivered(event);
            }

            @Override
            public void acknowledged(ConversationEvent event) {
                gateway.sessions().metrics().acknowledged(event);
                receipts.acknowledged(event);
            }

            @Override
            public void sentAgain(int frames) {
                gateway.sessions().metrics().redelivered(frames);
            }

            @Override
            public void expired(int expired) {
                gateway.sessions().expired(expired);
            }

            @Override
            public void dropped() {
                gateway.sessions().dropped();
            }

            @Override
            public void tooSlow() {
                tooSlow.run();
            }
        };
    }

    @Override
    public String userId() {
        return userId;
    }

    String deviceId() {
        return deviceId;
    }

    /** Returns why the user must not be connected any more, or null. */
    @Nullable
    Disconnection exclusion() {
        Disconnection exclusion = findExclusion();
        if (exclusion != null) {
            LOG.info("session excluded reason={} session={}", exclusion.frame().getCode(), sessionId);
        }
        return exclusion;
    }

    private @Nullable Disconnection findExclusion() {
        Exclusion exclusion = gateway.sessions().exclusionOf(userId, deviceId, transport.address());
        if (exclusion != null) {
            return Disconnection.excluded(exclusion);
        }
        if (token.isRevoked()) {
            return Disconnection.tokenRevoked();
        }
        return token.isExpired() ? Disconnection.tokenExpired() : null;
    }

    /** The frame that completes the handshake. */
    Connected connected(boolean resumed) {
        Connected connected = gateway.config().connected(sessionId, userId, resumed);
        long expiresAtMillis = token.principal().expiresAtMillis();
        return expiresAtMillis == Principal.NEVER
                ? connected
                : connected.toBuilder()
                        .setTokenExpiresAt(Timestamps.fromMillis(expiresAtMillis))
                        .build();
    }

    boolean isTokenExpired() {
        return token.isExpired();
    }

    /** {@code connected} has been sent: sends what was held back until now. */
    void begin() {
        deliveries.begin();
    }

    /** A frame has come from the client. */
    void frameReceived() {
        receipts.frameReceived();
    }

    /** @param origin the session and the frame of the request */
    void request(Origin origin, ClientRequest.SessionRequest request) {
        Caller caller = caller(origin);
        switch (request) {
            case ClientRequest.Acknowledge(long upTo) -> acknowledge(origin.getFrameId(), upTo);
            case ClientRequest.MarkRead(Command command) -> {
                receipts.recorded(
                        command.getConversationId(), command.getMarkRead().getSeq());
                requests.command(caller, command);
            }
            case ClientRequest.ConversationRequest(Command command) ->
                requests.command(caller, receipts.carrying(command));
            case ClientRequest.ForwardMessage forward ->
                requests.forward(
                        caller,
                        new ClientRequest.ForwardMessage(receipts.carrying(forward.command()), forward.source()));
            case ClientRequest.Typing(Command command) -> requests.typing(caller, command);
            case ClientRequest.UserRequest(UserCommand command) -> requests.userCommand(caller, command);
            case ClientRequest.PullEvents(List<Pull> pulls) -> requests.pull(caller, pulls);
            case ClientRequest.ReadHistory(var read) -> requests.history(caller, read);
            case ClientRequest.SearchMessages(var search) -> requests.search(caller, search);
            case ClientRequest.ReadUsers(var query) -> requests.users(caller, query);
            case ClientRequest.SearchUsers(var search) -> requests.searchUsers(caller, search);
            case ClientRequest.PatchOwnUser(var patch) -> requests.patchUser(caller, patch);
            case ClientRequest.Sync(var sync) -> requests.sync(caller, sync);
            case ClientRequest.Room(var room, Command enter) -> rooms.request(caller, room, enter);
            case ClientRequest.Presence(PresenceQuery query) -> presence.request(caller, query);
            case ClientRequest.RefreshToken(String fresh) -> token.refresh(origin.getFrameId(), fresh);
        }
    }

    /** Answers a request that exceeds a rate limit. The client's commands behind it are not carried out for a second. */
    void rejectRateLimited(String frameId, ClientRequest.SessionRequest request, Error error) {
        boolean isCommand = request instanceof ClientRequest.ConversationRequest
                || request instanceof ClientRequest.ForwardMessage
                || request instanceof ClientRequest.MarkRead;
        if (isCommand) {
            requests.rejectCommand(frameId, error);
        } else {
            context.fail(frameId, error);
        }
    }

    private Caller caller(Origin origin) {
        return new Caller(
                userId, deviceId, origin, roomId -> gateway.subscriptions().isSubscribed(this, roomId));
    }

    private void acknowledge(String frameId, long upTo) {
        if (!deliveries.acknowledge(upTo, System.nanoTime())) {
            context.fail(
                    frameId,
                    Errors.invalidArgument("upTo is " + upTo + "; at most the last delivery number sent is allowed"));
        }
    }

    /** Delivers an event that INBOX addressed to this session; see {@link Deliveries#addressed}. */
    void deliver(LiveEvent event, boolean follow) {
        deliveries.addressed(event, follow);
    }

    @Override
    public void onEvent(LiveEvent event, String originSessionId) {
        context.whileRegistered(() -> deliveries.subscribed(event, originSessionId.equals(sessionId)));
    }

    @Override
    public void onHead(LiveHead head) {
        context.whileRegistered(() -> {
            if (!rooms.head(head.notice())) {
                deliveries.head(head);
            }
        });
    }

    /** Subscribes to the large conversations that the user belongs to when the session begins. */
    void follow(Follow follow) {
        for (int i = 0; i < follow.getConversationIdsCount(); i++) {
            deliveries.subscribe(
                    follow.getConversationIds(i), i < follow.getJoinedSeqsCount() ? follow.getJoinedSeqs(i) : 0);
        }
    }

    void answer(Answer answer) {
        gateway.sessions().metrics().sequenced(answer.getSequenced());
        requests.answer(answer);
        rooms.answer(answer);
        if (answer.getDeliveredSeq() > 0) {
            receipts.recorded(answer.getSequenced().getConversationId(), answer.getDeliveredSeq());
        }
    }

    void answer(UserAnswer answer) {
        if (answer.hasFriends()) {
            presence.friends(caller(answer.getOrigin()), answer.getFriends());
        } else {
            requests.answer(answer);
        }
    }

    void answer(SyncAnswer answer) {
        requests.answer(answer);
        receipts.shown(answer.getViewsList());
    }

    /** Answers a presence query of this session. */
    void answer(Origin origin, Presence answer) {
        context.send(origin.getFrameId(), ServerFrame.newBuilder().setPresence(answer));
    }

    /** The presence of a user has changed that this session is subscribed to. */
    void presence(Presence changed) {
        deliveries.presence(changed);
    }

    /** Another device of the user has changed the view of a conversation. */
    void view(ConversationView view) {
        deliveries.view(view);
    }

    void tick(long nowNanos) {
        requests.tick(nowNanos);
        deliveries.resendOverdue(nowNanos);
    }

    /** Bytes of events that the client has not acknowledged. */
    long heldBytes() {
        return deliveries.bytes();
    }

    /** The gateway ends, and with it all its presence subscriptions: they need not be stopped one by one. */
    void gatewayEnds() {
        presence.forget();
    }

    /**
     * Ends the session on this gateway.
     *
     * @return appends its last commands, the one that closes the session last; to be run without the session's lock
     */
    Runnable end() {
        Runnable stopPresence = presence.end(caller(gateway.config().origin(sessionId, "")));
        Runnable reportReceipts = receipts.report();
        List<MessageReference> undelivered = receipts.undelivered(deliveries.unacknowledged());
        deliveries.end();
        requests.end();
        gateway.subscriptions().removeAll(this);
        return () -> {
            stopPresence.run();
            reportReceipts.run();
            report(undelivered);
            gateway.api().closeSession(userId, sessionId, logged("close session"));
        };
    }

    /** Reports an event as undelivered that came after the session's end. */
    void reportUndelivered(ConversationEvent event) {
        report(receipts.undelivered(List.of(event)));
    }

    private void report(List<MessageReference> undelivered) {
        if (!undelivered.isEmpty()) {
            gateway.api().undelivered(userId, sessionId, undelivered, logged("undelivered"));
        }
    }

    private ClientApi.Reply logged(String command) {
        return new FireAndForget(error ->
                LOG.warn("command could not be appended command={} user={} session={}", command, userId, sessionId));
    }
}
