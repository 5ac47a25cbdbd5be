package dev.tidings.gateway.session;

import dev.tidings.v1.Answer;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.EventDelivery;
import dev.tidings.v1.SyncAnswer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** All connections of this gateway, and who of them a delivery is for. Deliveries for sessions that are gone are dropped. */
public final class Sessions implements Consumer<Delivery> {

    private final Set<ClientSession> connections = ConcurrentHashMap.newKeySet();
    private final Map<String, ClientSession> byId = new ConcurrentHashMap<>();

    public void connected(ClientSession session) {
        connections.add(session);
    }

    public void disconnected(ClientSession session) {
        connections.remove(session);
    }

    void opening(String sessionId, ClientSession session) {
        byId.put(sessionId, session);
    }

    void closed(String sessionId) {
        byId.remove(sessionId);
    }

    /** Connections, whether or not they are signed in. */
    public int size() {
        return connections.size();
    }

    @Override
    public void accept(Delivery delivery) {
        switch (delivery.getBodyCase()) {
            case EVENT -> deliver(delivery.getEvent());
            case ANSWER -> answer(delivery.getAnswer());
            case SESSION_READY -> {
                ClientSession session = byId.get(delivery.getSessionReady().getSessionId());
                if (session != null) {
                    session.ready();
                }
            }
            case SESSION_REPLACED -> {
                ClientSession session = byId.get(delivery.getSessionReplaced().getSessionId());
                if (session != null) {
                    session.replaced();
                }
            }
            case SYNC_ANSWER -> sync(delivery.getSyncAnswer());
            case FOLLOWED_EVENT, FOLLOW, HEAD_NOTICE, ACCESS_ANSWER -> throw new IllegalArgumentException("not yet");
            case BODY_NOT_SET -> throw new IllegalArgumentException("a delivery without a body");
        }
    }

    private void deliver(EventDelivery delivery) {
        for (String sessionId : delivery.getSessionIdsList()) {
            ClientSession session = byId.get(sessionId);
            if (session != null) {
                session.deliver(delivery.getEvent());
            }
        }
    }

    private void answer(Answer answer) {
        @Nullable ClientSession session = byId.get(answer.getOrigin().getSessionId());
        if (session != null) {
            session.answer(answer);
        }
    }

    private void sync(SyncAnswer answer) {
        @Nullable ClientSession session = byId.get(answer.getOrigin().getSessionId());
        if (session != null) {
            session.synced(answer);
        }
    }

    /** Lets every connection look at the time. */
    public void tick(long nowNanos) {
        connections.forEach(session -> session.tick(nowNanos));
    }

    /** Asks every client to connect elsewhere. */
    public void drain() {
        connections.forEach(ClientSession::drain);
    }
}
