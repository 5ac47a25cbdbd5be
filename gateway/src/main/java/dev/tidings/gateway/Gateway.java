package dev.tidings.gateway;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import dev.tidings.gateway.admin.ClickHouseOperatorReads;
import dev.tidings.gateway.api.Access;
import dev.tidings.gateway.api.AdminRequests;
import dev.tidings.gateway.api.ClientApi;
import dev.tidings.gateway.api.PendingReplies;
import dev.tidings.gateway.api.PresenceReads;
import dev.tidings.gateway.api.UnaryRequests;
import dev.tidings.gateway.api.UserAuthentication;
import dev.tidings.gateway.auth.Authenticator;
import dev.tidings.gateway.auth.BanList;
import dev.tidings.gateway.auth.DevTokens;
import dev.tidings.gateway.auth.JwtAuthenticator;
import dev.tidings.gateway.auth.MeteredAuthenticator;
import dev.tidings.gateway.auth.RevocationList;
import dev.tidings.gateway.directory.CachedDirectory;
import dev.tidings.gateway.directory.ClickHouseNameIndex;
import dev.tidings.gateway.grpc.ConnectCalls;
import dev.tidings.gateway.grpc.GrpcApi;
import dev.tidings.gateway.grpc.UnaryCalls;
import dev.tidings.gateway.history.HistoryStores;
import dev.tidings.gateway.http.HttpListener;
import dev.tidings.gateway.limit.RequestLimits;
import dev.tidings.gateway.limit.SharedMessageLimit;
import dev.tidings.gateway.log.CommandLog;
import dev.tidings.gateway.log.DeliveryFeed;
import dev.tidings.gateway.log.GatewaySlot;
import dev.tidings.gateway.log.LogClock;
import dev.tidings.gateway.monitoring.ProcessMetrics;
import dev.tidings.gateway.readmodel.ReadModels;
import dev.tidings.gateway.rest.RestApi;
import dev.tidings.gateway.rest.RestHandler;
import dev.tidings.gateway.room.LocalRooms;
import dev.tidings.gateway.room.RedisRoomUsers;
import dev.tidings.gateway.session.BufferBudget;
import dev.tidings.gateway.session.ClientSession;
import dev.tidings.gateway.session.ConnectAdmission;
import dev.tidings.gateway.session.DeliveryRouter;
import dev.tidings.gateway.session.GatewayContext;
import dev.tidings.gateway.session.OldGeneration;
import dev.tidings.gateway.session.OverloadMonitor;
import dev.tidings.gateway.session.Sessions;
import dev.tidings.gateway.session.Transport;
import dev.tidings.gateway.subscription.ConversationSubscriptions;
import dev.tidings.gateway.token.RedisUsedTokens;
import dev.tidings.gateway.token.SingleUseAuthenticator;
import dev.tidings.gateway.token.TokenService;
import dev.tidings.gateway.token.UsedTokens;
import io.undertow.server.HttpHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running gateway. Opens its parts in order, ticks them once a second, and closes them. */
public final class Gateway implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration DRAIN_POLL = Duration.ofMillis(10);

    private final MetricRegistry metrics = new MetricRegistry();
    private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("gateway-clock").daemon().factory());
    private final CompletableFuture<Void> lost = new CompletableFuture<>();
    private final LogClock logClock = new LogClock();
    private final IsolationDetector isolation = new IsolationDetector();
    private final CommandLog log;
    private final LocalRooms rooms;
    private final ConversationSubscriptions subscriptions;
    private final Sessions sessions;
    private final RequestLimits limits;
    private final ReadModels readModels;
    private final OverloadMonitor overload;
    private final GatewaySlot slot;
    private final GoneReports goneReports;
    private final ExclusionFeeds exclusions;
    private final DeliveryFeed feed;
    private final GatewayPorts ports;
    private final Supplier<List<String>> furtherMissing;

    /**
     * Starts a gateway and returns once clients can connect.
     *
     * @param devTokens issues development tokens; null everywhere but in the all-in-one
     * @param furtherMissing further reasons why this process is not ready, for {@code /readyz}
     */
    public static Gateway start(
            GatewayConfig config, @Nullable DevTokens devTokens, Supplier<List<String>> furtherMissing) {
        return new Gateway(config, devTokens, furtherMissing);
    }

    private Gateway(GatewayConfig config, @Nullable DevTokens devTokens, Supplier<List<String>> furtherMissing) {
        this.furtherMissing = furtherMissing;
        this.log = new CommandLog(config.bootstrapServers(), config.clientProperties(), metrics);
        this.readModels = new ReadModels(config.readModels());
        this.slot = GatewaySlot.claim(
                config.bootstrapServers(),
                config.clientProperties(),
                config.slot(),
                config.layout().gatewaySlots(),
                logClock);
        this.goneReports = new GoneReports(log, slot, logClock);
        if (slot.epoch() > 1) {
            reportPredecessorGone();
        }
        RedisRoomUsers roomUsers = new RedisRoomUsers(readModels.redis(), slot.slot(), slot.epoch(), slot::running);
        this.rooms = new LocalRooms(roomUsers, blocking);
        this.subscriptions = new ConversationSubscriptions(slot.slot(), slot.epoch(), log, rooms);
        HistoryStores history = new HistoryStores(readModels);
        history.registerMetrics(metrics);
        Access access = new Access(log, Access.TIMEOUT, history.deletedEvents(), blocking);
        PendingReplies pending =
                new PendingReplies(slot.slot(), slot.epoch(), PendingReplies.TIMEOUT, PendingReplies.MAX_PENDING);
        BufferBudget budget = new BufferBudget(config.maxBufferBytes());
        BanList banList = new BanList(logClock::millis);
        RevocationList revocationList = new RevocationList(config.tokenPolicy().maxLifetime(), logClock::millis);
        this.sessions = new Sessions(
                subscriptions,
                config.reconnectRate(),
                banList,
                revocationList,
                budget,
                blocking,
                logClock::millis,
                metrics);
        this.exclusions = ExclusionFeeds.open(config, banList, revocationList, sessions::endExcluded);
        SharedMessageLimit shared = SharedMessageLimit.in(readModels.redis(), config.messagesPerMinute(), blocking);
        this.limits =
                new RequestLimits(config.rateLimits(), config.connectionQuota(), shared, System::nanoTime, metrics);
        this.feed = DeliveryFeed.open(
                config.bootstrapServers(),
                config.clientProperties(),
                slot.slot(),
                new DeliveryRouter(sessions, subscriptions, access, pending, metrics),
                metrics);
        ClientApi api = new ClientApi(
                log,
                access,
                history.history(logClock::millis),
                history.searchIndex(),
                CachedDirectory.of(readModels),
                ClickHouseNameIndex.of(readModels),
                config.profileFields(),
                config.unknownUsers(),
                config.pushChannels(),
                blocking);
        Authenticator jwt = new JwtAuthenticator(config.tokenKeys(), config.tokenPolicy(), logClock::millis);
        Authenticator authenticator = new MeteredAuthenticator(jwt, metrics);
        UsedTokens usedTokens = new RedisUsedTokens(readModels.redis());
        ConnectAdmission admission =
                new ConnectAdmission(config.maxOpenings(), config.reconnectRate(), blocking, metrics);
        this.overload = new OverloadMonitor(
                new OldGeneration(), config.maxHeapPercent(), budget, sessions::size, config.maxConnections(), metrics);
        GatewayContext context = new GatewayContext(
                config.sessions(slot.slot(), slot.epoch()),
                sessions,
                subscriptions,
                api,
                new MeteredAuthenticator(
                        SingleUseAuthenticator.around(
                                jwt,
                                usedTokens,
                                config.connectWindow(),
                                config.tokenPolicy().clockSkew(),
                                logClock::millis),
                        metrics),
                admission,
                overload,
                limits);
        registerGauges();
        UnaryRequests unary = new UnaryRequests(
                api, limits::check, pending, slot.epoch(), config.presenceVisibility(), slot::running);
        AdminRequests admin = new AdminRequests(
                log,
                pending,
                banList,
                new ClickHouseOperatorReads(readModels.clickHouse()),
                new PresenceReads(log, pending, roomUsers, slot::running, blocking),
                blocking,
                logClock::millis);
        TokenService tokens = config.tokenService() == null
                ? null
                : new TokenService(
                        config.tokenService(),
                        config.tokenPolicy(),
                        authenticator,
                        revocationList,
                        banList,
                        limits,
                        usedTokens,
                        admin::revoke,
                        logClock::millis);
        Authenticator guarded = revocationList.guard(authenticator);
        HttpHandler rest = config.crossOrigin()
                .around(new RestHandler(
                        new RestApi(unary, admin, tokens),
                        guarded,
                        banList,
                        config.clientAddress(),
                        limits,
                        budget,
                        sessions::isDraining,
                        blocking,
                        metrics));
        UnaryCalls unaryCalls = new UnaryCalls(
                new GrpcApi(unary, admin),
                new UserAuthentication(guarded, banList),
                config.clientAddress(),
                limits,
                sessions::isDraining,
                blocking,
                metrics);
        this.ports = openPorts(
                config, devTokens, budget, transport -> new ClientSession(transport, context), rest, unaryCalls);
        clock.scheduleWithFixedDelay(this::tick, 1, 1, TimeUnit.SECONDS);
        slot.keep(new SlotOwner(sessions, limits, () -> address(config), this::loseSlot));
        LOG.info("gateway listens port={} slot={} epoch={}", port(), slot.slot(), slot.epoch());
    }

    private String address(GatewayConfig config) {
        return config.advertisedAddress().isEmpty()
                ? AdvertisedAddress.of(config.host(), port())
                : config.advertisedAddress();
    }

    private void loseSlot() {
        sessions.drain();
        lost.complete(null);
    }

    /** Catches all exceptions: one would end the schedule, and with it redelivery and time-outs, until the next start. */
    private void tick() {
        try {
            if (!feed.isRunning() && !lost.isDone()) {
                LOG.error("delivery feed has stopped; clients are drained slot={}", slot.slot());
                loseSlot();
            }
            sessions.setCutOff(isolation.check(slot.isKept()));
            sessions.tick(System.nanoTime());
            rooms.tick(System.nanoTime());
            limits.tick();
            ports.tick();
            overload.tick(System.nanoTime());
        } catch (RuntimeException e) {
            LOG.error("tick of the gateway failed", e);
        }
    }

    /** Comes before all commands about sessions of this gateway. */
    private void reportPredecessorGone() {
        try {
            goneReports.reportPredecessor();
        } catch (KafkaException e) {
            slot.close();
            log.close();
            blocking.shutdownNow();
            readModels.close();
            throw e;
        }
    }

    private GatewayPorts openPorts(
            GatewayConfig config,
            @Nullable DevTokens devTokens,
            BufferBudget budget,
            Function<Transport, ClientSession> newSession,
            HttpHandler rest,
            UnaryCalls unaryCalls) {
        ConnectCalls streams =
                new ConnectCalls(sessions, newSession, config.clientAddress(), budget, blocking, metrics);
        try {
            return GatewayPorts.open(
                    config,
                    this::missing,
                    metrics,
                    unaryCalls,
                    streams,
                    blocking,
                    port -> HttpListener.open(
                            port,
                            config.clientAddress(),
                            sessions,
                            newSession,
                            budget,
                            blocking,
                            blocking,
                            rest,
                            devTokens,
                            this::missing,
                            metrics));
        } catch (RuntimeException e) {
            closeParts(true); // it has had no sessions
            throw e;
        }
    }

    /** The port of clients. */
    public int port() {
        return ports.port();
    }

    /** Completes when the gateway can deliver nothing any more: another one holds its slot, or the delivery feed has stopped. */
    public CompletableFuture<Void> lost() {
        return lost;
    }

    private List<String> missing() {
        List<String> missing = new ArrayList<>(furtherMissing.get());
        if (!log.isReady()) {
            missing.add("the command topics are not reachable");
        }
        if (!slot.isKept()) {
            missing.add("Kafka has not confirmed a heartbeat for 10 s");
        }
        if (!feed.isRunning()) {
            missing.add("the delivery feed has stopped");
        }
        missing.addAll(exclusions.missing());
        if (lost.isDone()) {
            missing.add("the gateway has lost its slot or its deliveries");
        } else if (sessions.isDraining()) {
            missing.add("the gateway is draining");
        }
        missing.addAll(overload.missing());
        return missing;
    }

    private void registerGauges() {
        metrics.register("tidings.gateway.connections", (Gauge<Integer>) sessions::size);
        metrics.register("tidings.gateway.subscribed-conversations", (Gauge<Integer>) subscriptions::size);
        metrics.register("tidings.gateway.slot", (Gauge<Integer>) slot::slot);
        metrics.register("tidings.gateway.epoch", (Gauge<Long>) slot::epoch);
        ProcessMetrics.registerJvm(metrics);
    }

    @Override
    public void close() {
        LOG.info(
                "gateway stops port={} slot={} epoch={} connections={}",
                port(),
                slot.slot(),
                slot.epoch(),
                sessions.size());
        sessions.drain();
        ports.drain();
        awaitDisconnects();
        ports.closeClients();
        subscriptions.tick(); // unsubscribes the gateway from all conversations
        boolean reported =
                !lost.isDone() && goneReports.reportThis(); // the next holder of a lost slot has reported this gateway
        closeParts(reported);
        ports.close();
        LOG.info("gateway stopped slot={} epoch={}", slot.slot(), slot.epoch());
    }

    /** Gives clients time to read their last frame, at most 3 s: closing the listener cuts all sockets. */
    private void awaitDisconnects() {
        long deadline = System.nanoTime() + DRAIN_TIMEOUT.toNanos();
        while (sessions.size() > 0 && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(DRAIN_POLL.toNanos());
        }
    }

    /** @param releaseSlot whether this gateway is reported as gone, so that another one may take its slot at once */
    private void closeParts(boolean releaseSlot) {
        clock.shutdownNow();
        feed.close();
        exclusions.close();
        if (releaseSlot) {
            slot.release();
        }
        slot.close();
        log.close();
        blocking.shutdownNow();
        readModels.close();
    }
}
