package dev.tidings.ops.e2e;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Connected;
import dev.tidings.v1.Disconnect;
import dev.tidings.v1.HeartbeatReply;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.SyncPage;
import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.server.handlers.resource.ClassPathResourceManager;
import io.undertow.websockets.WebSocketConnectionCallback;
import io.undertow.websockets.WebSocketProtocolHandshakeHandler;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import io.undertow.websockets.core.protocol.version13.Hybi13Handshake;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;

/** Serves the real chat page, and does to each of its connections what a test says: who comes back when is what is asked. */
final class ScriptedGateway implements AutoCloseable {

    /** What becomes of a connection. */
    sealed interface Fate {

        /** It is cut at the first frame, without a word. */
        record Cut() implements Fate {}

        /** It is greeted, and cut then. */
        record CutOnceConnected() implements Fate {}

        /** It is told this in answer to its first frame. */
        record SentAway(Disconnect advice) implements Fate {}

        /** It is served as long as it likes. */
        record Served() implements Fate {}
    }

    private final Undertow server;
    private final IntFunction<Fate> fates;
    private final List<Long> arrivalsNanos = new ArrayList<>();

    /** @param fates of the connections, counted from 0 */
    ScriptedGateway(IntFunction<Fate> fates) {
        this.fates = fates;
        WebSocketConnectionCallback callback = (exchange, channel) -> accept(channel);
        this.server = Undertow.builder()
                .addHttpListener(0, "127.0.0.1")
                .setIoThreads(1)
                .setWorkerThreads(2)
                .setHandler(Handlers.path()
                        .addPrefixPath(
                                "/",
                                Handlers.resource(
                                        new ClassPathResourceManager(ScriptedGateway.class.getClassLoader(), "web")))
                        .addExactPath(
                                "/v1/ws",
                                new WebSocketProtocolHandshakeHandler(
                                        List.of(new Hybi13Handshake(Set.of("tidings.v1.json"), false)), callback))
                        .addExactPath(
                                "/v1/dev/token",
                                exchange -> exchange.getResponseSender().send("{\"token\":\"of nobody\"}")))
                .build();
        server.start();
    }

    URI url() {
        int port = ((InetSocketAddress) server.getListenerInfo().getFirst().getAddress()).getPort();
        return URI.create("http://127.0.0.1:" + port);
    }

    synchronized int arrivals() {
        return arrivalsNanos.size();
    }

    /** How long after this connection's end, which followed at once, the next one came. */
    synchronized long pauseMillisAfter(int connection) {
        return (arrivalsNanos.get(connection + 1) - arrivalsNanos.get(connection)) / 1_000_000;
    }

    @Override
    public void close() {
        server.stop();
    }

    private synchronized void accept(WebSocketChannel channel) {
        Fate fate = fates.apply(arrivalsNanos.size());
        arrivalsNanos.add(System.nanoTime());
        channel.getReceiveSetter().set(new AbstractReceiveListener() {
            @Override
            protected void onFullTextMessage(WebSocketChannel from, BufferedTextMessage message) throws IOException {
                try {
                    answer(
                            from,
                            fate,
                            ProtoJson.parse(message.getData(), ClientFrame.newBuilder())
                                    .build());
                } catch (InvalidProtocolBufferException e) {
                    throw new IOException(e);
                }
            }
        });
        channel.resumeReceives();
    }

    private static void answer(WebSocketChannel channel, Fate fate, ClientFrame frame) {
        switch (fate) {
            case Fate.Cut() -> IoUtils.safeClose(channel);
            case Fate.CutOnceConnected() -> {
                if (frame.hasConnect()) {
                    send(channel, connected(frame));
                } else {
                    IoUtils.safeClose(channel);
                }
            }
            case Fate.SentAway(Disconnect advice) -> {
                send(channel, ServerFrame.newBuilder().setDisconnect(advice).build());
                WebSockets.sendClose(4503, "unavailable", channel, null);
            }
            case Fate.Served() -> {
                ServerFrame reply = reply(frame);
                if (reply != null) {
                    send(channel, reply);
                }
            }
        }
    }

    private static @Nullable ServerFrame reply(ClientFrame frame) {
        ServerFrame.Builder reply = ServerFrame.newBuilder().setId(frame.getId());
        if (frame.hasConnect()) {
            return connected(frame);
        }
        if (frame.hasSync()) {
            return reply.setSyncPage(SyncPage.newBuilder().setVersion(1).setDone(true))
                    .build();
        }
        return frame.hasHeartbeat()
                ? reply.setHeartbeat(HeartbeatReply.getDefaultInstance()).build()
                : null;
    }

    private static ServerFrame connected(ClientFrame frame) {
        return ServerFrame.newBuilder()
                .setId(frame.getId())
                .setConnected(Connected.newBuilder()
                        .setSessionId("s")
                        .setUserId("peggy")
                        .setHeartbeatSeconds(10)
                        .setResumed(false))
                .build();
    }

    private static void send(WebSocketChannel channel, ServerFrame frame) {
        WebSockets.sendText(ProtoJson.print(frame), channel, null);
    }
}
