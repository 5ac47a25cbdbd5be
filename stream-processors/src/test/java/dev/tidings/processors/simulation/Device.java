package dev.tidings.processors.simulation;

import dev.tidings.v1.Ack;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Connect;
import dev.tidings.v1.Connected;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Disconnect;
import dev.tidings.v1.Events;
import dev.tidings.v1.HeadNotice;
import dev.tidings.v1.Heartbeat;
import dev.tidings.v1.JoinRoom;
import dev.tidings.v1.LeaveRoom;
import dev.tidings.v1.Platform;
import dev.tidings.v1.Presence;
import dev.tidings.v1.Pull;
import dev.tidings.v1.Resume;
import dev.tidings.v1.Room;
import dev.tidings.v1.Send;
import dev.tidings.v1.SeqRange;
import dev.tidings.v1.Sequenced;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.Sync;
import dev.tidings.v1.SyncMode;
import dev.tidings.v1.SyncPage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One device of a user, with a client that follows the protocol. It keeps events by (conversation, seq) and the greatest of all positions,
 * acknowledges, repeats unanswered messages under the same client message id, resumes or syncs, and pulls the events that it lacks.
 */
final class Device {

    private static final SyncMode[] MODES = {SyncMode.FAST, SyncMode.INCREMENTAL, SyncMode.FULL};
    private static final long HANDSHAKE_MILLIS = 10_000;
    private static final long HEARTBEAT_MILLIS = 10_000;

    final String userId;
    final String deviceId;
    final Platform platform;
    private final Cluster cluster;
    private final Gateways gateways;
    private final Random random;
    private final Map<String, Send> outbox = new LinkedHashMap<>();
    private final Map<String, Timeline> conversations = new TreeMap<>();
    /** By conversation and seq, the time of the first arrival; survives {@link #forgetEverything}. */
    private final Map<String, Map<Long, Long>> everArrived = new TreeMap<>();

    private @Nullable ClientConnection link;
    private boolean wanted;
    private boolean refreshes;
    private boolean thorough;
    private long awayUntilMillis;
    private long version;
    private SyncPage synced = SyncPage.getDefaultInstance();

    Device(Cluster cluster, Gateways gateways, Random random, String userId, String deviceId, Platform platform) {
        this.cluster = cluster;
        this.gateways = gateways;
        this.random = random;
        this.userId = userId;
        this.deviceId = deviceId;
        this.platform = platform;
    }

    // Actions of its user and faults.

    /** The user connects, also after another device has replaced this one. */
    void comeOnline() {
        wanted = true;
    }

    void goOffline() {
        wanted = false;
        loseConnection();
    }

    /** Breaks the connection. The gateway notices later. */
    void loseConnection() {
        if (link != null) {
            link.socket.breakDown(random);
            disconnected(link);
        }
    }

    /** Suspends the device for a while. Neither side notices. */
    void loseSignal(long millis) {
        awayUntilMillis = cluster.nowMillis() + millis;
    }

    void findSignal() {
        awayUntilMillis = 0;
    }

    /** Reinstalls the application, which loses its data. */
    void forgetEverything() {
        loseConnection();
        conversations.clear();
        outbox.clear();
        version = 0;
    }

    /** Pulls everything from now on that the user may see, expired messages included. */
    void beThorough() {
        thorough = true;
        conversations.values().forEach(Timeline::askAgain);
        ask(ClientFrame.newBuilder()
                .setSync(Sync.newBuilder().setMode(SyncMode.INCREMENTAL).setSince(version)));
    }

    /** Makes the next connect a full sync. */
    void refresh() {
        refreshes = true;
    }

    // State.

    boolean isConnected() {
        return link != null && link.isConnected();
    }

    boolean isOnline() {
        return link != null;
    }

    boolean isSynced() {
        return link != null && link.synced;
    }

    /** Whether anything is pending: a handshake, an acknowledgement or a pull. */
    boolean isWaiting() {
        return link != null
                && (!link.isConnected() || link.arrivedUpTo > link.acknowledgedUpTo || !link.pulling.isEmpty());
    }

    String sessionId() {
        return link == null ? "" : link.sessionId;
    }

    Map<String, Timeline> conversations() {
        return conversations;
    }

    /** By conversation and seq, the time of the first arrival, without answers. */
    Map<String, Map<Long, Long>> everArrived() {
        return everArrived;
    }

    Map<String, Presence> presences() {
        return link == null ? Map.of() : link.presences;
    }

    Timeline timeline(String conversationId) {
        return conversations.computeIfAbsent(conversationId, id -> new Timeline(userId, id));
    }

    /** The newest page of a sync. */
    SyncPage synced() {
        return synced;
    }

    // Requests.

    /** Sends the message until it is answered. */
    void say(Send send) {
        outbox.put(send.getClientMsgId(), send);
        if (link != null && link.isConnected()) {
            ask(link, ClientFrame.newBuilder().setSend(send));
        }
    }

    /** Sends a frame once, if the device is connected. */
    void ask(ClientFrame.Builder frame) {
        if (link != null && link.isConnected()) {
            ask(link, frame);
        }
    }

    boolean isInRoom(String roomId) {
        return link != null && link.joinedRooms.contains(roomId);
    }

    void joinRoom(String roomId) {
        if (link != null && link.isConnected()) {
            link.joinedRooms.add(roomId);
            ask(ClientFrame.newBuilder()
                    .setRoom(Room.newBuilder().setConversationId(roomId).setJoin(JoinRoom.getDefaultInstance())));
        }
    }

    void leaveRoom(String roomId) {
        if (link != null && link.isConnected()) {
            link.joinedRooms.remove(roomId);
            link.rooms.remove(roomId);
            ask(ClientFrame.newBuilder()
                    .setRoom(Room.newBuilder().setConversationId(roomId).setLeave(LeaveRoom.getDefaultInstance())));
        }
    }

    /** Rooms that it is in, with the seq after which it must have received everything. */
    Map<String, Long> rooms() {
        return link == null ? Map.of() : link.rooms;
    }

    void sync() {
        SyncMode mode = version == 0 ? SyncMode.FULL : MODES[random.nextInt(MODES.length)];
        ask(ClientFrame.newBuilder().setSync(Sync.newBuilder().setMode(mode).setSince(version)));
    }

    /** Does one step; false if there is nothing to do. */
    boolean turn() {
        if (cluster.nowMillis() < awayUntilMillis) {
            return false;
        }
        if (link == null) {
            return wanted && connect();
        }
        ServerFrame frame = link.socket.nextDown();
        if (frame != null) {
            handle(link, frame);
            return true;
        }
        if (link.socket.isBroken()) {
            disconnected(link);
            return true;
        }
        if (!link.isConnected()) {
            if (cluster.nowMillis() - link.sinceMillis > HANDSHAKE_MILLIS) {
                loseConnection();
                return true;
            }
            return false;
        }
        return acknowledge(link) || fill(link) || beat(link);
    }

    private boolean connect() {
        Gateway gateway = gateways.any();
        if (gateway == null) {
            return false;
        }
        ClientConnection next = new ClientConnection(new Socket(), cluster.nowMillis());
        link = next;
        Connect.Builder connect =
                Connect.newBuilder().setToken(userId).setDeviceId(deviceId).setPlatform(platform);
        if (version > 0 && !refreshes && random.nextInt(4) > 0) {
            connect.setResume(Resume.newBuilder().setVersion(version));
        }
        ask(next, ClientFrame.newBuilder().setConnect(connect));
        gateway.connect(next.socket);
        return true;
    }

    private void ask(ClientConnection connection, ClientFrame.Builder frame) {
        ClientFrame asked = frame.setId(cluster.unique("frame")).build();
        connection.asked.put(asked.getId(), asked);
        connection.saidMillis = cluster.nowMillis();
        connection.socket.up(asked);
    }

    private boolean acknowledge(ClientConnection connection) {
        if (connection.arrivedUpTo == connection.acknowledgedUpTo) {
            return false;
        }
        if (random.nextInt(3) == 0) {
            connection.acknowledgedUpTo = connection.arrivedUpTo;
            if (random.nextInt(20) > 0) { // or it is lost, and the gateway sends again
                ask(connection, ClientFrame.newBuilder().setAck(Ack.newBuilder().setUpTo(connection.arrivedUpTo)));
            }
        }
        return true;
    }

    /** Sometimes pulls a range of missing events. */
    private boolean fill(ClientConnection connection) {
        if (!connection.synced || !connection.pulling.isEmpty() || (!thorough && random.nextInt(4) > 0)) {
            return false;
        }
        for (Map.Entry<String, Timeline> conversation : conversations.entrySet()) {
            SeqRange missing = conversation.getValue().missing(thorough);
            if (missing != null && !conversation.getKey().startsWith("r:")) {
                Pull.Builder pull = Pull.newBuilder()
                        .setConversationId(conversation.getKey())
                        .setFromSeq(missing.getFromSeq())
                        .setToSeq(missing.getToSeq());
                ask(connection, ClientFrame.newBuilder().setPull(pull));
                connection.pulling = conversation.getKey();
                return true;
            }
        }
        return false;
    }

    private boolean beat(ClientConnection connection) {
        if (cluster.nowMillis() - connection.saidMillis < HEARTBEAT_MILLIS) {
            return false;
        }
        ask(connection, ClientFrame.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance()));
        return true;
    }

    private void handle(ClientConnection connection, ServerFrame frame) {
        ClientFrame asked = connection.asked.getOrDefault(frame.getId(), ClientFrame.getDefaultInstance());
        switch (frame.getBodyCase()) {
            case CONNECTED -> connected(connection, frame.getConnected());
            case ACCEPTED -> {
                if (asked.hasMarkRead()) {
                    timeline(asked.getMarkRead().getConversationId())
                            .claim(asked.getId(), asked.getMarkRead().getSeq());
                }
            }
            case SEQUENCED -> sequenced(asked, frame.getSequenced());
            case REFUSED -> {
                if (asked.hasSend()) {
                    outbox.remove(asked.getSend().getClientMsgId());
                } else if (asked.hasMarkRead()) {
                    timeline(asked.getMarkRead().getConversationId()).withdraw(asked.getId());
                }
            }
            case APPLIED -> applied(asked);
            case EVENTS -> {
                if (asked.hasPull()) {
                    pulled(connection, asked.getPull(), frame.getEvents());
                } else {
                    arrived(connection, frame.getEvents());
                }
            }
            case SYNC_PAGE -> synced(connection, asked.getSync().getMode(), frame.getSyncPage());
            case VIEW -> timeline(frame.getView().getConversationId()).take(frame.getView());
            case PRESENCE -> connection.presences.put(frame.getPresence().getUserId(), frame.getPresence());
            case ERROR -> pulled(connection, asked.getPull(), Events.getDefaultInstance());
            case DISCONNECT -> {
                connection.reconnects = frame.getDisconnect().getReconnect();
                if (frame.getDisconnect().getCode() == Disconnect.Code.DEVICE_REVOKED) {
                    forgetEverything();
                }
            }
            case HEAD -> head(connection, frame.getHead());
            case HEARTBEAT, GROUP, RECEIPTS, DEVICES, TOKEN_REFRESHED, SEARCH_RESULTS, USERS, BODY_NOT_SET ->
                throw new IllegalStateException("unexpected frame: " + frame);
        }
    }

    /** A client in a room can read what lies before the head in history; this is not modelled. */
    private void head(ClientConnection connection, HeadNotice head) {
        String conversationId = head.getConversationId();
        if (!conversationId.startsWith("r:")) {
            timeline(conversationId).head(head.getLastSeq());
        } else if (connection.joinedRooms.contains(conversationId)) {
            connection.rooms.merge(conversationId, head.getLastSeq(), Math::max);
        }
    }

    private void connected(ClientConnection connection, Connected connected) {
        connection.sessionId = connected.getSessionId();
        if (!connected.getResumed()) {
            sync();
        }
        List.copyOf(outbox.values())
                .forEach(send -> ask(connection, ClientFrame.newBuilder().setSend(send)));
    }

    private void sequenced(ClientFrame asked, Sequenced sequenced) {
        Timeline timeline = timeline(sequenced.getConversationId());
        if (asked.hasSend()) {
            outbox.remove(asked.getSend().getClientMsgId());
            timeline.answered(sequenced.getSeq(), asked.getSend().getClientMsgId());
        } else {
            timeline.answered(sequenced.getSeq());
        }
    }

    private void applied(ClientFrame asked) {
        if (asked.hasSettings()) {
            timeline(asked.getSettings().getConversationId()).take(asked.getSettings());
        } else if (asked.hasDeleteForMe()) {
            Timeline timeline = timeline(asked.getDeleteForMe().getConversationId());
            timeline.delete(SeqRange.newBuilder()
                    .setFromSeq(1)
                    .setToSeq(asked.getDeleteForMe().getUpToSeq())
                    .build());
            asked.getDeleteForMe()
                    .getSeqsList()
                    .forEach(seq -> timeline.delete(
                            SeqRange.newBuilder().setFromSeq(seq).setToSeq(seq).build()));
        }
    }

    private void arrived(ClientConnection connection, Events events) {
        events.getEventsList().forEach(event -> take(events.getConversationId(), event));
        if (events.getDeliverySeq() > connection.arrivedUpTo) {
            connection.beyond.add(events.getDeliverySeq());
            while (connection.beyond.remove(connection.arrivedUpTo + 1)) {
                connection.arrivedUpTo++;
            }
        } else {
            // redelivered: the acknowledgement was lost
            connection.acknowledgedUpTo = Math.min(connection.acknowledgedUpTo, events.getDeliverySeq() - 1);
        }
    }

    private void take(String conversationId, ConversationEvent event) {
        timeline(conversationId).take(event);
        everArrived
                .computeIfAbsent(conversationId, none -> new TreeMap<>())
                .putIfAbsent(event.getSeq(), cluster.nowMillis());
    }

    /** An error means that the user may see nothing of the range. */
    private void pulled(ClientConnection connection, Pull pull, Events events) {
        connection.pulling = "";
        events.getEventsList().forEach(event -> take(pull.getConversationId(), event));
        boolean all = events.getEventsCount() < History.MOST;
        long to = events.getHeadSeq() == 0 ? pull.getToSeq() : Math.min(pull.getToSeq(), events.getHeadSeq());
        timeline(pull.getConversationId())
                .noMoreBetween(all ? pull.getFromSeq() : events.getEvents(0).getSeq(), to);
    }

    private void synced(ClientConnection connection, SyncMode mode, SyncPage page) {
        page.getViewsList().forEach(view -> timeline(view.getConversationId()).take(view));
        if (mode != SyncMode.FAST) { // a FAST sync leaves older conversations out
            version = Math.max(version, page.getVersion());
        }
        synced = page;
        connection.synced |= page.getDone();
        refreshes &= !page.getDone();
    }

    /** Sometimes its user does not reconnect. */
    private void disconnected(ClientConnection connection) {
        wanted &= connection.reconnects && random.nextInt(4) > 0;
        link = null;
        conversations.values().forEach(Timeline::withdrawAll);
    }
}
