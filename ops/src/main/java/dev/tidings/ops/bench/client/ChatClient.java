package dev.tidings.ops.bench.client;

import dev.tidings.ops.bench.check.Ledger;
import dev.tidings.ops.bench.check.SeqRange;
import dev.tidings.ops.bench.websocket.WebSocketClient;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Connect;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.Error;
import dev.tidings.v1.Events;
import dev.tidings.v1.HeadNotice;
import dev.tidings.v1.JoinRoom;
import dev.tidings.v1.Platform;
import dev.tidings.v1.Pull;
import dev.tidings.v1.Room;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.Sync;
import dev.tidings.v1.SyncMode;
import dev.tidings.v1.SyncPage;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client of one device of a user in one conversation: keeps unanswered messages ({@link Outbox}), reconnects ({@link
 * ReconnectingConnection}), acknowledges deliveries ({@link Acknowledgements}), pulls missed events ({@link CatchUp}).
 *
 * <p>In a large conversation the client is ready only after {@code head}: before, no live event reaches it. It joins a room again
 * after each connect. Thread-safe.
 */
public final class ChatClient implements Participant, WebSocketClient.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(ChatClient.class);

    private static final String PULL_ID = "p";
    private static final String VIEW_ID = "v";
    private static final String JOIN_ID = "j";
    private static final long JOIN_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long VIEW_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final BenchConversation conversation;
    private final Ledger ledger;
    private final int device;
    private final String deviceId;
    private final String token;
    private final TrafficCounters counters;
    private final ReconnectingConnection connection;
    private final Outbox outbox;
    private final CatchUp catchUp;

    private Acknowledgements acknowledgements = new Acknowledgements();
    private boolean subscribed;
    private long nextJoinNanos;
    private long nextViewNanos = System.nanoTime();

    /**
     * @param device its index in the ledger
     * @param connector opens a WebSocket with the given listener
     */
    public ChatClient(
            BenchConversation conversation,
            int device,
            String deviceId,
            String token,
            FrameFormat format,
            TrafficCounters counters,
            Function<WebSocketClient.Listener, WebSocketClient> connector) {
        this.conversation = conversation;
        this.ledger = conversation.ledger();
        this.device = device;
        this.deviceId = deviceId;
        this.token = token;
        this.counters = counters;
        this.connection = new ReconnectingConnection(format, counters, () -> connector.apply(this));
        this.outbox = new Outbox(conversation, device, "", connection, counters);
        this.catchUp = new CatchUp(ledger, device);
    }

    /** Sends one message now, or over the next connection. */
    public synchronized void send(long intendedNanos) {
        outbox.send(intendedNanos);
    }

    @Override
    public synchronized void tick(long nowNanos) {
        if (connection.isReady()) {
            if (conversation.isRoom() && !subscribed && nowNanos - nextJoinNanos >= 0) {
                join(nowNanos);
            }
            outbox.tick(nowNanos);
            if (acknowledgements.isDue(nowNanos)) {
                acknowledge(nowNanos);
            }
            pull(nowNanos);
        }
        connection.tick(nowNanos);
    }

    private void join(long nowNanos) {
        nextJoinNanos = nowNanos + JOIN_TIMEOUT_NANOS;
        connection.write(ClientFrame.newBuilder()
                .setId(JOIN_ID)
                .setRoom(
                        Room.newBuilder().setConversationId(conversation.id()).setJoin(JoinRoom.getDefaultInstance())));
    }

    private void pull(long nowNanos) {
        SeqRange range = catchUp.next(nowNanos);
        if (range != null) {
            connection.write(ClientFrame.newBuilder()
                    .setId(PULL_ID)
                    .setPull(Pull.newBuilder()
                            .setConversationId(conversation.id())
                            .setFromSeq(range.from())
                            .setToSeq(range.to())));
        }
    }

    @Override
    public synchronized boolean isReady() {
        return connection.isReady() && (subscribed || !conversation.large());
    }

    @Override
    public synchronized String lastTrouble() {
        boolean missesHead = connection.isReady() && !isReady();
        return connection.lastTrouble().isEmpty() && missesHead
                ? "no head notice of " + conversation.id()
                : connection.lastTrouble();
    }

    /** Pulls missed events from history, if there are any. */
    public synchronized void recover() {
        if (!ledger.isSettled() && !catchUp.isActive()) {
            catchUp.begin(System.nanoTime());
        }
    }

    /**
     * Asks for the view of the conversation, at most every second, until it has all events. Returns whether it has. The answer goes to
     * the ledger, which compares the unread count.
     */
    public synchronized boolean checkView() {
        ledger.expectView(device);
        if (ledger.hasCurrentView(device)) {
            return true;
        }
        long now = System.nanoTime();
        if (connection.isReady() && now - nextViewNanos >= 0) {
            nextViewNanos = now + VIEW_PAUSE_NANOS;
            connection.write(ClientFrame.newBuilder()
                    .setId(VIEW_ID)
                    .setSync(Sync.newBuilder().setMode(SyncMode.FULL)));
        }
        return false;
    }

    @Override
    public synchronized void opened(WebSocketClient opened) {
        acknowledgements = new Acknowledgements();
        subscribed = false;
        ledger.connected(device);
        connection.opened(
                opened,
                Connect.newBuilder().setToken(token).setDeviceId(deviceId).setPlatform(Platform.SERVER));
    }

    @Override
    public synchronized void closed(String reason) {
        LOG.debug("connection.lost conversation={} device={} reason={}", conversation.id(), device, reason);
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
            case CONNECTED -> {
                connection.connected(frame.getConnected(), now);
                if (connection.connections() > 1) {
                    catchUp.begin(now);
                }
                if (conversation.isRoom()) {
                    join(now);
                }
                outbox.connected(now);
            }
            case ACCEPTED, SEQUENCED, REFUSED -> answered(frame, now);
            case EVENTS -> events(frame, now);
            case ERROR -> failed(frame.getId(), frame.getError(), now);
            case HEAD -> head(frame.getHead(), now);
            case APPLIED -> answered(frame, now);
            // answers to requests that this client does not send
            case GROUP, RECEIPTS, DEVICES, TOKEN_REFRESHED, SEARCH_RESULTS, USERS -> ledger.foreign();
            case SYNC_PAGE -> views(frame.getSyncPage());
            case HEARTBEAT, DISCONNECT, VIEW, PRESENCE, BODY_NOT_SET -> {}
        }
    }

    private void answered(ServerFrame frame, long now) {
        if (frame.getId().equals(JOIN_ID)) {
            if (frame.hasRefused()) {
                connection.trouble("join refused, reason=" + frame.getRefused().getReason());
            }
        } else if (frame.hasApplied()) {
            ledger.foreign();
        } else {
            outbox.answered(frame, now);
        }
    }

    private void events(ServerFrame frame, long now) {
        Events events = frame.getEvents();
        boolean live = events.getDeliverySeq() > 0;
        boolean hasNewEvents = false;
        if (!events.getConversationId().equals(conversation.id())) {
            ledger.foreign();
        } else {
            for (ConversationEvent event : events.getEventsList()) {
                if (ledger.arrived(device, event, live, now)) {
                    counters.delivered.increment();
                    hasNewEvents = true;
                }
            }
        }
        if (!live) {
            catchUp.answered(hasNewEvents, now);
        } else if (acknowledgements.arrived(events.getDeliverySeq()) && connection.isReady()) {
            acknowledge(now);
        }
    }

    private void views(SyncPage page) {
        for (ConversationView view : page.getViewsList()) {
            if (view.getConversationId().equals(conversation.id())) {
                ledger.view(device, view.getLastSeq(), view.getReadSeq(), view.getUnread());
            }
        }
    }

    /** The client is subscribed to its large conversation. Pulls the events that it has missed. */
    private void head(HeadNotice head, long now) {
        if (!head.getConversationId().equals(conversation.id())) {
            ledger.foreign();
            return;
        }
        subscribed = true;
        ledger.head(head.getLastSeq());
        if (ledger.missing(device) != null) {
            catchUp.begin(now);
        }
    }

    private void failed(String frameId, Error error, long now) {
        connection.trouble("error, code=" + error.getCode() + " message=" + error.getMessage());
        if (!outbox.failed(frameId, error, now) && frameId.equals(PULL_ID)) {
            catchUp.answered(false, now);
        }
    }

    private void acknowledge(long now) {
        connection.write(acknowledgements.take(now));
    }
}
