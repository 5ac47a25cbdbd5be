package dev.tidings.ops.bench.client;

import dev.tidings.ops.bench.websocket.WebSocketClient;
import dev.tidings.v1.Connect;
import dev.tidings.v1.Platform;
import dev.tidings.v1.ServerFrame;
import java.nio.ByteBuffer;
import java.util.function.Function;
import org.HdrHistogram.Histogram;

/**
 * A client that connects, authenticates and then sends nothing but heartbeats. Connects again, as the gateway advises, if it loses
 * its connection. Thread-safe.
 */
public final class IdleClient implements Participant, WebSocketClient.Listener {

    private final String token;
    private final ReconnectingConnection connection;
    private long attemptedNanos;
    private long connectedNanos;
    private int failures;

    /**
     * @param connectAtNanos when the client opens its first WebSocket, by {@link System#nanoTime}
     * @param connector opens a WebSocket with the given listener
     */
    public IdleClient(
            String token,
            FrameFormat format,
            TrafficCounters counters,
            long connectAtNanos,
            Function<WebSocketClient.Listener, WebSocketClient> connector) {
        this.token = token;
        this.connection = new ReconnectingConnection(format, counters, () -> {
            attemptedNanos = System.nanoTime();
            return connector.apply(this);
        });
        connection.resumeAt(connectAtNanos);
    }

    @Override
    public synchronized void tick(long nowNanos) {
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

    /** Adds the time from the attempt to the session, if the client is or was connected. */
    public synchronized void reportTo(Histogram connectNanos) {
        if (connectedNanos != 0) {
            connectNanos.recordValue(connectedNanos);
        }
    }

    /** Connections that were rejected or lost. */
    public synchronized int failures() {
        return failures;
    }

    @Override
    public synchronized void opened(WebSocketClient opened) {
        connection.opened(
                opened,
                Connect.newBuilder().setToken(token).setDeviceId("bench").setPlatform(Platform.SERVER));
    }

    @Override
    public synchronized void received(ByteBuffer payload) {
        long now = System.nanoTime();
        ServerFrame frame = connection.received(payload, now);
        if (frame != null && frame.hasConnected()) {
            connection.connected(frame.getConnected(), now);
            connectedNanos = now - attemptedNanos;
        } else if (frame != null && frame.hasError()) {
            connection.trouble("error, code=" + frame.getError().getCode() + " message="
                    + frame.getError().getMessage());
        }
    }

    @Override
    public synchronized void closed(String reason) {
        failures++;
        connection.closed(reason);
    }
}
