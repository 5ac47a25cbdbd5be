package dev.tidings.ops.bench.client;

import dev.tidings.ops.bench.websocket.WebSocketClient;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Connect;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Platform;
import dev.tidings.v1.ReadHistory;
import dev.tidings.v1.ServerFrame;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A client of one member that reads pages of a conversation whose events have the seqs 1 to n. Is ready when the newest page is complete:
 * history follows live events by up to a second. Thread-safe.
 */
public final class HistoryReader implements Participant, WebSocketClient.Listener {

    private static final long PROBE_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final String PROBE_ID = "probe";

    private record Read(long beforeSeq, long dueNanos, HistoryReads results) {}

    private final String conversationId;
    private final long lastSeq;
    private final int page;
    private final String token;
    private final ReconnectingConnection connection;
    /** By frame id. */
    private final Map<String, Read> unanswered = new HashMap<>();

    private boolean hasHistory;
    private long nextProbeNanos = System.nanoTime();
    private long reads;

    /**
     * @param lastSeq the newest seq of the conversation
     * @param page events in each page
     * @param token of the member
     * @param connector opens a WebSocket with the given listener
     */
    public HistoryReader(
            String conversationId,
            long lastSeq,
            int page,
            String token,
            FrameFormat format,
            TrafficCounters counters,
            Function<WebSocketClient.Listener, WebSocketClient> connector) {
        this.conversationId = conversationId;
        this.lastSeq = lastSeq;
        this.page = page;
        this.token = token;
        this.connection = new ReconnectingConnection(format, counters, () -> connector.apply(this));
    }

    /**
     * Reads the page before a seq.
     *
     * @param beforeSeq 2 to {@code lastSeq + 1}
     */
    public synchronized void read(long beforeSeq, long dueNanos, HistoryReads results) {
        results.sent();
        if (!connection.isReady()) {
            results.failed("not connected");
            return;
        }
        String id = "r" + reads++;
        unanswered.put(id, new Read(beforeSeq, dueNanos, results));
        write(id, beforeSeq);
    }

    private void write(String id, long beforeSeq) {
        connection.write(ClientFrame.newBuilder()
                .setId(id)
                .setHistory(ReadHistory.newBuilder()
                        .setConversationId(conversationId)
                        .setBeforeSeq(beforeSeq)
                        .setLimit(page)));
    }

    @Override
    public synchronized void tick(long nowNanos) {
        if (connection.isReady() && !hasHistory && nowNanos - nextProbeNanos >= 0) {
            nextProbeNanos = nowNanos + PROBE_PAUSE_NANOS;
            write(PROBE_ID, lastSeq + 1);
        }
        connection.tick(nowNanos);
    }

    @Override
    public synchronized boolean isReady() {
        return connection.isReady() && hasHistory;
    }

    @Override
    public synchronized String lastTrouble() {
        return connection.lastTrouble().isEmpty() && !hasHistory
                ? "the newest page of " + conversationId + " is not complete"
                : connection.lastTrouble();
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
        if (frame == null) {
            return;
        }
        if (frame.hasConnected()) {
            connection.connected(frame.getConnected(), now);
        } else if (frame.getId().equals(PROBE_ID)) {
            hasHistory |=
                    frame.hasEvents() && flawOf(lastSeq + 1, frame.getEvents().getEventsList()) == null;
        } else if (frame.hasEvents() || frame.hasError()) {
            answered(frame, now);
        }
    }

    private void answered(ServerFrame frame, long now) {
        Read read = unanswered.remove(frame.getId());
        if (read == null) {
            return;
        }
        if (frame.hasError()) {
            connection.trouble("error, code=" + frame.getError().getCode());
            read.results.failed(
                    frame.getError().getCode() + " " + frame.getError().getMessage());
            return;
        }
        read.results.answered(read.dueNanos, now);
        String flaw = flawOf(read.beforeSeq, frame.getEvents().getEventsList());
        if (flaw != null) {
            read.results.wrong(flaw);
        }
    }

    /** Returns what is wrong with the page before a seq; null: it has exactly the events that it must have. */
    private @Nullable String flawOf(long beforeSeq, List<ConversationEvent> events) {
        long expected = Math.max(1, beforeSeq - page);
        for (ConversationEvent event : events) {
            if (event.getSeq() != expected) {
                return conversationId + " before " + beforeSeq + " has seq " + event.getSeq() + " instead of "
                        + expected;
            }
            expected++;
        }
        return expected == beforeSeq ? null : conversationId + " before " + beforeSeq + " ends before seq " + expected;
    }

    @Override
    public synchronized void closed(String reason) {
        unanswered.values().forEach(read -> read.results.failed(reason));
        unanswered.clear();
        connection.closed(reason);
    }
}
