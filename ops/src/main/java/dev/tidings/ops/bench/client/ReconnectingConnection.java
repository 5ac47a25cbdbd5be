package dev.tidings.ops.bench.client;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.ops.bench.websocket.WebSocketClient;
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
 * Keeps one client connected: opens a WebSocket, sends connect and heartbeats, and opens the next WebSocket after the last has
 * closed. Waits as long as the gateway advised; without advice 100 ms, doubled after each failure up to 1 s, of which one half
 * is random.
 *
 * <pre>
 * IDLE ──tick──▶ OPENING ──socket──▶ CONNECTING ──connected──▶ READY
 *   ▲               │                    │                       │
 *   ├───────────────┴─── closed, wait ───┴───────────────────────┤
 *   └─ resumeAt ─ PAUSED ◀── pause, or advised not to reconnect ─┘
 * </pre>
 *
 * The client handles all other frames. Not thread-safe: guarded by its client.
 */
final class ReconnectingConnection {

    /** The frame id of connect. */
    static final String CONNECT_ID = "c";

    private static final long FIRST_BACKOFF_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long MAX_BACKOFF_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long OPEN_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final int MISSED_HEARTBEATS = 3;

    private enum State {
        PAUSED,
        IDLE,
        OPENING,
        CONNECTING,
        READY
    }

    private final FrameFormat format;
    private final TrafficCounters counters;
    private final Supplier<WebSocketClient> connector;

    private State state = State.IDLE;
    private @Nullable WebSocketClient webSocket;
    private @Nullable Disconnect disconnect;
    private int connections;
    private long stateNanos = System.nanoTime();
    private long backoffNanos = FIRST_BACKOFF_NANOS;
    private long heartbeatNanos = TimeUnit.SECONDS.toNanos(10);
    private long nextHeartbeatNanos;
    private long receivedNanos;
    private String lastTrouble = "";

    /** @param connector opens a WebSocket; its listener is the client, which calls this class */
    ReconnectingConnection(FrameFormat format, TrafficCounters counters, Supplier<WebSocketClient> connector) {
        this.format = format;
        this.counters = counters;
        this.connector = connector;
    }

    boolean isReady() {
        return state == State.READY;
    }

    /** Whether a connection attempt is running. */
    boolean isConnecting() {
        return state == State.OPENING || state == State.CONNECTING;
    }

    /** Whether the connection is closed and stays closed: after {@link #pause}, or on the gateway's advice. */
    boolean isPaused() {
        return state == State.PAUSED && webSocket == null;
    }

    /** How many sessions there have been, this one included. A session begins with connected. */
    int connections() {
        return connections;
    }

    /** The last failure since the last session began, or an empty string. */
    String lastTrouble() {
        return lastTrouble;
    }

    /** Closes the connection without a closing handshake, and opens no other before {@link #resumeAt}. */
    void pause() {
        enter(State.PAUSED, System.nanoTime());
        if (webSocket != null) {
            webSocket.close();
        }
    }

    /** Connects at this time or later. */
    void resumeAt(long atNanos) {
        enter(State.IDLE, atNanos);
    }

    /** Does what is due: opens a WebSocket, sends a heartbeat, or closes a connection that has timed out. */
    void tick(long nowNanos) {
        switch (state) {
            case PAUSED -> {}
            case IDLE -> {
                if (nowNanos - stateNanos >= 0) {
                    enter(State.OPENING, nowNanos);
                    webSocket = connector.get();
                }
            }
            case OPENING, CONNECTING -> {
                if (nowNanos - stateNanos > OPEN_TIMEOUT_NANOS && webSocket != null) {
                    trouble("not connected within " + TimeUnit.NANOSECONDS.toSeconds(OPEN_TIMEOUT_NANOS) + " s");
                    webSocket.close();
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
        if (nowNanos - receivedNanos > MISSED_HEARTBEATS * heartbeatNanos && webSocket != null) {
            trouble("no frame from the gateway within "
                    + TimeUnit.NANOSECONDS.toSeconds(MISSED_HEARTBEATS * heartbeatNanos) + " s");
            webSocket.close();
        }
    }

    /** The WebSocket is open: sends connect. */
    void opened(WebSocketClient opened, Connect.Builder connect) {
        webSocket = opened;
        if (state == State.PAUSED) {
            opened.close();
            return;
        }
        disconnect = null;
        enter(State.CONNECTING, System.nanoTime());
        write(ClientFrame.newBuilder().setId(CONNECT_ID).setConnect(connect));
    }

    /** Decodes a frame; returns null if it cannot be read. Remembers the advice of a disconnect frame. */
    @Nullable
    ServerFrame received(ByteBuffer payload, long nowNanos) {
        receivedNanos = nowNanos;
        try {
            ServerFrame frame = format.decode(payload);
            if (frame.hasDisconnect()) {
                disconnect = frame.getDisconnect();
                trouble("disconnect, code=" + frame.getDisconnect().getCode());
            }
            return frame;
        } catch (InvalidProtocolBufferException e) {
            trouble("unreadable frame: " + e.getMessage());
            return null;
        }
    }

    /** The session begins. */
    void connected(Connected connected, long nowNanos) {
        if (connections++ > 0) {
            counters.reconnects.increment();
        }
        backoffNanos = FIRST_BACKOFF_NANOS;
        if (connected.getHeartbeatSeconds() > 0) {
            heartbeatNanos = TimeUnit.SECONDS.toNanos(connected.getHeartbeatSeconds());
        }
        nextHeartbeatNanos = nowNanos + heartbeatNanos;
        lastTrouble = "";
        enter(State.READY, nowNanos);
    }

    /** The WebSocket has closed: decides when to open the next one. */
    void closed(String reason) {
        webSocket = null;
        lastTrouble = lastTrouble.isEmpty() ? reason : lastTrouble;
        if (state == State.PAUSED) {
            return;
        }
        long now = System.nanoTime();
        Disconnect advice = disconnect;
        disconnect = null;
        if (advice == null) {
            enter(State.IDLE, now + withJitter(backoffNanos / 2, backoffNanos / 2));
            backoffNanos = Math.min(2 * backoffNanos, MAX_BACKOFF_NANOS);
        } else if (advice.getReconnect()) {
            long after = TimeUnit.MILLISECONDS.toNanos(advice.getAfterMs());
            enter(State.IDLE, now + withJitter(after, TimeUnit.MILLISECONDS.toNanos(advice.getJitterMs())));
        } else {
            enter(State.PAUSED, now);
        }
    }

    /** Sends a frame; drops it if no WebSocket is open. */
    void write(ClientFrame.Builder frame) {
        if (webSocket != null) {
            webSocket.send(format.encode(frame.build()));
        }
    }

    /** Counts a failure and remembers it for the report. */
    void trouble(String what) {
        counters.errors.increment();
        lastTrouble = what;
    }

    private static long withJitter(long minNanos, long jitterNanos) {
        return minNanos + ThreadLocalRandom.current().nextLong(jitterNanos + 1);
    }

    private void enter(State next, long nanos) {
        this.state = next;
        this.stateNanos = nanos;
    }
}
