package dev.tidings.gateway.session;

import com.codahale.metrics.MetricRegistry;
import dev.tidings.gateway.api.Access;
import dev.tidings.gateway.api.PendingReplies;
import dev.tidings.gateway.frame.LiveEvent;
import dev.tidings.gateway.monitoring.LatencyHistogram;
import dev.tidings.gateway.subscription.ConversationSubscriptions;
import dev.tidings.schemas.id.UserId;
import dev.tidings.v1.BroadcastDelivery;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.EventDelivery;
import dev.tidings.v1.PresenceDelivery;
import java.util.List;
import java.util.function.Consumer;

/**
 * Routes the deliveries of one gateway to the sessions and pending requests they are addressed to, and to the subscribers of
 * conversations. Drops deliveries for sessions that are not known. Called by one thread.
 */
public final class DeliveryRouter implements Consumer<Delivery> {

    private final Sessions sessions;
    private final ConversationSubscriptions subscriptions;
    private final Access access;
    private final PendingReplies pending;
    private final LatencyHistogram fanOuts;

    public DeliveryRouter(
            Sessions sessions,
            ConversationSubscriptions subscriptions,
            Access access,
            PendingReplies pending,
            MetricRegistry metrics) {
        this.sessions = sessions;
        this.subscriptions = subscriptions;
        this.access = access;
        this.pending = pending;
        this.fanOuts = LatencyHistogram.register(metrics, "tidings.gateway.fan-out.seconds");
    }

    @Override
    public void accept(Delivery delivery) {
        if (!pending.take(delivery)) {
            route(delivery);
        }
        sessions.shedIfOverBudget();
    }

    private void route(Delivery delivery) {
        switch (delivery.getBodyCase()) {
            case SESSION_READY ->
                withSession(
                        delivery.getSessionReady().getSessionId(),
                        session -> session.ready(delivery.getSessionReady().getResumed()));
            case SESSION_REPLACED ->
                withSession(
                        delivery.getSessionReplaced().getSessionId(),
                        session ->
                                session.replaced(delivery.getSessionReplaced().getReason()));
            case EVENT -> deliver(delivery.getEvent());
            case FOLLOWED_EVENT -> {
                long startNanos = System.nanoTime();
                subscriptions.accept(delivery.getFollowedEvent());
                fanOuts.updateSince(startNanos);
            }
            case BROADCAST -> {
                long startNanos = System.nanoTime();
                deliver(delivery.getBroadcast());
                fanOuts.updateSince(startNanos);
            }
            case FOLLOW -> withUser(delivery.getFollow().getSessionId(), user -> user.follow(delivery.getFollow()));
            case HEAD_NOTICE -> subscriptions.accept(delivery.getHeadNotice());
            case VIEW ->
                withUsers(
                        delivery.getView().getSessionIdsList(),
                        user -> user.view(delivery.getView().getView()));
            case PRESENCE -> deliver(delivery.getPresence());
            case ANSWER ->
                withUser(delivery.getAnswer().getOrigin().getSessionId(), user -> user.answer(delivery.getAnswer()));
            case USER_ANSWER ->
                withUser(
                        delivery.getUserAnswer().getOrigin().getSessionId(),
                        user -> user.answer(delivery.getUserAnswer()));
            case SYNC_ANSWER ->
                withUser(
                        delivery.getSyncAnswer().getOrigin().getSessionId(),
                        user -> user.answer(delivery.getSyncAnswer()));
            case ACCESS_ANSWER -> access.answered(delivery.getAccessAnswer());
            case GATEWAY_GONE ->
                subscriptions.onGatewayGone(delivery.getGatewayGone().getGatewayEpoch());
            case BODY_NOT_SET -> throw new IllegalArgumentException("a delivery without a body");
        }
    }

    private void deliver(EventDelivery delivery) {
        LiveEvent event = new LiveEvent(delivery.getEvent());
        for (String sessionId : delivery.getSessionIdsList()) {
            withSession(sessionId, session -> session.deliver(event, delivery.getFollow()));
        }
    }

    /** Delivers a broadcast to the sessions whose users belong to the inbox partition that has sent it. */
    private void deliver(BroadcastDelivery delivery) {
        LiveEvent event = new LiveEvent(delivery.getEvent());
        Consumer<UserSession> deliverInPartition = user -> {
            if (UserId.inboxPartition(user.userId(), delivery.getInboxPartitions()) == delivery.getInboxPartition()) {
                user.onEvent(event, delivery.getOriginSessionId());
            }
        };
        sessions.registered().forEach(session -> session.whileRegistered(deliverInPartition));
    }

    /** The session that has queried the presence gets an answer, all others a change. */
    private void deliver(PresenceDelivery delivery) {
        String querying = delivery.getOrigin().getSessionId();
        withUser(querying, user -> user.answer(delivery.getOrigin(), delivery.getPresence()));
        List<String> others = delivery.getSessionIdsList().stream()
                .filter(sessionId -> !sessionId.equals(querying))
                .toList();
        withUsers(others, user -> user.presence(delivery.getPresence()));
    }

    private void withUsers(List<String> sessionIds, Consumer<UserSession> action) {
        sessionIds.forEach(sessionId -> withUser(sessionId, action));
    }

    private void withUser(String sessionId, Consumer<UserSession> action) {
        withSession(sessionId, session -> session.whileRegistered(action));
    }

    private void withSession(String sessionId, Consumer<ClientSession> action) {
        ClientSession session = sessions.find(sessionId);
        if (session != null) {
            action.accept(session);
        }
    }
}
