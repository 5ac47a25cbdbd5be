package dev.tidings.processors.simulation;

import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.FollowedEvent;
import dev.tidings.v1.HeadNotice;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.SubscribeGateway;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The large groups and rooms that sessions of one gateway subscribe to. Subscribes the gateway to a conversation with its first
 * session, and unsubscribes it some time after the last.
 */
final class Subscriptions {

    private static final int UNKNOWN = -1;

    private final Cluster cluster;
    private final Producer producer;
    private final int slot;
    private final long epoch;
    private final Map<String, Subscribed> conversations = new TreeMap<>();

    private static final class Subscribed {
        /** With the seq of the event since which the session's user is a member; 0: not known. */
        final Map<Connection, Long> sessions = new LinkedHashMap<>();
        /** With which event users have left. */
        final Map<String, Long> left = new HashMap<>();
        /** The number of sessions that the gateway last reported to CONVERSATION. */
        int announced = UNKNOWN;

        boolean headIsNew;

        @Nullable
        HeadNotice head;
    }

    Subscriptions(Cluster cluster, Producer producer, int slot, long epoch) {
        this.cluster = cluster;
        this.producer = producer;
        this.slot = slot;
        this.epoch = epoch;
    }

    /** Delivers events of the conversation to the session from now on, unless its user has left since that seq. */
    void subscribe(Connection connection, String conversationId, long sinceSeq) {
        Subscribed subscribed = conversation(conversationId);
        if (subscribed.left.getOrDefault(connection.userId, 0L) > sinceSeq) {
            return;
        }
        boolean isNew = subscribed.sessions.put(connection, sinceSeq) == null;
        connection.subscribed.add(conversationId);
        if (subscribed.sessions.size() == 1 && subscribed.announced <= 0) {
            announce(conversationId, subscribed);
        }
        if (isNew && subscribed.head != null) {
            connection.tell(frame(subscribed.head));
        }
    }

    void unsubscribe(Connection connection, String conversationId) {
        conversation(conversationId).sessions.remove(connection);
        connection.subscribed.remove(conversationId);
    }

    void unsubscribeAll(Connection connection) {
        conversations.values().forEach(subscribed -> subscribed.sessions.remove(connection));
    }

    /** Users who leave with the event receive it, and none after it. */
    void deliver(FollowedEvent delivery) {
        ConversationEvent event = delivery.getEvent();
        Subscribed subscribed = conversation(event.getConversationId());
        if (subscribed.head != null && event.getSeq() > subscribed.head.getLastSeq()) {
            subscribed.head =
                    subscribed.head.toBuilder().setLastSeq(event.getSeq()).build();
        }
        for (Connection connection : List.copyOf(subscribed.sessions.keySet())) {
            if (connection.isKnown() && !delivery.getOriginSessionId().equals(connection.session.getSessionId())) {
                connection.deliver(event, cluster.nowMillis());
            } else if (connection.isKnown()) {
                connection.skip(event);
            }
        }
        left(event).forEach(userId -> subscribed.left.put(userId, event.getSeq()));
        event.getMembersAdded().getUserIdsList().forEach(subscribed.left::remove);
        subscribed.sessions.keySet().removeIf(connection -> hasLeft(subscribed, connection, event));
    }

    /** An event that names the session's user. */
    void named(Connection connection, ConversationEvent event) {
        Subscribed subscribed = conversations.get(event.getConversationId());
        if (subscribed != null && hasLeft(subscribed, connection, event)) {
            subscribed.sessions.remove(connection);
        }
    }

    private static boolean hasLeft(Subscribed subscribed, Connection connection, ConversationEvent event) {
        return left(event).contains(connection.userId)
                && subscribed.sessions.getOrDefault(connection, Long.MAX_VALUE) < event.getSeq();
    }

    private static List<String> left(ConversationEvent event) {
        return event.hasMemberLeft()
                ? List.of(event.getMemberLeft().getUserId())
                : event.getMembersRemoved().getUserIdsList();
    }

    /** The first head goes to the sessions at once, the next ones some time later. */
    void head(HeadNotice notice) {
        Subscribed subscribed = conversation(notice.getConversationId());
        HeadNotice before = subscribed.head;
        if (before == null) {
            subscribed.head = notice;
            subscribed.sessions.keySet().forEach(connection -> connection.tell(frame(notice)));
        } else {
            subscribed.head = notice.toBuilder()
                    .setLastSeq(Math.max(before.getLastSeq(), notice.getLastSeq()))
                    .build();
            subscribed.headIsNew = true;
        }
    }

    /** CONVERSATION has unsubscribed this gateway because it was taken for gone. */
    void renew(long goneEpoch) {
        if (goneEpoch >= epoch) {
            conversations.values().forEach(subscribed -> subscribed.announced = UNKNOWN);
        }
    }

    /** Announces what CONVERSATION does not know yet; false where there is nothing. */
    boolean tick() {
        boolean moved = false;
        for (Map.Entry<String, Subscribed> entry : conversations.entrySet()) {
            Subscribed subscribed = entry.getValue();
            if (!isAnnounced(entry.getKey(), subscribed)) {
                announce(entry.getKey(), subscribed);
                moved = true;
            }
            if (subscribed.headIsNew && subscribed.head != null) {
                ServerFrame head = frame(subscribed.head);
                subscribed.headIsNew = false;
                subscribed.sessions.keySet().forEach(connection -> connection.tell(head));
                moved = true;
            }
        }
        conversations.values().removeIf(subscribed -> subscribed.sessions.isEmpty() && subscribed.announced == 0);
        return moved;
    }

    private static boolean isAnnounced(String conversationId, Subscribed subscribed) {
        int sessions = subscribed.sessions.size();
        return conversationId.startsWith("r:")
                ? subscribed.announced == sessions
                : subscribed.announced >= 0 && (subscribed.announced > 0) == (sessions > 0);
    }

    private void announce(String conversationId, Subscribed subscribed) {
        int sessions = subscribed.sessions.size();
        subscribed.announced = sessions;
        if (sessions == 0) {
            subscribed.head = null;
        }
        producer.send(
                Command.newBuilder()
                        .setCommandId(cluster.unique("command"))
                        .setConversationId(conversationId)
                        .setSubscribeGateway(SubscribeGateway.newBuilder()
                                .setGatewaySlot(slot)
                                .setGatewayEpoch(epoch)
                                .setSessions(sessions))
                        .build(),
                () -> {});
    }

    private Subscribed conversation(String conversationId) {
        return conversations.computeIfAbsent(conversationId, none -> new Subscribed());
    }

    private static ServerFrame frame(HeadNotice head) {
        return ServerFrame.newBuilder().setHead(head).build();
    }
}
