package dev.tidings.ops.bench;

import dev.tidings.v1.Ack;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Connect;
import dev.tidings.v1.Connected;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.Disconnect;
import dev.tidings.v1.Events;
import dev.tidings.v1.Platform;
import dev.tidings.v1.Pull;
import dev.tidings.v1.PullMany;
import dev.tidings.v1.Resume;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.Sync;
import dev.tidings.v1.SyncMode;
import dev.tidings.v1.SyncPage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One user on one device in several conversations, who loses his connection and comes back: resumes with the version of
 * the views he has, reads the pages of the sync, and pulls what they say that he lacks. Thread-safe.
 */
final class StormClient implements Participant, Wire.Listener {

    private static final long ACK_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long PULL_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long PULL_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(8);
    private static final int MAX_PULLS = 50;
    private static final String SYNC_ID = "s";
    private static final String PULL_ID = "p";

    /** One conversation, as this user sees it. */
    private static final class Talk {
        final Conversation conversation;
        final int user;
        final Outbox outbox;
        /** How far it goes, as the user has been told. */
        long last;

        Talk(Conversation conversation, int user, Outbox outbox) {
            this.conversation = conversation;
            this.user = user;
            this.outbox = outbox;
        }

        @Nullable
        SeqRange missing() {
            return conversation.ledger().missing(user, last);
        }
    }

    private final String token;
    private final Tally tally;
    private final StormTimes times;
    private final Line line;
    private final Map<String, Talk> talks = new LinkedHashMap<>();
    private final List<Talk> numbered = new ArrayList<>();

    private Acks acks = new Acks();
    private long version;
    private boolean viewsComplete;
    private int pullsUnanswered;
    private long pullNotBeforeNanos;
    private long nextAckNanos;

    private int drops;
    private boolean resumed;
    /** Since the first drop; 0: not yet. */
    private long attemptNanos;

    private long connectedNanos;
    private long syncedNanos;

    /** @param connector starts a connection whose listener it is given */
    StormClient(
            String token, FrameFormat format, Tally tally, StormTimes times, Function<Wire.Listener, Wire> connector) {
        this.token = token;
        this.tally = tally;
        this.times = times;
        this.line = new Line(format, tally, () -> {
            attempted();
            return connector.apply(this);
        });
    }

    /** Before the run. */
    synchronized void join(Conversation conversation, int user) {
        Outbox outbox = new Outbox(conversation, user, numbered.size() + ".", line, tally);
        Talk talk = new Talk(conversation, user, outbox);
        talks.put(conversation.id(), talk);
        numbered.add(talk);
    }

    /** Sends one message, or keeps it for the next connection. */
    synchronized void send(Conversation conversation, long intendedNanos) {
        Talk talk = talks.get(conversation.id());
        if (talk == null) {
            throw new IllegalArgumentException("not in " + conversation.id());
        }
        talk.outbox.send(intendedNanos);
    }

    /** Asks what changed since the last sync, or for everything. */
    synchronized void sync() {
        viewsComplete = false;
        syncedNanos = 0;
        Sync.Builder sync = version > 0
                ? Sync.newBuilder().setMode(SyncMode.INCREMENTAL).setSince(version)
                : Sync.newBuilder().setMode(SyncMode.FULL);
        line.write(ClientFrame.newBuilder().setId(SYNC_ID).setSync(sync));
    }

    /** Cuts the connection, and makes no other before {@link #comeBack}. */
    synchronized void stayAway() {
        if (line.isReady()) {
            dropped();
        }
        line.stayAway();
    }

    synchronized boolean isAway() {
        return line.isAway();
    }

    synchronized void comeBack(long atNanos) {
        line.comeBack(atNanos);
    }

    /** Pulls what anybody has heard of. */
    synchronized void recover() {
        numbered.forEach(talk ->
                talk.last = Math.max(talk.last, talk.conversation.ledger().newest()));
    }

    @Override
    public synchronized void tick(long nowNanos) {
        if (line.isReady()) {
            numbered.forEach(talk -> talk.outbox.tick(nowNanos));
            if (acks.isDue() && nowNanos - nextAckNanos >= 0) {
                acknowledge(nowNanos);
            }
            pull(nowNanos);
        }
        line.tick(nowNanos);
    }

    @Override
    public synchronized boolean isReady() {
        return line.isReady();
    }

    @Override
    public synchronized String lastTrouble() {
        return line.lastTrouble();
    }

    /** Has the last page of the sync, and every message that was promised by then. */
    synchronized boolean isSynced() {
        return syncedNanos != 0;
    }

    /** Whether the connection broke since the run began. */
    synchronized boolean hasDropped() {
        return drops > 0;
    }

    /** Adds how the user came back. */
    synchronized void report(StormReport.Returns returns) {
        returns.add(drops, resumed, attemptNanos, connectedNanos, syncedNanos);
    }

    @Override
    public synchronized void opened(Wire opened) {
        acks = new Acks();
        viewsComplete = false;
        pullsUnanswered = 0;
        numbered.forEach(talk -> talk.conversation.ledger().connected(talk.user));
        if (drops > 0) {
            times.opened.add(System.nanoTime());
        }
        Connect.Builder connect =
                Connect.newBuilder().setToken(token).setDeviceId("bench").setPlatform(Platform.SERVER);
        if (version > 0) {
            connect.setResume(Resume.newBuilder().setVersion(version));
        }
        line.opened(opened, connect);
    }

    @Override
    public synchronized void closed(String reason) {
        if (line.isReady()) {
            dropped();
        } else if (line.isConnecting() && drops > 0) {
            times.failed.increment();
        }
        line.closed(reason);
    }

    private void dropped() {
        drops++;
        connectedNanos = 0;
        syncedNanos = 0;
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
            case CONNECTED -> connected(frame.getConnected(), now);
            case ACCEPTED, SEQUENCED, REFUSED -> answered(frame, now);
            case EVENTS -> events(frame.getEvents(), now);
            case SYNC_PAGE -> page(frame.getSyncPage(), now);
            case ERROR -> failed(frame, now);
            case DISCONNECT -> disconnected(frame.getDisconnect());
            case HEARTBEAT, APPLIED, GROUP, HEAD, RECEIPTS, VIEW, PRESENCE, DEVICES, BODY_NOT_SET -> {}
        }
    }

    private void connected(Connected connected, long now) {
        line.connected(connected, now);
        if (connectedNanos == 0) {
            connectedNanos = now;
        }
        resumed = connected.getResumed();
        if (!resumed) {
            sync();
        }
        numbered.forEach(talk -> talk.outbox.connected(now));
    }

    private void disconnected(Disconnect disconnect) {
        switch (disconnect.getCode()) {
            case DRAINING -> {
                if (line.isReady()) {
                    times.advisedDraining.increment();
                }
            }
            case OVERLOADED -> times.advisedOverloaded.increment();
            case REPLACED,
                    CONNECT_TIMEOUT,
                    HEARTBEAT_TIMEOUT,
                    SLOW_CONSUMER,
                    OTHER_DEVICE_CONNECTED,
                    DEVICE_REVOKED,
                    BANNED,
                    FRAME_TOO_LARGE,
                    INVALID_TOKEN,
                    UNAVAILABLE,
                    CODE_UNSPECIFIED,
                    UNRECOGNIZED -> {}
        }
    }

    private void answered(ServerFrame frame, long now) {
        Talk talk = talkOf(frame.getId());
        if (talk != null) {
            talk.outbox.answered(frame, now);
        }
    }

    private void page(SyncPage page, long now) {
        for (ConversationView view : page.getViewsList()) {
            Talk talk = talks.get(view.getConversationId());
            if (talk != null) {
                talk.last = Math.max(talk.last, view.getLastSeq());
            }
        }
        version = page.getReset() ? page.getVersion() : Math.max(version, page.getVersion());
        if (page.getDone()) {
            viewsComplete = true;
            pullNotBeforeNanos = now;
            pull(now);
            look(now);
        }
    }

    /** All that is missing in one request, as far as it may go. */
    private void pull(long now) {
        if (!viewsComplete || now - pullNotBeforeNanos < 0) {
            return;
        }
        PullMany.Builder pulls = PullMany.newBuilder();
        for (Talk talk : numbered) {
            SeqRange range = talk.missing();
            if (range != null && pulls.getPullsCount() < MAX_PULLS) {
                pulls.addPulls(Pull.newBuilder()
                        .setConversationId(talk.conversation.id())
                        .setFromSeq(range.from())
                        .setToSeq(range.to()));
            }
        }
        pullsUnanswered = pulls.getPullsCount();
        if (pullsUnanswered > 0) {
            times.pulls.add(pullsUnanswered);
            pullNotBeforeNanos = now + PULL_TIMEOUT_NANOS;
            line.write(ClientFrame.newBuilder().setId(PULL_ID).setPullMany(pulls));
        }
    }

    private void events(Events events, long now) {
        Talk talk = talks.get(events.getConversationId());
        if (talk != null) {
            for (ConversationEvent event : events.getEventsList()) {
                if (talk.conversation.ledger().arrived(talk.user, event, events.getDeliverySeq() > 0, now)) {
                    tally.delivered.increment();
                }
                talk.last = Math.max(talk.last, event.getSeq());
            }
        }
        if (events.getDeliverySeq() == 0) {
            pullAnswered(now);
        } else if (acks.arrived(events.getDeliverySeq()) && line.isReady()) {
            acknowledge(now);
        }
        look(now);
    }

    /** History may be a second behind: what it did not have is asked for again after a moment. */
    private void pullAnswered(long now) {
        pullsUnanswered--;
        if (pullsUnanswered == 0) {
            pullNotBeforeNanos = now + PULL_PAUSE_NANOS;
        }
    }

    private void failed(ServerFrame frame, long now) {
        line.trouble("error, code=" + frame.getError().getCode() + " message="
                + frame.getError().getMessage());
        Talk talk = talkOf(frame.getId());
        if (talk != null) {
            talk.outbox.failed(frame.getId(), frame.getError(), now);
        } else if (frame.getId().equals(PULL_ID)) {
            pullAnswered(now);
        } else if (frame.getId().equals(SYNC_ID)) {
            sync();
        }
    }

    /** Whether all is there by now. */
    private void look(long now) {
        if (syncedNanos == 0
                && viewsComplete
                && numbered.stream().allMatch(talk -> talk.missing() == null)
                && numbered.stream().allMatch(talk -> talk.conversation.ledger().hasAllPromised(talk.user))) {
            syncedNanos = now;
        }
    }

    private void attempted() {
        if (drops > 0) {
            long now = System.nanoTime();
            times.attempted.add(now);
            attemptNanos = attemptNanos == 0 ? now : attemptNanos;
        }
    }

    private void acknowledge(long now) {
        nextAckNanos = now + ACK_DELAY_NANOS;
        line.write(ClientFrame.newBuilder().setAck(Ack.newBuilder().setUpTo(acks.take())));
    }

    private @Nullable Talk talkOf(String frameId) {
        int dot = frameId.indexOf('.');
        return dot < 1 ? null : numbered.get(Integer.parseInt(frameId, 0, dot, 10));
    }
}
