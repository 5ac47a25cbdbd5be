package dev.tidings.ops.bench.client;

import dev.tidings.ops.bench.websocket.WebSocketClient;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Connect;
import dev.tidings.v1.Connected;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Disconnect;
import dev.tidings.v1.Events;
import dev.tidings.v1.Platform;
import dev.tidings.v1.PresenceQuery;
import dev.tidings.v1.PullMany;
import dev.tidings.v1.Resume;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.WatchPresence;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A client of one user in several conversations, for reconnect storms: loses its connection, reconnects, resumes with the
 * version of its views, synchronizes ({@link ConversationSync}), and reports how long that took. Thread-safe.
 */
public final class StormClient implements Participant, WebSocketClient.Listener {

    private static final char FRAME_ID_SEPARATOR = '.';
    private static final String WATCH_ID = "watch";

    private final String token;
    private final TrafficCounters counters;
    private final ReconnectCounters reconnects;
    private final ReconnectingConnection connection;
    private final ConversationSync sync = new ConversationSync();
    /** By the number that begins their frame ids. */
    private final List<ConversationClient> conversations = new ArrayList<>();

    private List<String> watched = List.of();
    private Acknowledgements acknowledgements = new Acknowledgements();

    private int drops;
    private boolean resumed;
    /** The first attempt after the first drop; 0: none yet. */
    private long attemptedNanos;

    private long connectedNanos;
    private long syncedNanos;

    /** @param connector opens a WebSocket with the given listener */
    public StormClient(
            String token,
            FrameFormat format,
            TrafficCounters counters,
            ReconnectCounters reconnects,
            Function<WebSocketClient.Listener, WebSocketClient> connector) {
        this.token = token;
        this.counters = counters;
        this.reconnects = reconnects;
        this.connection = new ReconnectingConnection(format, counters, () -> {
            attempted();
            return connector.apply(this);
        });
    }

    /**
     * Adds a conversation, before the run.
     *
     * @param user the user's index in the conversation's ledger
     */
    public synchronized void join(BenchConversation conversation, int user) {
        String frameIdPrefix = conversations.size() + String.valueOf(FRAME_ID_SEPARATOR);
        Outbox outbox = new Outbox(conversation, user, frameIdPrefix, connection, counters);
        ConversationClient joined = new ConversationClient(conversation, user, outbox);
        conversations.add(joined);
        sync.add(joined);
    }

    /** Names the users whose presence the client watches from each connect on, before the run. */
    public synchronized void watch(List<String> userIds) {
        watched = List.copyOf(userIds);
    }

    /** Sends one message now, or over the next connection. */
    public synchronized void send(BenchConversation conversation, long intendedNanos) {
        ConversationClient joined = sync.find(conversation.id());
        if (joined == null) {
            throw new IllegalArgumentException("the client has not joined " + conversation.id());
        }
        joined.outbox().send(intendedNanos);
    }

    /** Requests all changes since the last sync, or everything. */
    public synchronized void sync() {
        syncedNanos = 0;
        connection.write(sync.request());
    }

    /** Closes the connection, and opens no other before {@link #reconnectAt}. */
    public synchronized void cut() {
        if (connection.isReady()) {
            dropped();
        }
        connection.pause();
    }

    /** Whether the connection is closed after {@link #cut}. */
    public synchronized boolean isCut() {
        return connection.isPaused();
    }

    /** Connects at this time or later. */
    public synchronized void reconnectAt(long nanos) {
        connection.resumeAt(nanos);
    }

    /** Pulls every event that any user knows of. */
    public synchronized void recover() {
        conversations.forEach(ConversationClient::learnNewest);
    }

    @Override
    public synchronized void tick(long nowNanos) {
        if (connection.isReady()) {
            conversations.forEach(conversation -> conversation.outbox().tick(nowNanos));
            if (acknowledgements.isDue(nowNanos)) {
                connection.write(acknowledgements.take(nowNanos));
            }
            pull(nowNanos);
        }
        connection.tick(nowNanos);
    }

    @Override
    public synchronized boolean isReady() {
        return connection.isReady();
    }

    @Override
    public synchronized String lastTrouble() {
        return connection.lastTrouble();
    }

    /** Whether the client had the last page of the sync, and then every message that was promised. */
    public synchronized boolean isSynced() {
        return syncedNanos != 0;
    }

    /** Whether the connection was lost since the run began. */
    public synchronized boolean hasDropped() {
        return drops > 0;
    }

    /** Adds the times of this client's reconnect. */
    public synchronized void reportTo(ReconnectTimes times) {
        times.add(drops, resumed, attemptedNanos, connectedNanos, syncedNanos);
    }

    @Override
    public synchronized void opened(WebSocketClient opened) {
        acknowledgements = new Acknowledgements();
        sync.opened();
        conversations.forEach(ConversationClient::opened);
        if (drops > 0) {
            reconnects.opened.add(System.nanoTime());
        }
        Connect.Builder connect =
                Connect.newBuilder().setToken(token).setDeviceId("bench").setPlatform(Platform.SERVER);
        if (sync.version() > 0) {
            connect.setResume(Resume.newBuilder().setVersion(sync.version()));
        }
        connection.opened(opened, connect);
    }

    @Override
    public synchronized void closed(String reason) {
        if (connection.isReady()) {
            dropped();
        } else if (connection.isConnecting() && drops > 0) {
            reconnects.failed.increment();
        }
        connection.closed(reason);
    }

    @Override
    public synchronized void received(ByteBuffer payload) {
        long now = System.nanoTime();
        ServerFrame frame = connection.received(payload, now);
        if (frame != null) {
            handle(frame, now);
        }
    }

    private void handle(ServerFrame frame, long now) {
        switch (frame.getBodyCase()) {
            case CONNECTED -> connected(frame.getConnected(), now);
            case ACCEPTED, SEQUENCED, REFUSED -> answered(frame, now);
            case EVENTS -> events(frame.getEvents(), now);
            case SYNC_PAGE -> {
                if (sync.page(frame.getSyncPage(), now)) {
                    pull(now);
                    checkSynced(now);
                }
            }
            case ERROR -> failed(frame, now);
            case DISCONNECT -> disconnected(frame.getDisconnect());
            case PRESENCE -> reconnects.presences.increment();
            case HEARTBEAT,
                    APPLIED,
                    GROUP,
                    HEAD,
                    RECEIPTS,
                    VIEW,
                    DEVICES,
                    TOKEN_REFRESHED,
                    SEARCH_RESULTS,
                    USERS,
                    BODY_NOT_SET -> {}
        }
    }

    private void connected(Connected connected, long now) {
        connection.connected(connected, now);
        if (connectedNanos == 0) {
            connectedNanos = now;
        }
        resumed = connected.getResumed();
        if (!resumed) {
            sync();
        }
        if (!watched.isEmpty()) {
            connection.write(ClientFrame.newBuilder()
                    .setId(WATCH_ID)
                    .setPresence(
                            PresenceQuery.newBuilder().addAllUserIds(watched).setMode(WatchPresence.Mode.START)));
        }
        conversations.forEach(conversation -> conversation.outbox().connected(now));
    }

    private void disconnected(Disconnect disconnect) {
        switch (disconnect.getCode()) {
            case DRAINING -> {
                if (connection.isReady()) {
                    reconnects.advisedDraining.increment();
                }
            }
            case OVERLOADED -> reconnects.advisedOverloaded.increment();
            case REPLACED,
                    CONNECT_TIMEOUT,
                    HEARTBEAT_TIMEOUT,
                    SLOW_CONSUMER,
                    OTHER_DEVICE_CONNECTED,
                    DEVICE_REVOKED,
                    BANNED,
                    TOO_MANY_CONNECTIONS,
                    USER_DISABLED,
                    FRAME_TOO_LARGE,
                    INVALID_TOKEN,
                    TOKEN_EXPIRED,
                    TOKEN_REVOKED,
                    UNAVAILABLE,
                    CODE_UNSPECIFIED,
                    UNRECOGNIZED -> {}
        }
    }

    private void answered(ServerFrame frame, long now) {
        ConversationClient conversation = conversationOf(frame.getId());
        if (conversation != null) {
            conversation.outbox().answered(frame, now);
        }
    }

    private void pull(long now) {
        PullMany pulls = sync.pull(now);
        if (pulls != null) {
            reconnects.pulls.add(pulls.getPullsCount());
            connection.write(
                    ClientFrame.newBuilder().setId(ConversationSync.PULL_ID).setPullMany(pulls));
        }
    }

    private void events(Events events, long now) {
        boolean live = events.getDeliverySeq() > 0;
        ConversationClient conversation = sync.find(events.getConversationId());
        if (conversation != null) {
            for (ConversationEvent event : events.getEventsList()) {
                if (conversation.arrived(event, live, now)) {
                    counters.delivered.increment();
                }
            }
        }
        if (!live) {
            sync.pullAnswered(now);
        } else if (acknowledgements.arrived(events.getDeliverySeq()) && connection.isReady()) {
            connection.write(acknowledgements.take(now));
        }
        checkSynced(now);
    }

    private void failed(ServerFrame frame, long now) {
        connection.trouble("error, code=" + frame.getError().getCode() + " message="
                + frame.getError().getMessage());
        ConversationClient conversation = conversationOf(frame.getId());
        if (conversation != null) {
            conversation.outbox().failed(frame.getId(), frame.getError(), now);
        } else if (frame.getId().equals(ConversationSync.PULL_ID)) {
            sync.pullAnswered(now);
        } else if (frame.getId().equals(ConversationSync.SYNC_ID)) {
            sync();
        }
    }

    private void checkSynced(long now) {
        if (syncedNanos == 0 && sync.isComplete()) {
            syncedNanos = now;
        }
    }

    private void attempted() {
        if (drops > 0) {
            long now = System.nanoTime();
            reconnects.attempted.add(now);
            attemptedNanos = attemptedNanos == 0 ? now : attemptedNanos;
        }
    }

    private void dropped() {
        drops++;
        connectedNanos = 0;
        syncedNanos = 0;
    }

    private @Nullable ConversationClient conversationOf(String frameId) {
        int separator = frameId.indexOf(FRAME_ID_SEPARATOR);
        return separator < 1 ? null : conversations.get(Integer.parseInt(frameId, 0, separator, 10));
    }
}
