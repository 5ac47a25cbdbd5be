package dev.tidings.ops.bench;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import dev.tidings.ops.bench.client.BenchConversation;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.Accepted;
import dev.tidings.v1.Applied;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Connected;
import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.Disconnect;
import dev.tidings.v1.Error;
import dev.tidings.v1.Events;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.GroupDescription;
import dev.tidings.v1.HeadNotice;
import dev.tidings.v1.HeartbeatReply;
import dev.tidings.v1.MembersAdded;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.Presence;
import dev.tidings.v1.Pull;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Send;
import dev.tidings.v1.Sequenced;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.SyncPage;
import dev.tidings.v1.TextContent;
import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.server.HttpServerExchange;
import io.undertow.websockets.WebSocketConnectionCallback;
import io.undertow.websockets.WebSocketProtocolHandshakeHandler;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedBinaryMessage;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import io.undertow.websockets.core.protocol.version13.Hybi13Handshake;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;

/**
 * A gateway for tests: speaks the client protocol over real WebSockets, keeps conversations in memory, and makes one {@link
 * Fault}. Tokens are user ids. One lock guards everything.
 */
final class FakeGateway implements AutoCloseable {

    /** Of a run that a test starts and observes: the threads of {@link CompletableFuture} are too few for many tests at once. */
    static final Executor THREAD_PER_RUN =
            run -> Thread.ofPlatform().name("run").daemon().start(run);

    private static final int FAULT_EVERY = 50;

    /** Clients reconnect after three times as long without a frame. */
    private static final int HEARTBEAT_SECONDS = 5;

    private static final int MAX_PULL_EVENTS = 200;
    private static final int LARGE_ABOVE_MEMBERS = 500;

    private static final class BenchConversation {
        final Map<String, ConversationEvent> byClientMsgId = new HashMap<>();
        final NavigableMap<Long, ConversationEvent> history = new TreeMap<>();
        /** Of a group. */
        final Set<String> members = new TreeSet<>();

        long newest;

        boolean isLarge() {
            return members.size() > LARGE_ABOVE_MEMBERS;
        }
    }

    private static final class Session {
        final WebSocketChannel channel;
        String userId = "";
        long deliverySeq;

        @Nullable
        ConversationEvent late;

        @Nullable
        ClientFrame lateCommand;

        Session(WebSocketChannel channel) {
            this.channel = channel;
        }
    }

    private final Fault fault;
    private final Map<String, BenchConversation> conversations = new HashMap<>();
    private final Map<String, Session> sessions = new HashMap<>();
    private @Nullable Undertow server;
    private int port;
    private long received;
    private long cuts;
    private long acknowledged;
    private long version;
    private int overloaded;
    private long stallAt = -1;
    private Duration stall = Duration.ZERO;

    FakeGateway(Fault fault) {
        this.fault = fault;
        start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Blocks all sessions for this long when so many messages have been received. */
    synchronized void stall(long atMessage, Duration duration) {
        stallAt = atMessage;
        stall = duration;
    }

    /** Messages at which the connections of their sender and receivers were cut. A repeated message causes no cut. */
    synchronized long cuts() {
        return cuts;
    }

    synchronized long received() {
        return received;
    }

    synchronized long acknowledged() {
        return acknowledged;
    }

    /** Starts on the same port as before {@link #stop}, with the same conversations. */
    void start() {
        WebSocketConnectionCallback callback = (exchange, channel) -> accept(channel);
        Hybi13Handshake handshake = new Hybi13Handshake(Set.of("tidings.v1.proto", "tidings.v1.json"), false);
        Undertow started = Undertow.builder()
                .addHttpListener(port, "127.0.0.1")
                .setIoThreads(1)
                .setWorkerThreads(2)
                .setHandler(Handlers.path()
                        .addExactPath("/v1/ws", new WebSocketProtocolHandshakeHandler(List.of(handshake), callback))
                        .addExactPath("/v1/dev/token", FakeGateway::token))
                .build();
        started.start();
        port = ((InetSocketAddress) started.getListenerInfo().getFirst().getAddress()).getPort();
        server = started;
    }

    /** Rejects the next so many connects with OVERLOADED and advice to return. */
    synchronized void overload(int clients) {
        overloaded = clients;
    }

    /** Disconnects the sessions of these users with DRAINING and advice to return within the jitter. */
    synchronized void drain(Predicate<String> userIds, Duration jitter) {
        for (Session session : List.copyOf(sessions.values())) {
            if (userIds.test(session.userId)) {
                disconnect(session, Disconnect.Code.DRAINING, jitter);
            }
        }
    }

    private void disconnect(Session session, Disconnect.Code code, Duration jitter) {
        Disconnect advice = Disconnect.newBuilder()
                .setCode(code)
                .setReconnect(true)
                .setJitterMs((int) jitter.toMillis())
                .build();
        write(session, ServerFrame.newBuilder().setDisconnect(advice).build());
        sessions.remove(session.userId, session);
        WebSockets.sendClose(1001, "going away", session.channel, null);
    }

    /** Closes all connections without a word of the protocol, as a killed process does. */
    void stop() {
        synchronized (this) {
            sessions.values().forEach(session -> IoUtils.safeClose(session.channel));
            sessions.clear();
        }
        if (server != null) {
            server.stop();
        }
    }

    @Override
    public void close() {
        stop();
    }

    private static void token(HttpServerExchange exchange) {
        exchange.getRequestReceiver().receiveFullString((request, body) -> {
            try {
                String userId = ProtoJson.parse(body, Struct.newBuilder())
                        .getFieldsOrThrow("userId")
                        .getStringValue();
                request.getResponseSender().send("{\"token\":\"" + userId + "\"}");
            } catch (InvalidProtocolBufferException e) {
                request.setStatusCode(400).endExchange();
            }
        });
    }

    private void accept(WebSocketChannel channel) {
        Session session = new Session(channel);
        channel.getReceiveSetter().set(new AbstractReceiveListener() {
            @Override
            protected void onFullBinaryMessage(WebSocketChannel from, BufferedBinaryMessage message) {
                var data = message.getData();
                try {
                    receive(session, ClientFrame.parseFrom(WebSockets.mergeBuffers(data.getResource())));
                } catch (InvalidProtocolBufferException e) {
                    IoUtils.safeClose(from);
                } finally {
                    data.free();
                }
            }

            @Override
            protected void onFullTextMessage(WebSocketChannel from, BufferedTextMessage message) {
                try {
                    receive(
                            session,
                            ProtoJson.parse(message.getData(), ClientFrame.newBuilder())
                                    .build());
                } catch (InvalidProtocolBufferException e) {
                    IoUtils.safeClose(from);
                }
            }
        });
        channel.resumeReceives();
    }

    private synchronized void receive(Session session, ClientFrame frame) {
        switch (frame.getBodyCase()) {
            case CONNECT -> {
                session.userId = frame.getConnect().getToken();
                sessions.put(session.userId, session);
                if (overloaded > 0) {
                    overloaded--;
                    disconnect(session, Disconnect.Code.OVERLOADED, Duration.ofMillis(50));
                    return;
                }
                boolean resumed = frame.getConnect().hasResume();
                Connected connected = Connected.newBuilder()
                        .setUserId(session.userId)
                        .setHeartbeatSeconds(HEARTBEAT_SECONDS)
                        .setResumed(resumed)
                        .build();
                reply(session, frame, ServerFrame.newBuilder().setConnected(connected));
                if (resumed) {
                    sync(session, frame);
                }
                conversations.forEach((id, conversation) -> {
                    if (conversation.isLarge() && conversation.members.contains(session.userId)) {
                        write(session, head(id, conversation));
                    }
                });
            }
            case HEARTBEAT ->
                reply(session, frame, ServerFrame.newBuilder().setHeartbeat(HeartbeatReply.getDefaultInstance()));
            case SEND -> {
                if (++received == stallAt) {
                    long end = System.nanoTime() + stall.toNanos();
                    while (System.nanoTime() < end) {
                        LockSupport.parkNanos(end - System.nanoTime());
                    }
                }
                take(session, frame, received % FAULT_EVERY == 0 ? fault : Fault.NONE);
            }
            case ACK -> {
                if (frame.getAck().getUpTo() > session.deliverySeq) {
                    throw new AssertionError("acknowledged what was not delivered");
                }
                acknowledged++;
            }
            case PULL -> pull(session, frame, frame.getPull());
            case PULL_MANY -> frame.getPullMany().getPullsList().forEach(pull -> pull(session, frame, pull));
            case SYNC -> sync(session, frame);
            case GROUP -> group(session, frame);
            case ROOM -> join(session, frame);
            case PRESENCE ->
                frame.getPresence()
                        .getUserIdsList()
                        .forEach(userId -> reply(
                                session,
                                frame,
                                ServerFrame.newBuilder()
                                        .setPresence(Presence.newBuilder().setUserId(userId))));
            case MARK_READ,
                    EDIT,
                    RECALL,
                    DELETE_FOR_ME,
                    REACT,
                    PIN,
                    FRIEND,
                    TYPING,
                    RECEIPTS,
                    SETTINGS,
                    PROFILE,
                    DEVICES,
                    REFRESH_TOKEN,
                    SEARCH,
                    USERS,
                    PATCH_USER,
                    USER_SEARCH,
                    HISTORY,
                    REVOKE_DEVICE,
                    REGISTER_PUSH,
                    BODY_NOT_SET -> throw new AssertionError("not expected: " + frame.getBodyCase());
        }
    }

    private void take(Session session, ClientFrame frame, Fault fault) {
        if (fault == Fault.FAIL) {
            Error error = Error.newBuilder()
                    .setCode(Error.Code.OVERLOADED)
                    .setRetryable(true)
                    .setRetryAfterMs(20)
                    .build();
            reply(session, frame, ServerFrame.newBuilder().setError(error));
            return;
        }
        reply(session, frame, ServerFrame.newBuilder().setAccepted(Accepted.getDefaultInstance()));
        switch (fault) {
            case SWALLOW -> {}
            case REFUSE -> reply(session, frame, ServerFrame.newBuilder().setRefused(Refusal.getDefaultInstance()));
            case SEQUENCE_LATE -> session.lateCommand = frame;
            default -> {
                decide(session, frame, fault);
                ClientFrame late = session.lateCommand;
                session.lateCommand = null;
                if (late != null) {
                    decide(session, late, Fault.NONE);
                }
            }
        }
    }

    private void decide(Session session, ClientFrame frame, Fault fault) {
        Send send = frame.getSend();
        BenchConversation conversation =
                conversations.computeIfAbsent(send.getConversationId(), id -> new BenchConversation());
        String key = session.userId + '/' + send.getClientMsgId();
        ConversationEvent known = conversation.byClientMsgId.get(key);
        if (known != null) {
            reply(session, frame, sequenced(known, true));
            return;
        }
        conversation.newest += fault == Fault.GAP ? 2 : 1;
        ConversationEvent event = event(session.userId, send, conversation.newest);
        conversation.byClientMsgId.put(key, event);
        if (fault != Fault.LOSE) {
            conversation.history.put(event.getSeq(), event);
        }
        List<Session> receivers = receivers(send.getConversationId(), conversation, session.userId);
        if (fault == Fault.CUT) {
            cuts++;
            IoUtils.safeClose(session.channel);
            receivers.forEach(receiver -> IoUtils.safeClose(receiver.channel));
            return;
        }
        reply(session, frame, sequenced(event, false));
        if (fault == Fault.DUPLICATE && !receivers.isEmpty()) {
            conversation.newest++;
        }
        receivers.forEach(receiver -> hand(receiver, event, conversation.newest, fault));
    }

    private static void hand(Session receiver, ConversationEvent event, long newest, Fault fault) {
        switch (fault) {
            case LOSE, HIDE -> {}
            case DELIVER_LATE -> receiver.late = event;
            case DUPLICATE -> {
                deliver(receiver, event);
                deliver(receiver, event.toBuilder().setSeq(newest).build());
            }
            case REDELIVER -> {
                deliver(receiver, event);
                receiver.deliverySeq--;
                deliver(receiver, event);
            }
            case ALTER -> deliver(receiver, altered(event));
            default -> {
                deliver(receiver, event);
                ConversationEvent late = receiver.late;
                receiver.late = null;
                if (late != null) {
                    deliver(receiver, late);
                }
            }
        }
    }

    private void group(Session session, ClientFrame frame) {
        GroupCommand command = frame.getGroup();
        String id = command.getConversationId();
        BenchConversation conversation = conversations.computeIfAbsent(id, newId -> new BenchConversation());
        reply(session, frame, ServerFrame.newBuilder().setAccepted(Accepted.getDefaultInstance()));
        switch (command.getBodyCase()) {
            case CREATE -> {
                if (conversation.members.isEmpty()) {
                    grow(session, frame, conversation, command.getCreate().getMembersList());
                } else {
                    Refusal refusal = Refusal.newBuilder()
                            .setReason(Refusal.Reason.GROUP_EXISTS)
                            .build();
                    reply(session, frame, ServerFrame.newBuilder().setRefused(refusal));
                }
            }
            case ADD_MEMBERS ->
                grow(session, frame, conversation, command.getAddMembers().getUserIdsList());
            case DESCRIBE -> {
                GroupDescription description = GroupDescription.newBuilder()
                        .setConversationId(id)
                        .setMemberCount(conversation.members.size())
                        .setLarge(conversation.isLarge())
                        .build();
                reply(session, frame, ServerFrame.newBuilder().setGroup(description));
            }
            default -> throw new AssertionError("not expected: " + command.getBodyCase());
        }
    }

    /** Adds the user to a room: only users who have joined get its events. */
    private void join(Session session, ClientFrame frame) {
        String id = frame.getRoom().getConversationId();
        BenchConversation room = conversations.computeIfAbsent(id, newId -> new BenchConversation());
        room.members.add(session.userId);
        reply(session, frame, ServerFrame.newBuilder().setAccepted(Accepted.getDefaultInstance()));
        reply(session, frame, ServerFrame.newBuilder().setApplied(Applied.getDefaultInstance()));
        reply(session, frame, head(id, room).toBuilder());
        reply(
                session,
                frame,
                ServerFrame.newBuilder()
                        .setEvents(Events.newBuilder().setConversationId(id).setHeadSeq(room.newest)));
    }

    private static void grow(Session session, ClientFrame frame, BenchConversation conversation, List<String> members) {
        conversation.members.addAll(members);
        conversation.newest++;
        ConversationEvent event = ConversationEvent.newBuilder()
                .setConversationId(frame.getGroup().getConversationId())
                .setSeq(conversation.newest)
                .setMembersAdded(MembersAdded.newBuilder().addAllUserIds(members))
                .build();
        conversation.history.put(event.getSeq(), event);
        reply(session, frame, sequenced(event, false));
    }

    /** Sends all views of the user, whatever they had before, on two pages. */
    private void sync(Session session, ClientFrame frame) {
        SyncPage.Builder page = SyncPage.newBuilder().setVersion(++version);
        reply(session, frame, ServerFrame.newBuilder().setSyncPage(page.setDone(false)));
        conversations.forEach((id, conversation) -> {
            if (List.of(id.substring(2).split(":", -1)).contains(session.userId)) {
                page.addViews(
                        ConversationView.newBuilder().setConversationId(id).setLastSeq(conversation.newest));
            }
        });
        reply(session, frame, ServerFrame.newBuilder().setSyncPage(page.setDone(true)));
    }

    private void pull(Session session, ClientFrame frame, Pull pull) {
        BenchConversation conversation =
                conversations.computeIfAbsent(pull.getConversationId(), id -> new BenchConversation());
        long to = pull.getToSeq() == 0 ? conversation.newest : Math.min(pull.getToSeq(), conversation.newest);
        long from = Math.max(pull.getFromSeq(), to - MAX_PULL_EVENTS + 1);
        Events.Builder events =
                Events.newBuilder().setConversationId(pull.getConversationId()).setHeadSeq(conversation.newest);
        if (from <= to) {
            events.addAllEvents(
                    conversation.history.subMap(from, true, to, true).values());
        }
        reply(session, frame, ServerFrame.newBuilder().setEvents(events));
    }

    private static void deliver(Session receiver, ConversationEvent event) {
        Events events = Events.newBuilder()
                .setDeliverySeq(++receiver.deliverySeq)
                .setConversationId(event.getConversationId())
                .addEvents(event)
                .build();
        write(receiver, ServerFrame.newBuilder().setEvents(events).build());
    }

    private static ServerFrame head(String id, BenchConversation conversation) {
        return ServerFrame.newBuilder()
                .setHead(HeadNotice.newBuilder().setConversationId(id).setLastSeq(conversation.newest))
                .build();
    }

    private static void reply(Session session, ClientFrame to, ServerFrame.Builder answer) {
        write(session, answer.setId(to.getId()).build());
    }

    private static void write(Session session, ServerFrame frame) {
        if ("tidings.v1.json".equals(session.channel.getSubProtocol())) {
            byte[] json = ProtoJson.print(frame).getBytes(StandardCharsets.UTF_8);
            WebSockets.sendText(ByteBuffer.wrap(json), session.channel, null);
        } else {
            WebSockets.sendBinary(ByteBuffer.wrap(frame.toByteArray()), session.channel, null);
        }
    }

    private static ServerFrame.Builder sequenced(ConversationEvent event, boolean duplicate) {
        return ServerFrame.newBuilder()
                .setSequenced(Sequenced.newBuilder()
                        .setConversationId(event.getConversationId())
                        .setSeq(event.getSeq())
                        .setMessageId(event.getMessageSent().getMessageId())
                        .setDuplicate(duplicate));
    }

    private static ConversationEvent event(String sender, Send send, long seq) {
        return ConversationEvent.newBuilder()
                .setConversationId(send.getConversationId())
                .setSeq(seq)
                .setMessageSent(MessageSent.newBuilder()
                        .setMessageId(sender + '/' + send.getClientMsgId())
                        .setSender(sender)
                        .setClientMsgId(send.getClientMsgId())
                        .setContent(send.getContent()))
                .build();
    }

    private static ConversationEvent altered(ConversationEvent event) {
        Content content = Content.newBuilder()
                .setText(TextContent.newBuilder().setBody("something else"))
                .build();
        return event.toBuilder()
                .setMessageSent(event.getMessageSent().toBuilder().setContent(content))
                .build();
    }

    private List<Session> receivers(String conversationId, BenchConversation conversation, String sender) {
        Stream<String> others = conversation.members.isEmpty()
                ? Stream.of(partner(conversationId, sender))
                : conversation.members.stream().filter(member -> !member.equals(sender));
        return others.flatMap(userId -> Stream.ofNullable(sessions.get(userId))).toList();
    }

    private static String partner(String conversationId, String userId) {
        String[] users = conversationId.substring(2).split(":", -1);
        return users[0].equals(userId) ? users[1] : users[0];
    }
}
