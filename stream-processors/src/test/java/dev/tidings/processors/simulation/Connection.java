package dev.tidings.processors.simulation;

import com.google.protobuf.util.Timestamps;
import dev.tidings.v1.Connected;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Disconnect;
import dev.tidings.v1.Events;
import dev.tidings.v1.MessageReference;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.Session;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The gateway's side of one session. Delivers each event once, numbered, and again until it is acknowledged or has expired. Buffers frames
 * until the client is connected. Knows at its end which events the client has not acknowledged.
 */
final class Connection {

    private enum State {
        OPENING,
        OPEN,
        CLOSED
    }

    static final long OPEN_WITHIN_MILLIS = 15_000;
    private static final long SILENCE_MILLIS = 30_000;
    private static final long ACK_TIMEOUT_MILLIS = 10_000;
    private static final int ATTEMPTS = 3;

    final String userId;
    final Session session;
    final Socket socket;
    final Set<String> watched = new TreeSet<>();
    /** Large groups and rooms: see {@link Subscriptions}. */
    final Set<String> subscribed = new TreeSet<>();

    final Set<String> joinedRooms = new TreeSet<>();
    private final String connectFrameId;
    private final ArrayDeque<Events> unacknowledged = new ArrayDeque<>();
    private final Map<String, Set<Long>> seen = new TreeMap<>();
    private final List<ServerFrame> heldBack = new ArrayList<>();
    private final Map<String, Long> pending = new TreeMap<>();
    private final Map<String, Long> reported = new TreeMap<>();
    private State state = State.OPENING;
    private long heardMillis;
    private long waitingSinceMillis;
    private long deliverySeq;
    private int attempts;

    Connection(String userId, Session session, Socket socket, String connectFrameId, long nowMillis) {
        this.userId = userId;
        this.session = session;
        this.socket = socket;
        this.connectFrameId = connectFrameId;
        this.heardMillis = nowMillis;
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    /** Whether INBOX has opened the session or will. */
    boolean isKnown() {
        return state != State.CLOSED;
    }

    /** Whether a timeout is due. */
    boolean isWaiting() {
        return isKnown() && (state == State.OPENING || socket.isBroken() || !unacknowledged.isEmpty());
    }

    void touch(long nowMillis) {
        heardMillis = nowMillis;
    }

    boolean isSilent(long nowMillis) {
        return nowMillis - heardMillis > (state == State.OPENING ? OPEN_WITHIN_MILLIS : SILENCE_MILLIS);
    }

    void ready(boolean resumed) {
        if (state == State.OPENING) {
            state = State.OPEN;
            send(
                    connectFrameId,
                    ServerFrame.newBuilder()
                            .setConnected(Connected.newBuilder()
                                    .setSessionId(session.getSessionId())
                                    .setUserId(userId)
                                    .setResumed(resumed)));
            heldBack.forEach(socket::down);
            heldBack.clear();
        }
    }

    /** Sends an answer to a frame of the client. */
    void send(String frameId, ServerFrame.Builder frame) {
        if (state == State.OPEN) {
            socket.down(frame.setId(frameId).build());
        }
    }

    /** Sends a frame that answers none. */
    void tell(ServerFrame frame) {
        if (state == State.OPEN) {
            socket.down(frame);
        } else {
            heldBack.add(frame);
        }
    }

    void deliver(ConversationEvent event, long nowMillis) {
        if (event.getSeq() > 0) {
            if (!see(event)) {
                return;
            }
        }
        if (isExpired(event, nowMillis)) {
            return;
        }
        deliverySeq++;
        Events events = Events.newBuilder()
                .setDeliverySeq(deliverySeq)
                .setConversationId(event.getConversationId())
                .addEvents(event)
                .build();
        if (unacknowledged.isEmpty()) {
            startWaiting(nowMillis);
        }
        unacknowledged.add(events);
        tell(ServerFrame.newBuilder().setEvents(events).build());
    }

    /** Marks an event as delivered: the client has it as an answer. */
    void skip(ConversationEvent event) {
        see(event);
    }

    /** Whether the event is new to the session. An event by name may be older than one by subscription. */
    private boolean see(ConversationEvent event) {
        return seen.computeIfAbsent(event.getConversationId(), none -> new TreeSet<>())
                .add(event.getSeq());
    }

    void acknowledge(long upTo, long nowMillis) {
        while (!unacknowledged.isEmpty() && unacknowledged.getFirst().getDeliverySeq() <= upTo) {
            ConversationEvent event = unacknowledged.removeFirst().getEvents(0);
            if (isMessageOfOthers(event)
                    && !subscribed.contains(event.getConversationId())
                    && event.getSeq() > reported.getOrDefault(event.getConversationId(), 0L)) {
                pending.merge(event.getConversationId(), event.getSeq(), Math::max);
            }
            startWaiting(nowMillis);
        }
    }

    /** The log has the user's delivered position, by a read position or by an event that carries it. */
    void recorded(String conversationId, long seq) {
        reported.merge(conversationId, seq, Math::max);
        pending.computeIfPresent(conversationId, (id, delivered) -> delivered <= seq ? null : delivered);
    }

    /**
     * Delivers again what was not acknowledged in time.
     *
     * @return false after the last attempt
     */
    boolean sendAgain(long nowMillis) {
        if (state != State.OPEN
                || unacknowledged.isEmpty()
                || nowMillis - waitingSinceMillis < ACK_TIMEOUT_MILLIS << attempts) {
            return true;
        }
        if (attempts == ATTEMPTS) {
            return false;
        }
        waitingSinceMillis = nowMillis;
        attempts++;
        unacknowledged.removeIf(events -> isExpired(events.getEvents(0), nowMillis));
        unacknowledged.forEach(
                events -> socket.down(ServerFrame.newBuilder().setEvents(events).build()));
        return true;
    }

    boolean hasReceipts() {
        return !pending.isEmpty();
    }

    /** The receipt that a command to the conversation carries; 0: none. */
    long carriedReceipt(String conversationId) {
        return conversationId.startsWith("p:") ? pending.getOrDefault(conversationId, 0L) : 0;
    }

    /** Takes the delivery receipts that are not in the log yet: by conversation, the seq up to which messages are delivered. */
    Map<String, Long> takeReceipts() {
        Map<String, Long> receipts = new TreeMap<>(pending);
        pending.clear();
        receipts.forEach((conversation, seq) -> reported.merge(conversation, seq, Math::max));
        return receipts;
    }

    List<MessageReference> undelivered() {
        return unacknowledged.stream()
                .map(events -> events.getEvents(0))
                .filter(this::isMessageOfOthers)
                .map(Connection::reference)
                .toList();
    }

    /** Messages of broadcasts and rooms have no delivery receipts. */
    boolean isMessageOfOthers(ConversationEvent event) {
        return event.hasMessageSent()
                && !event.getMessageSent().getSender().equals(userId)
                && !event.getConversationId().startsWith("b:")
                && !event.getConversationId().startsWith("r:");
    }

    static MessageReference reference(ConversationEvent event) {
        return MessageReference.newBuilder()
                .setConversationId(event.getConversationId())
                .setSeq(event.getSeq())
                .build();
    }

    void disconnect(Disconnect.Builder why) {
        socket.down(ServerFrame.newBuilder().setDisconnect(why).build());
        close();
    }

    void close() {
        state = State.CLOSED;
        socket.close();
    }

    private void startWaiting(long nowMillis) {
        attempts = 0;
        waitingSinceMillis = nowMillis;
    }

    private static boolean isExpired(ConversationEvent event, long nowMillis) {
        return event.getMessageSent().hasExpiresAt()
                && Timestamps.toMillis(event.getMessageSent().getExpiresAt()) <= nowMillis;
    }
}
