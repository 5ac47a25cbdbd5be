package dev.tidings.ops.bench;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.v1.Ack;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Connect;
import dev.tidings.v1.Connected;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Error;
import dev.tidings.v1.Events;
import dev.tidings.v1.HeadNotice;
import dev.tidings.v1.Heartbeat;
import dev.tidings.v1.Platform;
import dev.tidings.v1.Pull;
import dev.tidings.v1.Send;
import dev.tidings.v1.ServerFrame;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One user on one device, as a good client is: keeps what is not answered, sends it again with the same id over the
 * next connection, acknowledges, pulls what it missed.
 *
 * <pre>
 * IDLE ──tick──▶ OPENING ──socket──▶ GREETING ──connected──▶ READY
 *   ▲               │                   │                      │
 *   └───────────────┴─── closed, wait ──┴──────────────────────┘
 * </pre>
 *
 * <p>Messages of any state but READY wait in {@link #open}: the generator never waits for them. In a large conversation it
 * waits for {@code head}, too, before the run, for the client hears nothing before. Thread-safe.
 */
final class ChatClient implements Wire.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(ChatClient.class);

    private static final long FIRST_BACKOFF_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_BACKOFF_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long OPEN_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long ANSWER_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long DEFAULT_RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long ACK_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int MISSED_HEARTBEATS = 3;
    private static final String CONNECT_ID = "c";
    private static final String PULL_ID = "p";

    private enum State {
        IDLE,
        OPENING,
        GREETING,
        READY
    }

    private final Conversation conversation;
    private final Ledger ledger;
    private final int user;
    private final String token;
    private final FrameFormat format;
    private final Tally tally;
    private final Function<Wire.Listener, Wire> connector;
    private final CatchUp catchUp;
    /** Not answered yet, in the order of sending; answered ones are taken out by {@link #tick}. */
    private final Deque<Sent> open = new ArrayDeque<>();

    private State state = State.IDLE;
    private @Nullable Wire wire;
    private Acks acks = new Acks();
    private int connections;
    private boolean following;
    private long sinceNanos;
    private long backoffNanos = FIRST_BACKOFF_NANOS;
    private long heartbeatNanos = TimeUnit.SECONDS.toNanos(10);
    private long nextHeartbeatNanos;
    private long nextAckNanos;
    private long heardNanos;
    private String lastTrouble = "";

    /**
     * @param user which of the users of the ledger
     * @param connector starts a connection whose listener it is given
     */
    ChatClient(
            Conversation conversation,
            int user,
            String token,
            FrameFormat format,
            Tally tally,
            Function<Wire.Listener, Wire> connector) {
        this.conversation = conversation;
        this.ledger = conversation.ledger();
        this.user = user;
        this.token = token;
        this.format = format;
        this.tally = tally;
        this.connector = connector;
        this.catchUp = new CatchUp(ledger, user);
        this.sinceNanos = System.nanoTime();
    }

    /** Sends one message, or keeps it for the next connection. */
    synchronized void send(long intendedNanos) {
        Sent message = ledger.intend(user, intendedNanos);
        tally.sent.increment();
        open.add(message);
        if (state == State.READY) {
            transmit(message, System.nanoTime());
        }
    }

    /** Does what is due: connect, beat, acknowledge, send again, pull. To be called every 50 ms or so. */
    synchronized void tick(long nowNanos) {
        switch (state) {
            case IDLE -> {
                if (nowNanos - sinceNanos >= 0) {
                    enter(State.OPENING, nowNanos);
                    wire = connector.apply(this);
                }
            }
            case OPENING, GREETING -> {
                if (nowNanos - sinceNanos > OPEN_TIMEOUT_NANOS && wire != null) {
                    trouble("not connected within " + TimeUnit.NANOSECONDS.toSeconds(OPEN_TIMEOUT_NANOS) + " s");
                    wire.close();
                }
            }
            case READY -> tickReady(nowNanos);
        }
    }

    /** Whether what happens in the conversation reaches the client. */
    synchronized boolean isReady() {
        return state == State.READY && (following || !conversation.large());
    }

    /** What went wrong since the last connection, or nothing. */
    synchronized String lastTrouble() {
        boolean waitsForHead = state == State.READY && !isReady();
        return lastTrouble.isEmpty() && waitsForHead ? "no head of " + conversation.id() : lastTrouble;
    }

    /** Pulls from history if anything was left out live. */
    synchronized void recover() {
        if (!ledger.isSettled() && !catchUp.isActive()) {
            catchUp.begin(System.nanoTime());
        }
    }

    @Override
    public synchronized void opened(Wire opened) {
        wire = opened;
        acks = new Acks();
        following = false;
        ledger.connected(user);
        enter(State.GREETING, System.nanoTime());
        write(ClientFrame.newBuilder()
                .setId(CONNECT_ID)
                .setConnect(Connect.newBuilder()
                        .setToken(token)
                        .setDeviceId("bench")
                        .setPlatform(Platform.SERVER)));
    }

    @Override
    public synchronized void closed(String reason) {
        if (state == State.READY) {
            LOG.debug("connection.lost conversation={} user={} reason={}", conversation.id(), user, reason);
        } else {
            backoffNanos = Math.min(2 * backoffNanos, LONGEST_BACKOFF_NANOS);
        }
        lastTrouble = lastTrouble.isEmpty() ? reason : lastTrouble;
        wire = null;
        enter(State.IDLE, System.nanoTime() + backoffNanos);
    }

    @Override
    public void received(ByteBuffer payload) {
        long now = System.nanoTime();
        try {
            handle(format.decode(payload), now);
        } catch (InvalidProtocolBufferException e) {
            trouble("unreadable frame: " + e.getMessage());
        }
    }

    private synchronized void handle(ServerFrame frame, long now) {
        heardNanos = now;
        switch (frame.getBodyCase()) {
            case CONNECTED -> connected(frame.getConnected(), now);
            case ACCEPTED, SEQUENCED, REFUSED -> answered(frame, now);
            case EVENTS -> events(frame, now);
            case ERROR -> failed(frame.getId(), frame.getError(), now);
            case DISCONNECT ->
                trouble("disconnect, code=" + frame.getDisconnect().getCode());
            case HEAD -> head(frame.getHead(), now);
            case APPLIED, GROUP -> ledger.foreign();
            case HEARTBEAT, SYNC_PAGE, BODY_NOT_SET -> {}
        }
    }

    private void connected(Connected connected, long now) {
        if (connections++ > 0) {
            tally.reconnects.increment();
            catchUp.begin(now);
        }
        backoffNanos = FIRST_BACKOFF_NANOS;
        if (connected.getHeartbeatSeconds() > 0) {
            heartbeatNanos = TimeUnit.SECONDS.toNanos(connected.getHeartbeatSeconds());
        }
        nextHeartbeatNanos = now + heartbeatNanos;
        lastTrouble = "";
        enter(State.READY, now);
        for (Sent message : open) {
            if (!message.isAnswered()) {
                transmit(message, now);
            }
        }
    }

    private void answered(ServerFrame frame, long now) {
        Sent message = messageOf(frame.getId());
        if (message == null) {
            ledger.foreign();
        } else if (frame.hasAccepted()) {
            ledger.accepted(message, connections);
        } else if (frame.hasRefused()) {
            LOG.debug("message.refused reason={}", frame.getRefused().getReason());
            ledger.refused(message);
        } else if (ledger.sequenced(message, frame.getSequenced(), connections, now)) {
            tally.sequenced.increment();
        }
    }

    private void events(ServerFrame frame, long now) {
        Events events = frame.getEvents();
        boolean live = events.getDeliverySeq() > 0;
        boolean news = false;
        if (!events.getConversationId().equals(conversation.id())) {
            ledger.foreign();
        } else {
            for (ConversationEvent event : events.getEventsList()) {
                if (ledger.arrived(user, event, live, now)) {
                    tally.delivered.increment();
                    news = true;
                }
            }
        }
        if (!live) {
            catchUp.answered(news, now);
        } else if (acks.arrived(events.getDeliverySeq()) && state == State.READY) {
            acknowledge(now);
        }
    }

    /** From here on, every event of the large conversation reaches the client; what was missed before is pulled. */
    private void head(HeadNotice head, long now) {
        if (!head.getConversationId().equals(conversation.id())) {
            ledger.foreign();
            return;
        }
        following = true;
        ledger.head(head.getLastSeq());
        if (ledger.missing(user) != null) {
            catchUp.begin(now);
        }
    }

    private void failed(String frameId, Error error, long now) {
        trouble("error, code=" + error.getCode() + " message=" + error.getMessage());
        Sent message = messageOf(frameId);
        if (message != null && error.getRetryable()) {
            long retryNanos = TimeUnit.MILLISECONDS.toNanos(error.getRetryAfterMs());
            message.dueAgainNanos = now + (retryNanos > 0 ? retryNanos : DEFAULT_RETRY_NANOS);
        } else if (message != null) {
            ledger.failed(message);
        } else if (frameId.equals(PULL_ID)) {
            catchUp.answered(false, now);
        }
    }

    private void tickReady(long now) {
        for (var messages = open.iterator(); messages.hasNext(); ) {
            Sent message = messages.next();
            if (message.isAnswered()) {
                messages.remove();
            } else if (message.acceptedOver != connections && now - message.dueAgainNanos >= 0) {
                // What was accepted is promised: to send it again would hide that it was forgotten.
                transmit(message, now);
            }
        }
        if (acks.isDue() && now - nextAckNanos >= 0) {
            acknowledge(now);
        }
        SeqRange range = catchUp.next(now);
        if (range != null) {
            write(ClientFrame.newBuilder()
                    .setId(PULL_ID)
                    .setPull(Pull.newBuilder()
                            .setConversationId(conversation.id())
                            .setFromSeq(range.from())
                            .setToSeq(range.to())));
        }
        if (now - nextHeartbeatNanos >= 0) {
            nextHeartbeatNanos = now + heartbeatNanos;
            write(ClientFrame.newBuilder().setId("h").setHeartbeat(Heartbeat.getDefaultInstance()));
        }
        if (now - heardNanos > MISSED_HEARTBEATS * heartbeatNanos && wire != null) {
            trouble("nothing heard from the gateway");
            wire.close();
        }
    }

    private void transmit(Sent message, long now) {
        ledger.transmitted(message, connections);
        message.dueAgainNanos = now + ANSWER_TIMEOUT_NANOS;
        write(ClientFrame.newBuilder()
                .setId(Integer.toString(message.number))
                .setSend(Send.newBuilder()
                        .setConversationId(conversation.id())
                        .setClientMsgId(Ledger.clientMsgId(message.number))
                        .setContent(conversation.content())));
    }

    private void acknowledge(long now) {
        nextAckNanos = now + ACK_DELAY_NANOS;
        write(ClientFrame.newBuilder().setAck(Ack.newBuilder().setUpTo(acks.take())));
    }

    private void write(ClientFrame.Builder frame) {
        if (wire != null) {
            wire.send(format.encode(frame.build()));
        }
    }

    private @Nullable Sent messageOf(String frameId) {
        try {
            return ledger.sentBy(user, Integer.parseInt(frameId));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private synchronized void trouble(String what) {
        tally.errors.increment();
        lastTrouble = what;
        LOG.debug("client.trouble conversation={} user={} what={}", conversation.id(), user, what);
    }

    private void enter(State next, long sinceNanos) {
        this.state = next;
        this.sinceNanos = sinceNanos;
    }
}
