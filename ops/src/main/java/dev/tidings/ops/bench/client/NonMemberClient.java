package dev.tidings.ops.bench.client;

import dev.tidings.ops.bench.check.Ledger;
import dev.tidings.ops.bench.websocket.WebSocketClient;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Connect;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.DescribeGroup;
import dev.tidings.v1.DescribeReceipts;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.Platform;
import dev.tidings.v1.Pull;
import dev.tidings.v1.ReadHistory;
import dev.tidings.v1.Search;
import dev.tidings.v1.Send;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.Sync;
import dev.tidings.v1.SyncMode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A user who is a member of none of the conversations of a run, and tries to read them and to send to them: one request every 200 ms,
 * to one conversation after the other. Records in the ledgers which requests were rejected, and what was not. Thread-safe.
 */
public final class NonMemberClient implements Participant, WebSocketClient.Listener {

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /** Requests without an answer that are remembered; the oldest are forgotten, as those of broken connections are. */
    private static final int MAX_UNANSWERED = 1_000;

    private enum Attempt {
        PULL,
        READ_HISTORY,
        SEARCH,
        DESCRIBE_RECEIPTS,
        DESCRIBE_GROUP,
        SEND,
        SYNC
    }

    private final String token;
    private final ReconnectingConnection connection;
    private final List<BenchConversation> conversations = new ArrayList<>();
    private final Map<String, Ledger> ledgers = new HashMap<>();
    /** By frame id. */
    private final Map<String, BenchConversation> asked = new HashMap<>();

    private long nextNanos = System.nanoTime();
    private int requests;

    /**
     * @param token of the user
     * @param connector opens a WebSocket with the given listener
     */
    public NonMemberClient(
            String token,
            FrameFormat format,
            TrafficCounters counters,
            Function<WebSocketClient.Listener, WebSocketClient> connector) {
        this.token = token;
        this.connection = new ReconnectingConnection(format, counters, () -> connector.apply(this));
    }

    /** Adds a conversation. Must be called before the run starts. */
    public synchronized void add(BenchConversation conversation) {
        conversations.add(conversation);
        ledgers.put(conversation.id(), conversation.ledger());
    }

    @Override
    public synchronized void tick(long nowNanos) {
        if (connection.isReady() && !conversations.isEmpty() && nowNanos - nextNanos >= 0) {
            nextNanos = nowNanos + PAUSE_NANOS;
            ask(
                    conversations.get(requests / Attempt.values().length % conversations.size()),
                    Attempt.values()[requests % Attempt.values().length]);
            requests++;
        }
        connection.tick(nowNanos);
    }

    private void ask(BenchConversation conversation, Attempt attempt) {
        String id = conversation.id();
        ClientFrame.Builder frame = ClientFrame.newBuilder().setId("n" + requests);
        switch (attempt) {
            case PULL -> frame.setPull(Pull.newBuilder().setConversationId(id).setFromSeq(1));
            case READ_HISTORY -> frame.setHistory(ReadHistory.newBuilder().setConversationId(id));
            case SEARCH ->
                frame.setSearch(Search.newBuilder()
                        .setConversationId(id)
                        .setQuery(conversation.content().getText().getBody()));
            case DESCRIBE_RECEIPTS ->
                frame.setReceipts(
                        DescribeReceipts.newBuilder().setConversationId(id).addSeqs(1));
            case DESCRIBE_GROUP ->
                frame.setGroup(GroupCommand.newBuilder()
                        .setConversationId(id)
                        .setDescribe(DescribeGroup.newBuilder().setLimit(1)));
            case SEND ->
                frame.setSend(Send.newBuilder()
                        .setConversationId(id)
                        .setClientMsgId("from-outside-" + requests)
                        .setContent(conversation.content()));
            case SYNC -> frame.setSync(Sync.newBuilder().setMode(SyncMode.FULL));
        }
        if (asked.size() >= MAX_UNANSWERED) {
            asked.clear();
        }
        asked.put(frame.getId(), conversation);
        connection.write(frame);
    }

    @Override
    public synchronized boolean isReady() {
        return connection.isReady();
    }

    @Override
    public synchronized String lastTrouble() {
        return connection.lastTrouble();
    }

    @Override
    public synchronized void opened(WebSocketClient opened) {
        connection.opened(
                opened,
                Connect.newBuilder()
                        .setToken(token)
                        .setDeviceId("bench-outside")
                        .setPlatform(Platform.SERVER));
    }

    @Override
    public synchronized void closed(String reason) {
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
            case CONNECTED -> connection.connected(frame.getConnected(), now);
            case EVENTS ->
                got(
                        frame,
                        frame.getEvents().getConversationId(),
                        "events",
                        frame.getEvents().getEventsCount());
            case SEARCH_RESULTS ->
                got(frame, "", "hits", frame.getSearchResults().getHitsCount());
            case RECEIPTS -> got(frame, "", "receipts", 1);
            case GROUP -> got(frame, "", "the description of the group", 1);
            case SEQUENCED -> got(frame, "", "a place in the sequence", 1);
            case HEAD -> got(frame, frame.getHead().getConversationId(), "the head", 1);
            case VIEW -> got(frame, frame.getView().getConversationId(), "the view", 1);
            case SYNC_PAGE -> {
                for (ConversationView view : frame.getSyncPage().getViewsList()) {
                    got(frame, view.getConversationId(), "the view", 1);
                }
            }
            case REFUSED -> rejected(frame.getId());
            case ERROR -> {
                if (!frame.getError().getRetryable()) {
                    rejected(frame.getId());
                }
            }
            // confirmations before the answer, and nothing of a conversation
            case ACCEPTED, APPLIED, HEARTBEAT, DISCONNECT, PRESENCE, DEVICES, TOKEN_REFRESHED, USERS, BODY_NOT_SET -> {}
        }
    }

    private void rejected(String frameId) {
        BenchConversation conversation = asked.remove(frameId);
        if (conversation != null) {
            conversation.ledger().rejectedNonMember();
        }
    }

    /** @param conversationId in the frame; empty: that of the request */
    private void got(ServerFrame frame, String conversationId, String what, int count) {
        BenchConversation conversation = asked.remove(frame.getId());
        Ledger ledger =
                conversationId.isEmpty() && conversation != null ? conversation.ledger() : ledgers.get(conversationId);
        if (ledger != null && count > 0) {
            ledger.readByNonMember(count + " × " + what + " in answer to frame \"" + frame.getId() + "\"");
        }
    }
}
