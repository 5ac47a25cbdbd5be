package dev.tidings.ops.bench;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Connect;
import dev.tidings.v1.Connected;
import dev.tidings.v1.Disconnect;
import dev.tidings.v1.Heartbeat;
import dev.tidings.v1.ServerFrame;
import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket after another, for as long as its client wants one: handshake, heartbeats, and the waiting in between, as
 * long as the gateway advised, or without advice longer after each failure, up to one half of it by chance.
 *
 * <pre>
 * IDLE ──tick──▶ OPENING ──socket──▶ GREETING ──connected──▶ READY
 *   ▲               │                   │                      │
 *   ├───────────────┴─── closed, wait ──┴──────────────────────┤
 *   └── comeBack ── AWAY ◀── stayAway, or told not to return ──┘
 * </pre>
 *
 * What other frames mean is for the client to know. Not thread-safe: guarded by its client.
 */
final class Line {

    /** The frame id of connect. */
    static final String CONNECT_ID = "c";

    private static final long FIRST_BACKOFF_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_BACKOFF_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long OPEN_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final int MISSED_HEARTBEATS = 3;

    private enum State {
        AWAY,
        IDLE,
        OPENING,
        GREETING,
        READY
    }

    private final FrameFormat format;
    private final Tally tally;
    private final Supplier<Wire> connector;

    private State state = State.IDLE;
    private @Nullable Wire wire;
    private @Nullable Disconnect farewell;
    private int connections;
    private long sinceNanos = System.nanoTime();
    private long backoffNanos = FIRST_BACKOFF_NANOS;
    private long heartbeatNanos = TimeUnit.SECONDS.toNanos(10);
    private long nextHeartbeatNanos;
    private long heardNanos;
    private String lastTrouble = "";

    /** @param connector starts a connection; the client is its listener, and tells the line of it */
    Line(FrameFormat format, Tally tally, Supplier<Wire> connector) {
        this.format = format;
        this.tally = tally;
        this.connector = connector;
    }

    boolean isReady() {
        return state == State.READY;
    }

    /** There is an attempt under way. */
    boolean isConnecting() {
        return state == State.OPENING || state == State.GREETING;
    }

    /** Cut off, by {@link #stayAway} or because the gateway does not want it back. */
    boolean isAway() {
        return state == State.AWAY && wire == null;
    }

    /** How many connections there were, this one included: greeted by connected, not only opened. */
    int connections() {
        return connections;
    }

    /** What went wrong since the last connection, or nothing. */
    String lastTrouble() {
        return lastTrouble;
    }

    /** Cuts the connection without a word, and makes no other before {@link #comeBack}. */
    void stayAway() {
        enter(State.AWAY, System.nanoTime());
        if (wire != null) {
            wire.close();
        }
    }

    /** Connects from this time on; also the first connection may be put off so. */
    void comeBack(long atNanos) {
        enter(State.IDLE, atNanos);
    }

    /** Does what is due. */
    void tick(long nowNanos) {
        switch (state) {
            case AWAY -> {}
            case IDLE -> {
                if (nowNanos - sinceNanos >= 0) {
                    enter(State.OPENING, nowNanos);
                    tally.attempts.increment();
                    wire = connector.get();
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

    private void tickReady(long nowNanos) {
        if (nowNanos - nextHeartbeatNanos >= 0) {
            nextHeartbeatNanos = nowNanos + heartbeatNanos;
            write(ClientFrame.newBuilder().setId("h").setHeartbeat(Heartbeat.getDefaultInstance()));
        }
        if (nowNanos - heardNanos > MISSED_HEARTBEATS * heartbeatNanos && wire != null) {
            trouble("nothing heard from the gateway");
            wire.close();
        }
    }

    /** The socket is open: says who is there. */
    void opened(Wire opened, Connect.Builder connect) {
        wire = opened;
        if (state == State.AWAY) {
            opened.close();
            return;
        }
        farewell = null;
        enter(State.GREETING, System.nanoTime());
        write(ClientFrame.newBuilder().setId(CONNECT_ID).setConnect(connect));
    }

    /** Returns the frame, or null where it cannot be read. Takes note of disconnect; {@link #connected} is the client's to call. */
    @Nullable
    ServerFrame received(ByteBuffer payload, long nowNanos) {
        heardNanos = nowNanos;
        try {
            ServerFrame frame = format.decode(payload);
            if (frame.hasDisconnect()) {
                farewell = frame.getDisconnect();
                trouble("disconnect, code=" + frame.getDisconnect().getCode());
            }
            return frame;
        } catch (InvalidProtocolBufferException e) {
            trouble("unreadable frame: " + e.getMessage());
            return null;
        }
    }

    void connected(Connected connected, long nowNanos) {
        if (connections++ > 0) {
            tally.reconnects.increment();
        }
        backoffNanos = FIRST_BACKOFF_NANOS;
        if (connected.getHeartbeatSeconds() > 0) {
            heartbeatNanos = TimeUnit.SECONDS.toNanos(connected.getHeartbeatSeconds());
        }
        nextHeartbeatNanos = nowNanos + heartbeatNanos;
        lastTrouble = "";
        enter(State.READY, nowNanos);
    }

    void closed(String reason) {
        wire = null;
        lastTrouble = lastTrouble.isEmpty() ? reason : lastTrouble;
        if (state == State.AWAY) {
            return;
        }
        long now = System.nanoTime();
        Disconnect advice = farewell;
        farewell = null;
        if (advice == null) {
            enter(State.IDLE, now + withChance(backoffNanos / 2, backoffNanos / 2));
            backoffNanos = Math.min(2 * backoffNanos, LONGEST_BACKOFF_NANOS);
        } else if (advice.getReconnect()) {
            long after = TimeUnit.MILLISECONDS.toNanos(advice.getAfterMs());
            enter(State.IDLE, now + withChance(after, TimeUnit.MILLISECONDS.toNanos(advice.getJitterMs())));
        } else {
            enter(State.AWAY, now);
        }
    }

    void write(ClientFrame.Builder frame) {
        if (wire != null) {
            wire.send(format.encode(frame.build()));
        }
    }

    void trouble(String what) {
        tally.errors.increment();
        lastTrouble = what;
    }

    private static long withChance(long atLeastNanos, long upToMoreNanos) {
        return atLeastNanos + ThreadLocalRandom.current().nextLong(upToMoreNanos + 1);
    }

    private void enter(State next, long nanos) {
        this.state = next;
        this.sinceNanos = nanos;
    }
}
