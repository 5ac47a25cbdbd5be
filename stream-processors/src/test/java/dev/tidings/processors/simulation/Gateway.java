package dev.tidings.processors.simulation;

import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.TestRecords;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.id.UserId;
import dev.tidings.v1.Accepted;
import dev.tidings.v1.Answer;
import dev.tidings.v1.BroadcastDelivery;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Command;
import dev.tidings.v1.Connect;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.Disconnect;
import dev.tidings.v1.EventDelivery;
import dev.tidings.v1.Follow;
import dev.tidings.v1.GatewayGone;
import dev.tidings.v1.LoginPolicy;
import dev.tidings.v1.MarkDelivered;
import dev.tidings.v1.MessageReference;
import dev.tidings.v1.OpenSession;
import dev.tidings.v1.Origin;
import dev.tidings.v1.PresenceDelivery;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.Session;
import dev.tidings.v1.SessionReplaced;
import dev.tidings.v1.SyncAnswer;
import dev.tidings.v1.SyncPage;
import dev.tidings.v1.Undelivered;
import dev.tidings.v1.UserAnswer;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.WatchPresence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A gateway with a slot and an epoch. Appends the requests of clients to the log, and delivers the records of its partition of
 * {@code deliveries} without waiting for commits.
 */
final class Gateway {

    final int slot;
    final long epoch;
    private final Cluster cluster;
    private final Random random;
    private final LoginPolicy loginPolicy;
    private final Producer producer;
    private final Map<Socket, Connection> bySocket = new LinkedHashMap<>();
    private final List<Socket> connecting = new ArrayList<>();
    private final Map<String, Connection> byId = new TreeMap<>();
    private final Pulls pulls;
    private final Subscriptions subscriptions;
    /** By command id: the room that a session joins. */
    private final Map<String, String> joining = new TreeMap<>();

    private int position;

    /** Starts at the end of its partition: earlier records are for sessions of an earlier epoch. */
    Gateway(Cluster cluster, History history, Random random, LoginPolicy loginPolicy, int slot, long epoch) {
        this.cluster = cluster;
        this.random = random;
        this.loginPolicy = loginPolicy;
        this.slot = slot;
        this.epoch = epoch;
        this.producer = new Producer(cluster);
        this.subscriptions = new Subscriptions(cluster, producer, slot, epoch);
        this.pulls = new Pulls(cluster, history, producer);
        this.position = deliveries().size();
    }

    /** A client opens a socket. */
    void connect(Socket socket) {
        connecting.add(socket);
    }

    /** The sessions that INBOX has opened or will. */
    List<Connection> sessions() {
        return bySocket.values().stream().filter(Connection::isKnown).toList();
    }

    boolean append() {
        return producer.append(random);
    }

    /** Reads one frame from every socket; false if there was none. */
    boolean readFrames() {
        boolean read = false;
        for (Socket socket : List.copyOf(connecting)) {
            ClientFrame frame = socket.nextUp();
            if (frame != null) {
                connecting.remove(socket);
                open(socket, frame.getId(), frame.getConnect());
                read = true;
            } else if (socket.isBroken()) {
                connecting.remove(socket);
            }
        }
        for (Connection connection : sessions()) {
            ClientFrame frame = connection.isOpen() ? connection.socket.nextUp() : null;
            if (frame != null) {
                connection.touch(cluster.nowMillis());
                request(connection, frame);
                read = true;
            }
        }
        return read;
    }

    /** Delivers one record; false if there is none. */
    boolean deliverNext() {
        if (position == deliveries().size()) {
            return false;
        }
        Delivery delivery = Topics.DELIVERIES
                .value()
                .deserializer()
                .deserialize(Topics.DELIVERIES.name(), deliveries().at(position).value);
        position++;
        switch (delivery.getBodyCase()) {
            case EVENT -> deliver(delivery.getEvent());
            case ANSWER -> answer(delivery.getAnswer());
            case SESSION_READY ->
                with(
                        delivery.getSessionReady().getSessionId(),
                        connection ->
                                connection.ready(delivery.getSessionReady().getResumed()));
            case SESSION_REPLACED -> replaced(delivery.getSessionReplaced());
            // an answer that is written again after a crash may contain more: it is sent again
            case SYNC_ANSWER -> synced(delivery.getSyncAnswer());
            case ACCESS_ANSWER -> pulls.answered(delivery.getAccessAnswer());
            case VIEW -> {
                ServerFrame view = ServerFrame.newBuilder()
                        .setView(delivery.getView().getView())
                        .build();
                delivery.getView().getSessionIdsList().forEach(id -> with(id, connection -> connection.tell(view)));
            }
            case PRESENCE -> presence(delivery.getPresence());
            case USER_ANSWER -> answer(delivery.getUserAnswer());
            case GATEWAY_GONE -> subscriptions.renew(delivery.getGatewayGone().getGatewayEpoch());
            case BROADCAST -> deliver(delivery.getBroadcast());
            case FOLLOWED_EVENT -> subscriptions.deliver(delivery.getFollowedEvent());
            case FOLLOW -> follow(delivery.getFollow());
            case HEAD_NOTICE -> subscriptions.head(delivery.getHeadNotice());
            case BODY_NOT_SET -> throw new IllegalStateException("a delivery without a body");
        }
        return true;
    }

    /** Handles timeouts and broken sockets; false if there was nothing to do. */
    boolean tick() {
        boolean moved = false;
        for (Connection connection : sessions()) {
            if (connection.isSilent(cluster.nowMillis()) || !connection.sendAgain(cluster.nowMillis())) {
                end(connection, Disconnect.Code.HEARTBEAT_TIMEOUT, true);
                moved = true;
            } else if (connection.socket.isBroken() && random.nextInt(3) == 0) {
                connection.close();
                leave(connection, true);
                moved = true;
            } else if (connection.isOpen()) {
                // receipts wait for a command that carries them
                moved |= random.nextInt(4) == 0 ? writeReceipts(connection) : connection.hasReceipts();
            }
        }
        return subscriptions.tick() || moved;
    }

    boolean isWaiting() {
        return sessions().stream().anyMatch(Connection::isWaiting);
    }

    /** Kills the gateway. Records that it has not appended are lost. */
    void die() {
        producer.die();
        connecting.forEach(socket -> socket.breakDown(random));
        bySocket.keySet().forEach(socket -> socket.breakDown(random));
        bySocket.clear();
        byId.clear();
    }

    /** Disconnects its clients, so that they reconnect elsewhere, and writes {@code GatewayGone}. */
    void stop() {
        drain();
        producer.sendEverywhere(gone(slot, epoch, cluster.nowMillis()));
    }

    void drain() {
        sessions().forEach(connection -> end(connection, Disconnect.Code.DRAINING, false));
    }

    static GatewayGone gone(int slot, long epoch, long lastBeatMillis) {
        return GatewayGone.newBuilder()
                .setGatewaySlot(slot)
                .setGatewayEpoch(epoch)
                .setLastBeatAt(Timestamps.fromMillis(lastBeatMillis))
                .build();
    }

    private void open(Socket socket, String frameId, Connect connect) {
        Session session = TestRecords.session(cluster.unique("session"), connect.getDeviceId(), slot, epoch).toBuilder()
                .setPlatform(connect.getPlatform())
                .build();
        Connection connection = new Connection(connect.getToken(), session, socket, frameId, cluster.nowMillis());
        bySocket.put(socket, connection);
        byId.put(session.getSessionId(), connection);
        producer.send(UserCommand.newBuilder()
                .setUserId(connection.userId)
                .setOpenSession(OpenSession.newBuilder()
                        .setSession(session)
                        .setResumeSince(connect.getResume().getVersion())
                        .setLoginPolicy(loginPolicy)
                        .setFrameId(frameId))
                .build());
    }

    private void request(Connection connection, ClientFrame frame) {
        Origin origin = TestRecords.origin(slot, connection.session.getSessionId(), frame.getId());
        switch (frame.getBodyCase()) {
            case HEARTBEAT -> {}
            case ACK -> connection.acknowledge(frame.getAck().getUpTo(), cluster.nowMillis());
            case SEND, MARK_READ, EDIT, RECALL, DELETE_FOR_ME, REACT, PIN, GROUP, FRIEND -> {
                if (frame.hasMarkRead()) {
                    connection.recorded(
                            frame.getMarkRead().getConversationId(),
                            frame.getMarkRead().getSeq());
                }
                command(connection, origin, frame);
            }
            case PULL -> pulls.ask(connection, origin, frame.getPull());
            case SYNC, SETTINGS, PROFILE, PRESENCE, REVOKE_DEVICE, REGISTER_PUSH ->
                producer.send(UserRequests.of(connection, origin, frame));
            case ROOM -> room(connection, origin, frame);
            case CONNECT,
                    TYPING,
                    RECEIPTS,
                    PULL_MANY,
                    DEVICES,
                    REFRESH_TOKEN,
                    SEARCH,
                    USERS,
                    PATCH_USER,
                    USER_SEARCH,
                    HISTORY,
                    BODY_NOT_SET -> throw new IllegalStateException("no client sends this: " + frame);
        }
    }

    private void room(Connection connection, Origin origin, ClientFrame frame) {
        String roomId = frame.getRoom().getConversationId();
        if (frame.getRoom().hasJoin()) {
            connection.joinedRooms.add(roomId);
            joining.put(command(connection, origin, frame), roomId);
        } else {
            connection.joinedRooms.remove(roomId);
            subscriptions.unsubscribe(connection, roomId);
            connection.send(frame.getId(), ServerFrame.newBuilder().setAccepted(Accepted.getDefaultInstance()));
        }
    }

    /** Returns the command's id. */
    private String command(Connection connection, Origin origin, ClientFrame frame) {
        Command request = ClientCommands.of(cluster.unique("command"), connection.userId, origin, frame);
        Command command = request.toBuilder()
                .setDeliveredSeq(connection.carriedReceipt(request.getConversationId()))
                .build();
        producer.send(
                command,
                () -> connection.send(
                        frame.getId(),
                        ServerFrame.newBuilder()
                                .setAccepted(Accepted.newBuilder().setCommandId(command.getCommandId()))));
        return command.getCommandId();
    }

    private void follow(Follow follow) {
        with(follow.getSessionId(), connection -> {
            for (int i = 0; connection.isKnown() && i < follow.getConversationIdsCount(); i++) {
                subscriptions.subscribe(connection, follow.getConversationIds(i), follow.getJoinedSeqs(i));
            }
        });
    }

    /** An event for a session that has ended counts as not delivered. */
    private void deliver(EventDelivery delivery) {
        ConversationEvent event = delivery.getEvent();
        for (String sessionId : delivery.getSessionIdsList()) {
            with(sessionId, connection -> {
                if (connection.isKnown()) {
                    connection.deliver(event, cluster.nowMillis());
                    if (delivery.getFollow()) {
                        subscriptions.subscribe(connection, event.getConversationId(), event.getSeq());
                    }
                    subscriptions.named(connection, event);
                } else if (connection.isMessageOfOthers(event)) {
                    writeUndelivered(connection, List.of(Connection.reference(event)));
                }
            });
        }
    }

    private void deliver(BroadcastDelivery delivery) {
        for (Connection connection : sessions()) {
            int partition = UserId.inboxPartition(connection.userId, delivery.getInboxPartitions());
            if (partition == delivery.getInboxPartition()) {
                connection.deliver(delivery.getEvent(), cluster.nowMillis());
            }
        }
    }

    private void answer(Answer answer) {
        ServerFrame.Builder frame = ServerFrame.newBuilder();
        switch (answer.getOutcomeCase()) {
            case SEQUENCED -> frame.setSequenced(answer.getSequenced());
            case REFUSAL -> frame.setRefused(answer.getRefusal());
            case APPLIED -> frame.setApplied(answer.getApplied());
            case GROUP, RECEIPTS, RULES, HEAD, OUTCOME_NOT_SET ->
                throw new IllegalStateException("unexpected answer: " + answer);
        }
        reply(answer.getOrigin(), frame);
        if (answer.getDeliveredSeq() > 0) {
            with(
                    answer.getOrigin().getSessionId(),
                    connection ->
                            connection.recorded(answer.getSequenced().getConversationId(), answer.getDeliveredSeq()));
        }
        String roomId = joining.remove(answer.getCommandId());
        if (roomId != null && answer.hasApplied()) {
            with(answer.getOrigin().getSessionId(), connection -> {
                if (connection.isKnown() && connection.joinedRooms.contains(roomId)) {
                    subscriptions.subscribe(connection, roomId, 0);
                }
            });
        }
    }

    private void answer(UserAnswer answer) {
        ServerFrame.Builder frame = ServerFrame.newBuilder();
        switch (answer.getOutcomeCase()) {
            case APPLIED -> frame.setApplied(answer.getApplied());
            case REFUSAL -> frame.setRefused(answer.getRefusal());
            case DEVICES, FRIENDS, OUTCOME_NOT_SET -> throw new IllegalStateException("unexpected answer: " + answer);
        }
        reply(answer.getOrigin(), frame);
    }

    private void synced(SyncAnswer answer) {
        reply(
                answer.getOrigin(),
                ServerFrame.newBuilder()
                        .setSyncPage(SyncPage.newBuilder()
                                .addAllViews(answer.getViewsList())
                                .setVersion(answer.getVersion())
                                .setDone(answer.getDone())
                                .setBadge(answer.getBadge())
                                .setReset(answer.getReset())));
    }

    private void reply(Origin origin, ServerFrame.Builder frame) {
        with(origin.getSessionId(), connection -> connection.send(origin.getFrameId(), frame));
    }

    private void presence(PresenceDelivery delivery) {
        ServerFrame presence =
                ServerFrame.newBuilder().setPresence(delivery.getPresence()).build();
        with(delivery.getOrigin().getSessionId(), connection -> connection.tell(presence));
        delivery.getSessionIdsList().forEach(id -> with(id, connection -> connection.tell(presence)));
    }

    private void replaced(SessionReplaced replaced) {
        with(replaced.getSessionId(), connection -> {
            if (connection.isKnown()) {
                switch (replaced.getReason()) {
                    case SAME_DEVICE, REASON_UNSPECIFIED, UNRECOGNIZED ->
                        end(connection, Disconnect.Code.REPLACED, true);
                    case OTHER_DEVICE -> end(connection, Disconnect.Code.OTHER_DEVICE_CONNECTED, true);
                    case REVOKED -> end(connection, Disconnect.Code.DEVICE_REVOKED, true);
                    case GATEWAY_GONE -> end(connection, Disconnect.Code.DRAINING, false);
                }
            }
        });
    }

    private void end(Connection connection, Disconnect.Code code, boolean stopsWatching) {
        connection.disconnect(Disconnect.newBuilder()
                .setCode(code)
                .setReconnect(
                        switch (code) {
                            case REPLACED,
                                    OTHER_DEVICE_CONNECTED,
                                    DEVICE_REVOKED,
                                    BANNED,
                                    USER_DISABLED,
                                    INVALID_TOKEN,
                                    TOKEN_REVOKED -> false;
                            case DRAINING,
                                    TOKEN_EXPIRED,
                                    TOO_MANY_CONNECTIONS,
                                    OVERLOADED,
                                    CONNECT_TIMEOUT,
                                    HEARTBEAT_TIMEOUT,
                                    SLOW_CONSUMER,
                                    FRAME_TOO_LARGE,
                                    UNAVAILABLE,
                                    CODE_UNSPECIFIED,
                                    UNRECOGNIZED -> true;
                        }));
        leave(connection, stopsWatching);
    }

    /** Writes the receipts of the session, what it leaves undelivered, and its end. */
    private void leave(Connection connection, boolean stopsWatching) {
        if (stopsWatching) {
            Origin origin = TestRecords.origin(slot, connection.session.getSessionId(), "");
            connection.watched.forEach(
                    watched -> producer.send(UserRequests.watch(connection, watched, origin, WatchPresence.Mode.STOP)));
        }
        writeReceipts(connection);
        writeUndelivered(connection, connection.undelivered());
        subscriptions.unsubscribeAll(connection);
        producer.send(TestRecords.close(connection.userId, connection.session.getSessionId()));
    }

    private boolean writeReceipts(Connection connection) {
        Map<String, Long> receipts = connection.takeReceipts();
        receipts.forEach((conversation, seq) -> producer.send(
                Command.newBuilder()
                        .setCommandId(cluster.unique("command"))
                        .setConversationId(conversation)
                        .setActor(connection.userId)
                        .setMarkDelivered(MarkDelivered.newBuilder().setSeq(seq))
                        .build(),
                () -> {}));
        return !receipts.isEmpty();
    }

    private void writeUndelivered(Connection connection, List<MessageReference> messages) {
        if (!messages.isEmpty()) {
            producer.send(UserCommand.newBuilder()
                    .setUserId(connection.userId)
                    .setUndelivered(Undelivered.newBuilder()
                            .setSessionId(connection.session.getSessionId())
                            .addAllMessages(messages))
                    .build());
        }
    }

    private void with(String sessionId, Consumer<Connection> action) {
        @Nullable Connection connection = byId.get(sessionId);
        if (connection != null) {
            action.accept(connection);
        }
    }

    private Partition deliveries() {
        return cluster.partitions(Topics.DELIVERIES).get(slot);
    }
}
