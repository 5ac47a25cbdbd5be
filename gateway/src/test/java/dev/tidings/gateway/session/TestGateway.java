package dev.tidings.gateway.session;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import dev.tidings.gateway.admin.OperatorReads;
import dev.tidings.gateway.api.Access;
import dev.tidings.gateway.api.AdminRequests;
import dev.tidings.gateway.api.ClientApi;
import dev.tidings.gateway.api.PendingReplies;
import dev.tidings.gateway.api.PresenceReads;
import dev.tidings.gateway.api.ProfileFields;
import dev.tidings.gateway.api.UnaryRequests;
import dev.tidings.gateway.api.UnknownUsers;
import dev.tidings.gateway.auth.Authenticator;
import dev.tidings.gateway.auth.BanList;
import dev.tidings.gateway.auth.Principal;
import dev.tidings.gateway.auth.RevocationList;
import dev.tidings.gateway.auth.Scope;
import dev.tidings.gateway.directory.NameIndex;
import dev.tidings.gateway.directory.UserDirectory;
import dev.tidings.gateway.history.DeletedEvents;
import dev.tidings.gateway.history.History;
import dev.tidings.gateway.history.HistoryRange;
import dev.tidings.gateway.history.RangeHistory;
import dev.tidings.gateway.limit.ConnectionQuota;
import dev.tidings.gateway.limit.RateLimits;
import dev.tidings.gateway.limit.RequestLimits;
import dev.tidings.gateway.log.RecordedLog;
import dev.tidings.gateway.room.RoomUserPages;
import dev.tidings.gateway.subscription.ConversationSubscriptions;
import dev.tidings.gateway.subscription.RoomListener;
import dev.tidings.v1.AuditPage;
import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.GatewayBeat;
import dev.tidings.v1.LoginPolicy;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.ModerationCases;
import dev.tidings.v1.RoomUsers;
import dev.tidings.v1.SessionReady;
import dev.tidings.v1.TextContent;
import dev.tidings.v1.WatchPresence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** The real classes of one gateway around its sessions. Log, history and sockets are in memory. */
public final class TestGateway {

    public static final SessionConfig CONFIG = new SessionConfig(
            3,
            8,
            65_536,
            100,
            1_000_000,
            Duration.ofSeconds(10),
            LoginPolicy.ALL_DEVICES,
            WatchPresence.Visibility.FRIENDS);

    public final RecordedLog log = new RecordedLog();
    public final MetricRegistry metrics = new MetricRegistry();
    public final AtomicLong logMillis = new AtomicLong(System.currentTimeMillis());
    public final BanList bans = new BanList(logMillis::get);
    public final RevocationList revocations = new RevocationList(Duration.ofDays(31), logMillis::get);
    /** The heartbeats of the gateways that run. */
    public final List<GatewayBeat> beats = new ArrayList<>();

    public final PendingReplies pending;
    public final UnaryRequests requests;
    public final AdminRequests operators;
    public final BufferBudget budget;
    public final Sessions sessions;
    final ConnectAdmission admission;
    public final RequestLimits limits;
    final OverloadMonitor overload;
    private volatile double liveShare;
    private final DeliveryRouter router;
    private final GatewayContext context;

    /** The settings that tests change. */
    public static final class Builder {

        private SessionConfig config = CONFIG;
        private ReconnectRate reconnectRate = new ReconnectRate(1_000);
        private int maxOpening = 1_000;
        private long budgetBytes = 10_000_000;
        private Duration unaryTimeout = Duration.ofMinutes(1);
        private RateLimits rateLimits = RateLimits.NONE;
        private ConnectionQuota connectionQuota = ConnectionQuota.NONE;
        private LongSupplier nanos = System::nanoTime;
        private Executor background = Runnable::run;
        private Authenticator authenticator = TestGateway::principal;
        private UserDirectory directory = userIds -> new UserDirectory.Profiles(Map.of(), true);
        private NameIndex names = (prefix, limit) -> List.of();
        private Executor blocking = Runnable::run;
        private UnknownUsers unknownUsers = UnknownUsers.ALLOWED;
        private History history =
                new RangeHistory((conversationId, from, to, limit) -> new HistoryRange(List.of(), from, 0, true, 0));

        private DeletedEvents deletedEvents = (userId, conversationId) -> List.of();

        private RoomUserPages rooms = (roomId, afterUserId, limit) -> RoomUsers.getDefaultInstance();
        private OperatorReads operatorReads = new NoOperatorReads();

        public Builder config(SessionConfig value) {
            config = value;
            return this;
        }

        public Builder reconnectRate(int perSecond) {
            reconnectRate = new ReconnectRate(perSecond);
            return this;
        }

        public Builder maxOpening(int value) {
            maxOpening = value;
            return this;
        }

        public Builder budgetBytes(long value) {
            budgetBytes = value;
            return this;
        }

        public Builder unaryTimeout(Duration value) {
            unaryTimeout = value;
            return this;
        }

        public Builder background(Executor value) {
            background = value;
            return this;
        }

        /** By default the token is the user id. */
        public Builder authenticator(Authenticator value) {
            authenticator = value;
            return this;
        }

        /** By default there are no events. */
        public Builder directory(UserDirectory value) {
            directory = value;
            return this;
        }

        public Builder names(NameIndex value) {
            names = value;
            return this;
        }

        /** Runs reads of history and of the directory; by default at once. */
        public Builder blocking(Executor value) {
            blocking = value;
            return this;
        }

        public Builder unknownUsers(UnknownUsers value) {
            unknownUsers = value;
            return this;
        }

        public Builder history(RangeHistory.RangeReader value) {
            history = new RangeHistory(value);
            return this;
        }

        /** By default nothing is deleted. */
        public Builder deletedEvents(DeletedEvents value) {
            deletedEvents = value;
            return this;
        }

        /** By default nothing is limited. */
        public Builder rateLimits(RateLimits value, LongSupplier clock) {
            rateLimits = value;
            nanos = clock;
            return this;
        }

        /** By default there is no limit. */
        public Builder connectionQuota(ConnectionQuota value) {
            connectionQuota = value;
            return this;
        }

        /** By default rooms are empty. */
        public Builder rooms(RoomUserPages value) {
            rooms = value;
            return this;
        }

        /** By default there are no moderation cases and no audit records. */
        public Builder operatorReads(OperatorReads value) {
            operatorReads = value;
            return this;
        }

        public TestGateway build() {
            return new TestGateway(this);
        }
    }

    /** Stores without moderation cases and audit records. */
    private static final class NoOperatorReads implements OperatorReads {
        @Override
        public ModerationCases cases(CaseFilter filter, String cursor, int limit) {
            return ModerationCases.getDefaultInstance();
        }

        @Override
        public AuditPage audit(AuditFilter filter, String cursor, int limit) {
            return AuditPage.getDefaultInstance();
        }
    }

    private TestGateway(Builder builder) {
        SessionConfig config = builder.config;
        ConversationSubscriptions subscriptions =
                new ConversationSubscriptions(config.slot(), config.epoch(), log, RoomListener.NONE);
        Access access = new Access(log, builder.unaryTimeout, builder.deletedEvents, builder.blocking);
        ClientApi api = new ClientApi(
                log,
                access,
                builder.history,
                (query, limit) -> List.of(),
                builder.directory,
                builder.names,
                new ProfileFields(Set.of("displayName", "avatarUrl")),
                builder.unknownUsers,
                Set.of("webhook", "log"),
                builder.blocking);
        pending = new PendingReplies(config.slot(), config.epoch(), builder.unaryTimeout, 1_000);
        budget = new BufferBudget(builder.budgetBytes);
        sessions = new Sessions(
                subscriptions,
                builder.reconnectRate,
                bans,
                revocations,
                budget,
                builder.background,
                logMillis::get,
                metrics);
        admission = new ConnectAdmission(builder.maxOpening, builder.reconnectRate, Runnable::run, metrics);
        router = new DeliveryRouter(sessions, subscriptions, access, pending, metrics);
        limits = new RequestLimits(builder.rateLimits, builder.connectionQuota, null, builder.nanos, metrics);
        requests = new UnaryRequests(
                api, limits::check, pending, config.epoch(), config.presenceVisibility(), () -> beats);
        PresenceReads presence = new PresenceReads(log, pending, builder.rooms, () -> beats, Runnable::run);
        operators =
                new AdminRequests(log, pending, bans, builder.operatorReads, presence, Runnable::run, logMillis::get);
        overload = new OverloadMonitor(() -> liveShare, 85, budget, sessions::size, 1_000, metrics);
        context = new GatewayContext(
                config, sessions, subscriptions, api, builder.authenticator, admission, overload, limits);
    }

    /** A user who may connect with any device and without end. */
    public static Principal principal(String userId) {
        return new Principal(userId, Set.of(Scope.USER), "", "", 0, Principal.NEVER);
    }

    /** Sets the share of the heap that is in use after a garbage collection. */
    void setLiveShare(double share) {
        liveShare = share;
        overload.tick(System.nanoTime());
    }

    /** A new connection whose client has sent nothing yet. */
    public ClientSession session(Transport transport) {
        return new ClientSession(transport, context);
    }

    /** @param userId accepted as the token by the default authenticator */
    void sendConnect(ClientSession session, String userId) {
        sessions.connected(session);
        session.onText(json("{'connect':{'token':'" + userId + "','deviceId':'phone'}}"));
    }

    /** Sends connect and returns the session's id. INBOX has not opened the session then. */
    String connect(ClientSession session, String userId) {
        sendConnect(session, userId);
        return log.userCommands().getLast().getOpenSession().getSession().getSessionId();
    }

    /** Sends connect, lets INBOX open the session, and returns the session's id. */
    String open(ClientSession session, FakeTransport transport, String userId) {
        String id = connect(session, userId);
        deliver(Delivery.newBuilder().setSessionReady(SessionReady.newBuilder().setSessionId(id)));
        assertTrue(transport.received().getLast().hasConnected());
        return id;
    }

    /** Receives a delivery from the topologies. */
    public void deliver(Delivery.Builder delivery) {
        router.accept(delivery.setGatewaySlot(context.config().slot()).build());
    }

    /** JSON with single quotes, which are easier to read in Java. */
    static String json(String withSingleQuotes) {
        return withSingleQuotes.replace('\'', '"');
    }

    /** A message without content. */
    static ConversationEvent message(String conversationId, long seq, String sender) {
        return ConversationEvent.newBuilder()
                .setConversationId(conversationId)
                .setSeq(seq)
                .setMessageSent(MessageSent.newBuilder().setSender(sender))
                .build();
    }

    static ConversationEvent message(String conversationId, long seq, String sender, String text) {
        ConversationEvent.Builder event = message(conversationId, seq, sender).toBuilder();
        event.getMessageSentBuilder()
                .setContent(
                        Content.newBuilder().setText(TextContent.newBuilder().setBody(text)));
        return event.build();
    }
}
