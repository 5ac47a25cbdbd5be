package dev.tidings.gateway;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.jvm.GarbageCollectorMetricSet;
import com.codahale.metrics.jvm.MemoryUsageGaugeSet;
import com.google.protobuf.util.Timestamps;
import dev.tidings.gateway.api.Access;
import dev.tidings.gateway.api.ClientApi;
import dev.tidings.gateway.auth.Authenticator;
import dev.tidings.gateway.auth.BanList;
import dev.tidings.gateway.auth.DevTokens;
import dev.tidings.gateway.auth.JwtAuthenticator;
import dev.tidings.gateway.follow.Following;
import dev.tidings.gateway.history.HistoryStores;
import dev.tidings.gateway.http.HttpListener;
import dev.tidings.gateway.log.BanFeed;
import dev.tidings.gateway.log.CommandLog;
import dev.tidings.gateway.log.DeliveryFeed;
import dev.tidings.gateway.log.GatewaySlot;
import dev.tidings.gateway.log.LogClock;
import dev.tidings.gateway.session.BufferBudget;
import dev.tidings.gateway.session.ClientSession;
import dev.tidings.gateway.session.Openings;
import dev.tidings.gateway.session.SessionTerms;
import dev.tidings.gateway.session.Sessions;
import dev.tidings.gateway.session.Transport;
import dev.tidings.v1.GatewayGone;
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

/** A running gateway: its slot, its way into the log, its feed of deliveries, its listener. */
public final class Gateway implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    private static final Duration GONE_PATIENCE = Duration.ofSeconds(15);
    private static final Duration LEAVING_PATIENCE = Duration.ofSeconds(3);
    private static final Duration FAREWELL_PATIENCE = Duration.ofSeconds(3);
    private static final Duration FAREWELL_PAUSE = Duration.ofMillis(10);

    private final MetricRegistry metrics = new MetricRegistry();
    private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("gateway-clock").daemon().factory());
    private final CompletableFuture<Void> lost = new CompletableFuture<>();
    private final LogClock logClock = new LogClock();
    private final CutOff cutOff = new CutOff();
    private final CommandLog log;
    private final Following following;
    private final Sessions sessions;
    private final HistoryStores history;
    private final GatewaySlot slot;
    private final BanFeed bans;
    private final DeliveryFeed feed;
    private final HttpListener listener;
    private final Supplier<List<String>> alsoMissing;

    /**
     * Returns once clients can connect.
     *
     * @param devTokens null everywhere but in the all-in-one
     * @param alsoMissing what else keeps this process from being ready, for {@code /readyz}
     */
    public static Gateway start(
            GatewayConfig config, @Nullable DevTokens devTokens, Supplier<List<String>> alsoMissing) {
        return new Gateway(config, devTokens, alsoMissing);
    }

    private Gateway(GatewayConfig config, @Nullable DevTokens devTokens, Supplier<List<String>> alsoMissing) {
        this.alsoMissing = alsoMissing;
        this.log = new CommandLog(config.bootstrapServers(), config.clientProperties(), metrics);
        this.history = new HistoryStores(config.history());
        this.slot = GatewaySlot.claim(
                config.bootstrapServers(),
                config.clientProperties(),
                config.slot(),
                config.layout().gatewaySlots(),
                config.host() + ':' + config.httpPort(),
                logClock);
        if (slot.epoch() > 1) {
            sayGoneBefore();
        }
        this.following = new Following(slot.slot(), slot.epoch(), log);
        Access access = new Access(log, Access.PATIENCE);
        BufferBudget budget = new BufferBudget(config.maxBufferBytes());
        BanList banList = new BanList(logClock::millis);
        this.sessions = new Sessions(
                following, access, config.reconnectPace(), banList, budget, blocking, logClock::millis, metrics);
        this.bans = BanFeed.open(
                config.bootstrapServers(), config.clientProperties(), banList::accept, sessions::endBanned);
        this.feed =
                DeliveryFeed.open(config.bootstrapServers(), config.clientProperties(), slot.slot(), sessions, metrics);
        ClientApi api = new ClientApi(log, access, history.history(logClock::millis), config.pushChannels(), blocking);
        Authenticator authenticator = new JwtAuthenticator(config.tokenKeys(), config.tokenPolicy(), logClock::millis);
        SessionTerms terms = new SessionTerms(
                slot.slot(),
                slot.epoch(),
                config.maxFrameBytes(),
                config.maxUnacknowledgedFrames(),
                config.maxSessionBufferBytes(),
                config.ackTimeout(),
                config.loginPolicy(),
                config.presenceVisibility());
        Openings openings = new Openings(config.maxOpenings(), config.reconnectPace(), blocking, metrics);
        measure();
        this.listener = listen(
                config,
                devTokens,
                budget,
                transport -> new ClientSession(transport, terms, sessions, following, api, authenticator, openings));
        clock.scheduleWithFixedDelay(this::tick, 1, 1, TimeUnit.SECONDS);
        slot.keepFor(new GatewaySlot.Holder() {
            @Override
            public int sessions() {
                return sessions.size();
            }

            @Override
            public void slotLost() {
                sessions.drain();
                lost.complete(null);
            }
        });
        LOG.info("gateway listens port={} slot={} epoch={}", port(), slot.slot(), slot.epoch());
    }

    /** An exception would end the schedule, and with it redelivery, time-outs and following, for the process' life. */
    private void tick() {
        try {
            if (!feed.isRunning() && !lost.isDone()) {
                LOG.error("deliveries are not read any more; clients are sent to other gateways slot={}", slot.slot());
                sessions.drain();
                lost.complete(null);
            }
            sessions.setCutOff(cutOff.look(slot.isKept()));
            sessions.tick(System.nanoTime());
        } catch (RuntimeException e) {
            LOG.error("a tick of the gateway failed; the next one follows", e);
        }
    }

    /**
     * Whoever held the slot before is gone, and its sessions are; nobody else may know, where it was taken over before its
     * silence was noticed. Comes before anything this gateway says of its own sessions.
     */
    private void sayGoneBefore() {
        try {
            log.sayGone(gone(slot.epoch() - 1, slot.precedingBeatMillis()), GONE_PATIENCE);
        } catch (KafkaException e) {
            slot.close();
            log.close();
            blocking.shutdownNow();
            history.close();
            throw e;
        }
    }

    /** If this cannot be said, somebody will notice by the beats that do not come. */
    private void sayGone() {
        try {
            log.sayGone(gone(slot.epoch(), logClock.millis()), LEAVING_PATIENCE);
        } catch (KafkaException e) {
            LOG.warn("the gateway's end could not be written slot={} epoch={}", slot.slot(), slot.epoch(), e);
        }
    }

    private GatewayGone gone(long epoch, long lastBeatMillis) {
        return GatewayGone.newBuilder()
                .setGatewaySlot(slot.slot())
                .setGatewayEpoch(epoch)
                .setLastBeatAt(Timestamps.fromMillis(lastBeatMillis))
                .build();
    }

    private HttpListener listen(
            GatewayConfig config,
            @Nullable DevTokens devTokens,
            BufferBudget budget,
            Function<Transport, ClientSession> newSession) {
        try {
            return HttpListener.open(
                    config.host(),
                    config.httpPort(),
                    config.clientAddress(),
                    sessions,
                    newSession,
                    budget,
                    blocking,
                    blocking,
                    devTokens,
                    this::missing,
                    metrics);
        } catch (RuntimeException e) {
            stopWhatRuns();
            throw e;
        }
    }

    public int port() {
        return listener.port();
    }

    /** Completes if another gateway took this one's slot, or deliveries cannot be read: nothing is delivered here any more. */
    public CompletableFuture<Void> lost() {
        return lost;
    }

    private List<String> missing() {
        List<String> missing = new ArrayList<>(alsoMissing.get());
        if (!log.isReady()) {
            missing.add("the command topics cannot be reached");
        }
        if (!slot.isKept()) {
            missing.add("Kafka has not answered for some time");
        }
        if (!feed.isRunning()) {
            missing.add("deliveries are not read");
        }
        if (!bans.isRunning()) {
            missing.add("bans are not read");
        }
        if (lost.isDone()) {
            missing.add("the gateway's slot was taken over");
        } else if (sessions.isDraining()) {
            missing.add("the gateway is about to end");
        }
        return missing;
    }

    private void measure() {
        metrics.register("tidings.gateway.connections", (Gauge<Integer>) sessions::size);
        metrics.register("tidings.gateway.followed", (Gauge<Integer>) following::size);
        metrics.register("tidings.gateway.slot", (Gauge<Integer>) slot::slot);
        metrics.register("tidings.gateway.epoch", (Gauge<Long>) slot::epoch);
        metrics.register("jvm.gc", new GarbageCollectorMetricSet());
        metrics.register("jvm.memory", new MemoryUsageGaugeSet());
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
        awaitFarewells();
        listener.close();
        following.tick(); // nobody follows anything here any more
        if (!lost.isDone()) { // otherwise the slot's next holder has said so
            sayGone();
        }
        stopWhatRuns();
        LOG.info("gateway stopped slot={} epoch={}", slot.slot(), slot.epoch());
    }

    /** The listener's end would cut off what has been said and not sent yet; clients that do not close are not waited for. */
    private void awaitFarewells() {
        long deadline = System.nanoTime() + FAREWELL_PATIENCE.toNanos();
        while (sessions.size() > 0 && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(FAREWELL_PAUSE.toNanos());
        }
    }

    private void stopWhatRuns() {
        clock.shutdownNow();
        feed.close();
        bans.close();
        slot.close();
        log.close();
        blocking.shutdownNow();
        history.close();
    }
}
