package dev.tidings.gateway.session;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import com.google.protobuf.util.Timestamps;
import dev.tidings.gateway.auth.BanList;
import dev.tidings.gateway.auth.Exclusion;
import dev.tidings.gateway.auth.Principal;
import dev.tidings.gateway.auth.RevocationList;
import dev.tidings.gateway.subscription.ConversationSubscriptions;
import dev.tidings.v1.HeartbeatReply;
import java.net.InetAddress;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All connections of one gateway: ticks them, drains them, and ends those that are banned or hold too much memory.
 * Thread-safe.
 */
public final class Sessions {

    /** For a client that connects while the gateway stops: time for the load balancer to notice. */
    private static final int LATE_RETRY_MILLIS = 1_000;

    /** For clients of a gateway that is cut off from Kafka: it may be the only one, or all may be cut off. */
    private static final int CUT_OFF_RETRY_MILLIS = 5_000;

    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

    private final ConversationSubscriptions subscriptions;
    private final ReconnectRate reconnectRate;
    private final BanList bans;
    private final RevocationList revocations;
    private final BufferBudget budget;
    private final ReceiptQueue receipts;
    private final Executor background;
    private final LongSupplier logMillis;
    private final Meter shed;
    private final Meter expired;
    private final Meter dropped;
    private final SessionMetrics metrics;
    private final Set<ClientSession> connections = ConcurrentHashMap.newKeySet();
    private final Map<String, ClientSession> byId = new ConcurrentHashMap<>();
    private volatile boolean draining;
    private volatile boolean cutOff;

    /**
     * @param reconnectRate at which disconnected clients come back
     * @param budget of all sessions together; above it the sessions that hold most are ended
     * @param background runs what must not run under a session's lock
     * @param logMillis the time of the log, by which messages expire
     */
    public Sessions(
            ConversationSubscriptions subscriptions,
            ReconnectRate reconnectRate,
            BanList bans,
            RevocationList revocations,
            BufferBudget budget,
            Executor background,
            LongSupplier logMillis,
            MetricRegistry metrics) {
        this.subscriptions = subscriptions;
        this.reconnectRate = reconnectRate;
        this.bans = bans;
        this.revocations = revocations;
        this.budget = budget;
        this.receipts = new ReceiptQueue(background);
        this.background = background;
        this.logMillis = logMillis;
        this.shed = metrics.meter("tidings.gateway.sessions.shed");
        metrics.register("tidings.gateway.buffered-bytes", (Gauge<Long>) budget::heldBytes);
        metrics.register("tidings.gateway.receipts-waiting", (Gauge<Integer>) receipts::size);
        this.expired = metrics.meter("tidings.gateway.deliveries.expired");
        this.dropped = metrics.meter("tidings.gateway.deliveries.dropped");
        this.metrics = new SessionMetrics(metrics, logMillis);
    }

    /** Adds a connection, or asks its client to connect elsewhere if the gateway drains. */
    public void connected(ClientSession session) {
        connections.add(session);
        if (draining) {
            session.drain(LATE_RETRY_MILLIS, spreadMillis());
        } else if (cutOff) {
            session.drain(CUT_OFF_RETRY_MILLIS, spreadMillis());
        } else {
            session.begin();
        }
    }

    /** @param byClient whether the gateway had not ended the session before */
    public void disconnected(ClientSession session, boolean byClient) {
        connections.remove(session);
        if (byClient) {
            metrics.closedByClient();
        }
    }

    /** Makes the session known under its id, before INBOX is asked to open it. */
    void register(String sessionId, ClientSession session) {
        byId.put(sessionId, session);
    }

    /** Returns the session, also for a while after its end; null if it is not known. */
    @Nullable
    ClientSession find(String sessionId) {
        return byId.get(sessionId);
    }

    Collection<ClientSession> registered() {
        return byId.values();
    }

    /** The number of connections, authenticated or not. */
    public int size() {
        return connections.size();
    }

    /** Counts events that were not delivered because they had expired. */
    void expired(int events) {
        expired.mark(events);
    }

    /** Counts a typing or presence frame that was not sent because the client does not keep up. */
    void dropped() {
        dropped.mark();
    }

    SessionMetrics metrics() {
        return metrics;
    }

    BufferBudget budget() {
        return budget;
    }

    ReceiptQueue receipts() {
        return receipts;
    }

    Executor background() {
        return background;
    }

    /** The time of the log. */
    long logMillis() {
        return logMillis.getAsLong();
    }

    HeartbeatReply heartbeatReply() {
        return HeartbeatReply.newBuilder()
                .setServerTime(Timestamps.fromMillis(logMillis()))
                .build();
    }

    /** As {@link BanList#exclusionOf}. */
    @Nullable
    Exclusion exclusionOf(String userId, String deviceId, @Nullable InetAddress address) {
        return bans.exclusionOf(userId, deviceId, address);
    }

    boolean isRevoked(Principal principal, String deviceId) {
        return revocations.isRevoked(principal, deviceId);
    }

    /** Ends every session that a ban or a revocation applies to. Call it after these have changed. */
    public void endExcluded() {
        byId.values().forEach(ClientSession::endIfExcluded);
    }

    /**
     * Ends the sessions that hold most memory until the budget is kept: their clients do not read what is sent. Otherwise the
     * process would run out of memory, and all sessions would end.
     */
    synchronized void shedIfOverBudget() {
        long excess = budget.excessBytes();
        if (excess <= 0) {
            return;
        }
        record Holder(ClientSession session, long bytes) {}
        List<Holder> largestFirst = connections.stream()
                .map(session -> new Holder(session, session.heldBytes()))
                .filter(holder -> holder.bytes() > 0)
                .sorted(Comparator.comparingLong(Holder::bytes).reversed())
                .toList();
        int ended = 0;
        for (Holder holder : largestFirst) {
            if (budget.excessBytes() <= 0) {
                break;
            }
            holder.session().shed();
            ended++;
        }
        shed.mark(ended);
        LOG.warn("sessions ended to free memory sessions={} excessBytes={}", ended, excess);
    }

    /** Ticks every connection, the receipts and the subscriptions. Call it once a second. */
    public void tick(long nowNanos) {
        shedIfOverBudget();
        connections.forEach(session -> tick(session, nowNanos));
        byId.values().removeIf(session -> session.isForgotten(nowNanos));
        receipts.tick();
        subscriptions.tick();
    }

    /** An exception in one session must not keep the others from their tick. */
    private static void tick(ClientSession session, long nowNanos) {
        try {
            session.tick(nowNanos);
        } catch (RuntimeException e) {
            LOG.error("the tick of a session failed", e);
        }
    }

    /** The time over which all clients of this gateway are spread when all are disconnected. */
    int spreadMillis() {
        return reconnectRate.spreadMillis(connections.size());
    }

    /** Asks all clients, and those that still connect, to connect to another gateway. For good: the gateway stops. */
    public void drain() {
        draining = true;
        int jitterMillis = spreadMillis();
        connections.forEach(session -> session.drain(0, jitterMillis));
    }

    /**
     * Asks all clients to connect elsewhere while this gateway cannot reach Kafka, and accepts clients again once it can:
     * other gateways may still reach it, and here nothing would be delivered.
     */
    public void setCutOff(boolean isCutOff) {
        if (isCutOff == cutOff) {
            return;
        }
        cutOff = isCutOff;
        if (isCutOff) {
            LOG.warn("gateway is cut off from Kafka; clients are drained connections={}", connections.size());
            int jitterMillis = spreadMillis();
            connections.forEach(session -> session.drain(CUT_OFF_RETRY_MILLIS, jitterMillis));
        } else {
            LOG.info("gateway reaches Kafka again; clients are accepted");
        }
    }

    /** Whether clients are asked to connect elsewhere. */
    public boolean isDraining() {
        return draining || cutOff;
    }
}
