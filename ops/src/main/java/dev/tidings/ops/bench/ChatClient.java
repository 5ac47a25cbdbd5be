package dev.tidings.ops.bench;

import dev.tidings.v1.Ack;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Connect;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Error;
import dev.tidings.v1.Events;
import dev.tidings.v1.HeadNotice;
import dev.tidings.v1.Platform;
import dev.tidings.v1.Pull;
import dev.tidings.v1.ServerFrame;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One user on one device in one conversation, as a good client is: keeps what is not answered ({@link Outbox}), connects
 * again ({@link Line}), acknowledges, pulls what it missed.
 *
 * <p>In a large conversation it waits for {@code head}, too, before the run, for the client hears nothing before.
 * Thread-safe.
 */
final class ChatClient implements Participant, Wire.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(ChatClient.class);

    private static final long ACK_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final String PULL_ID = "p";

    private final Conversation conversation;
    private final Ledger ledger;
    private final int user;
    private final String token;
    private final Tally tally;
    private final Line line;
    private final Outbox outbox;
    private final CatchUp catchUp;

    private Acks acks = new Acks();
    private boolean following;
    private long nextAckNanos;

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
        this.tally = tally;
        this.line = new Line(format, tally, () -> connector.apply(this));
        this.outbox = new Outbox(conversation, user, "", line, tally);
        this.catchUp = new CatchUp(ledger, user);
    }

    /** Sends one message, or keeps it for the next connection. */
    synchronized void send(long intendedNanos) {
        outbox.send(intendedNanos);
    }

    @Override
    public synchronized void tick(long nowNanos) {
        if (line.isReady()) {
            outbox.tick(nowNanos);
            if (acks.isDue() && nowNanos - nextAckNanos >= 0) {
                acknowledge(nowNanos);
            }
            pull(nowNanos);
        }
        line.tick(nowNanos);
    }

    private void pull(long nowNanos) {
        SeqRange range = catchUp.next(nowNanos);
        if (range != null) {
            line.write(ClientFrame.newBuilder()
                    .setId(PULL_ID)
                    .setPull(Pull.newBuilder()
                            .setConversationId(conversation.id())
                            .setFromSeq(range.from())
                            .setToSeq(range.to())));
        }
    }

    @Override
    public synchronized boolean isReady() {
        return line.isReady() && (following || !conversation.large());
    }

    @Override
    public synchronized String lastTrouble() {
        boolean waitsForHead = line.isReady() && !isReady();
        return line.lastTrouble().isEmpty() && waitsForHead ? "no head of " + conversation.id() : line.lastTrouble();
    }

    /** Pulls from history if anything was left out live. */
    synchronized void recover() {
        if (!ledger.isSettled() && !catchUp.isActive()) {
            catchUp.begin(System.nanoTime());
        }
    }

    @Override
    public synchronized void opened(Wire opened) {
        acks = new Acks();
        following = false;
        ledger.connected(user);
        line.opened(
                opened,
                Connect.newBuilder().setToken(token).setDeviceId("bench").setPlatform(Platform.SERVER));
    }

    @Override
    public synchronized void closed(String reason) {
        LOG.debug("connection.lost conversation={} user={} reason={}", conversation.id(), user, reason);
        line.closed(reason);
    }

    @Override
    public synchronized void received(ByteBuffer payload) {
        long now = System.nanoTime();
        ServerFrame frame = line.received(payload, now);
        if (frame != null) {
            handle(frame, now);
        }
    }

    private void handle(ServerFrame frame, long now) {
        switch (frame.getBodyCase()) {
            case CONNECTED -> {
                line.connected(frame.getConnected(), now);
                if (line.connections() > 1) {
                    catchUp.begin(now);
                }
                outbox.connected(now);
            }
            case ACCEPTED, SEQUENCED, REFUSED -> outbox.answered(frame, now);
            case EVENTS -> events(frame, now);
            case ERROR -> failed(frame.getId(), frame.getError(), now);
            case HEAD -> head(frame.getHead(), now);
            case APPLIED, GROUP -> ledger.foreign();
            case HEARTBEAT, SYNC_PAGE, DISCONNECT, RECEIPTS, VIEW, PRESENCE, DEVICES, BODY_NOT_SET -> {}
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
        } else if (acks.arrived(events.getDeliverySeq()) && line.isReady()) {
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
        line.trouble("error, code=" + error.getCode() + " message=" + error.getMessage());
        if (!outbox.failed(frameId, error, now) && frameId.equals(PULL_ID)) {
            catchUp.answered(false, now);
        }
    }

    private void acknowledge(long now) {
        nextAckNanos = now + ACK_DELAY_NANOS;
        line.write(ClientFrame.newBuilder().setAck(Ack.newBuilder().setUpTo(acks.take())));
    }
}
