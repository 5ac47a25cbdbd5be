package dev.tidings.gateway.session;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import dev.tidings.gateway.api.Access;
import dev.tidings.gateway.auth.BanList;
import dev.tidings.gateway.follow.Following;
import dev.tidings.gateway.frame.LiveEvent;
import dev.tidings.schemas.id.UserId;
import dev.tidings.v1.Answer;
import dev.tidings.v1.BroadcastDelivery;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.EventDelivery;
import dev.tidings.v1.PresenceDelivery;
import dev.tidings.v1.SyncAnswer;
import dev.tidings.v1.UserAnswer;
import dev.tidings.v1.ViewDelivery;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All connections of this gateway, and who of them a delivery is for. Deliveries for sessions that are gone are dropped. */
public final class Sessions implements Consumer<Delivery> {

    /** Who comes while this gateway ends has been sent to the wrong one; nobody else may be there yet. */
    private static final int LATE_AFTER_MILLIS = 1_000;

    /** A gateway that is cut off from Kafka may be the only one, or one of many that are cut off. */
    private static final int CUT_OFF_AFTER_MILLIS = 5_000;

    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

    private final Following following;
    private final Access access;
    private final ReconnectPace pace;
    private final BufferBudget budget;
    private final Executor outside;
    private final Meter shed;
    private final Meter expired;
    private final Meter dropped;
    private final Timer fanOuts;
    private final Set<ClientSession> connections = ConcurrentHashMap.newKeySet();
    private final Map<String, ClientSession> byId = new ConcurrentHashMap<>();
    private final BanList bans;
    private final LongSupplier logMillis;
    private volatile boolean draining;
    private volatile boolean cutOff;

    /**
     * @param pace at which clients come back that are sent away together
     * @param budget what all sessions together may hold; the sessions that hold most are ended where it is exceeded
     * @param outside runs what a session has to do outside of its turn
     * @param logMillis the time of the log, by which messages expire
     */
    public Sessions(
            Following following,
            Access access,
            ReconnectPace pace,
            BanList bans,
            BufferBudget budget,
            Executor outside,
            LongSupplier logMillis,
            MetricRegistry metrics) {
        this.bans = bans;
        this.logMillis = logMillis;
        this.following = following;
        this.access = access;
        this.pace = pace;
        this.budget = budget;
        this.outside = outside;
        this.shed = metrics.meter("tidings.gateway.sessions.shed");
        metrics.register("tidings.gateway.buffered-bytes", (Gauge<Long>) budget::heldBytes);
        this.expired = metrics.meter("tidings.gateway.deliveries.expired");
        this.dropped = metrics.meter("tidings.gateway.deliveries.dropped");
        this.fanOuts = metrics.timer("tidings.gateway.fan-outs");
    }

    public void connected(ClientSession session) {
        connections.add(session);
        if (draining) {
            session.drain(LATE_AFTER_MILLIS, spreadMillis());
        } else if (cutOff) {
            session.drain(CUT_OFF_AFTER_MILLIS, spreadMillis());
        }
    }

    public void disconnected(ClientSession session) {
        connections.remove(session);
    }

    void opening(String sessionId, ClientSession session) {
        byId.put(sessionId, session);
    }

    /** Connections, whether or not they are signed in. */
    public int size() {
        return connections.size();
    }

    /** Events that were not delivered because their time had passed. */
    void expired(int deliveries) {
        expired.mark(deliveries);
    }

    /** News for the moment that was not delivered because the client does not keep up. */
    void dropped() {
        dropped.mark();
    }

    BufferBudget budget() {
        return budget;
    }

    Executor outside() {
        return outside;
    }

    @Override
    public void accept(Delivery delivery) {
        handOut(delivery);
        shedWhereNeeded();
    }

    /**
     * Ends the sessions that hold most until the budget is kept: they do not read what they are sent. Without this the
     * process would run out of memory, and all sessions would end.
     */
    private synchronized void shedWhereNeeded() {
        long excess = budget.excessBytes();
        if (excess <= 0) {
            return;
        }
        record Held(ClientSession session, long bytes) {}
        List<Held> largestFirst = connections.stream()
                .map(session -> new Held(session, session.heldBytes()))
                .filter(held -> held.bytes() > 0)
                .sorted(Comparator.comparingLong(Held::bytes).reversed())
                .toList();
        int ended = 0;
        for (Held held : largestFirst) {
            if (budget.excessBytes() <= 0) {
                break;
            }
            held.session().shed();
            ended++;
        }
        shed.mark(ended);
        LOG.warn("sessions ended to free memory sessions={} excessBytes={}", ended, excess);
    }

    private void handOut(Delivery delivery) {
        switch (delivery.getBodyCase()) {
            case EVENT -> deliver(delivery.getEvent());
            case ANSWER -> answer(delivery.getAnswer());
            case SESSION_READY -> {
                ClientSession session = byId.get(delivery.getSessionReady().getSessionId());
                if (session != null) {
                    session.ready(delivery.getSessionReady().getResumed());
                }
            }
            case SESSION_REPLACED -> {
                ClientSession session = byId.get(delivery.getSessionReplaced().getSessionId());
                if (session != null) {
                    session.replaced(delivery.getSessionReplaced().getReason());
                }
            }
            case SYNC_ANSWER -> sync(delivery.getSyncAnswer());
            case FOLLOWED_EVENT -> {
                try (Timer.Context timing = fanOuts.time()) {
                    following.accept(delivery.getFollowedEvent());
                }
            }
            case BROADCAST -> {
                try (Timer.Context timing = fanOuts.time()) {
                    broadcast(delivery.getBroadcast());
                }
            }
            case FOLLOW -> {
                ClientSession session = byId.get(delivery.getFollow().getSessionId());
                if (session != null) {
                    session.follow(delivery.getFollow());
                }
            }
            case HEAD_NOTICE -> following.accept(delivery.getHeadNotice());
            case ACCESS_ANSWER -> access.answered(delivery.getAccessAnswer());
            case VIEW -> view(delivery.getView());
            case PRESENCE -> presence(delivery.getPresence());
            case USER_ANSWER -> answer(delivery.getUserAnswer());
            case GATEWAY_GONE -> following.detached(delivery.getGatewayGone().getGatewayEpoch());
            case BODY_NOT_SET -> throw new IllegalArgumentException("a delivery without a body");
        }
    }

    private void deliver(EventDelivery delivery) {
        LiveEvent event = new LiveEvent(delivery.getEvent());
        for (String sessionId : delivery.getSessionIdsList()) {
            ClientSession session = byId.get(sessionId);
            if (session != null) {
                session.deliver(event, delivery.getFollow());
            }
        }
    }

    /** Delivers the event to the sessions whose users lie in the inbox partition that the record comes from. */
    private void broadcast(BroadcastDelivery delivery) {
        LiveEvent event = new LiveEvent(delivery.getEvent());
        for (ClientSession session : byId.values()) {
            int partition = UserId.inboxPartition(session.userId(), delivery.getInboxPartitions());
            if (partition == delivery.getInboxPartition()) {
                session.followed(event, delivery.getOriginSessionId());
            }
        }
    }

    private void answer(Answer answer) {
        @Nullable ClientSession session = byId.get(answer.getOrigin().getSessionId());
        if (session != null) {
            session.answer(answer);
        }
    }

    boolean isBanned(String userId, String deviceId, @Nullable InetAddress address) {
        return bans.isBanned(userId, deviceId, address);
    }

    /** Ends every session that a ban is about. Call it after bans have changed. */
    public void endBanned() {
        byId.values().forEach(ClientSession::endIfBanned);
    }

    private void answer(UserAnswer answer) {
        @Nullable ClientSession session = byId.get(answer.getOrigin().getSessionId());
        if (session != null) {
            session.answer(answer);
        }
    }

    private void view(ViewDelivery delivery) {
        for (String sessionId : delivery.getSessionIdsList()) {
            ClientSession session = byId.get(sessionId);
            if (session != null) {
                session.view(delivery.getView());
            }
        }
    }

    /** Who has asked is answered; to all others it is news. */
    private void presence(PresenceDelivery delivery) {
        String asking = delivery.getOrigin().getSessionId();
        @Nullable ClientSession asker = byId.get(asking);
        if (asker != null) {
            asker.answer(delivery.getOrigin(), delivery.getPresence());
        }
        for (String sessionId : delivery.getSessionIdsList()) {
            ClientSession session = byId.get(sessionId);
            if (session != null && !sessionId.equals(asking)) {
                session.presence(delivery.getPresence());
            }
        }
    }

    private void sync(SyncAnswer answer) {
        @Nullable ClientSession session = byId.get(answer.getOrigin().getSessionId());
        if (session != null) {
            session.synced(answer);
        }
    }

    /** Lets every connection look at the time, and then tells the log who follows what. */
    public void tick(long nowNanos) {
        shedWhereNeeded();
        connections.forEach(session -> tick(session, nowNanos));
        byId.values().removeIf(session -> session.isForgotten(nowNanos));
        following.tick();
    }

    /** One session's fault must not keep the others from their tick. */
    private static void tick(ClientSession session, long nowNanos) {
        try {
            session.tick(nowNanos);
        } catch (RuntimeException e) {
            LOG.error("the tick of a session failed user={}", session.userId(), e);
        }
    }

    /** The time in which all clients of this gateway are to come back if all are sent away. */
    int spreadMillis() {
        return pace.spreadMillis(connections.size());
    }

    /**
     * Asks every client to connect elsewhere, and everybody who still comes; in a time that grows with their number, as
     * others have to bear them all.
     */
    public void drain() {
        draining = true;
        int jitterMillis = spreadMillis();
        connections.forEach(session -> session.drain(0, jitterMillis));
    }

    /**
     * Sends every client elsewhere while this gateway cannot reach Kafka, and accepts them again when it can: others may still
     * reach it, and here nothing would be delivered.
     */
    public void setCutOff(boolean isCutOff) {
        if (isCutOff == cutOff) {
            return;
        }
        cutOff = isCutOff;
        if (isCutOff) {
            LOG.warn("gateway is cut off from Kafka; clients are sent elsewhere connections={}", connections.size());
            int jitterMillis = spreadMillis();
            connections.forEach(session -> session.drain(CUT_OFF_AFTER_MILLIS, jitterMillis));
        } else {
            LOG.info("gateway reaches Kafka again; clients are accepted");
        }
    }

    /** Whether all clients are asked to connect elsewhere. */
    public boolean isDraining() {
        return draining || cutOff;
    }

    /** The time of the log. */
    long logMillis() {
        return logMillis.getAsLong();
    }
}
