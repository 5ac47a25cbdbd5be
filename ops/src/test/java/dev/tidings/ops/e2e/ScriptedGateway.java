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

/** Serves the real chat page and treats each of its connections as a test prescribes. Records when the page connects. */
final class ScriptedGateway implements AutoCloseable {

    /** The treatment of one connection. */
    sealed interface Script {

        /** Closes the socket at the first frame. */
        record Cut() implements Script {}

        /** Answers {@code connect} and closes the socket at the next frame. */
        record CutAfterConnect() implements Script {}

        /** Answers the first frame with a disconnect and closes the WebSocket. */
        record SendAway(Disconnect advice) implements Script {}

        /** Answers every frame. */
        record Serve() implements Script {}
    }

    private final Undertow server;
    private final IntFunction<Script> scripts;
    private final List<Long> connectedNanos = new ArrayList<>();

    /** @param scripts by the number of the connection, from 0 */
    ScriptedGateway(IntFunction<Script> scripts) {
        this.scripts = scripts;
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
                                exchange -> exchange.getResponseSender().send("{\"token\":\"any\"}")))
                .build();
        server.start();
    }

    URI url() {
        int port = ((InetSocketAddress) server.getListenerInfo().getFirst().getAddress()).getPort();
        return URI.create("http://127.0.0.1:" + port);
    }

    synchronized int connections() {
        return connectedNanos.size();
    }

    /** Returns the time between this connection, which ended at once, and the next one. */
    synchronized long pauseMillisAfter(int connection) {
        return (connectedNanos.get(connection + 1) - connectedNanos.get(connection)) / 1_000_000;
    }

    @Override
    public void close() {
        server.stop();
    }

    private synchronized void accept(WebSocketChannel channel) {
        Script script = scripts.apply(connectedNanos.size());
        connectedNanos.add(System.nanoTime());
        channel.getReceiveSetter().set(new AbstractReceiveListener() {
            @Override
            protected void onFullTextMessage(WebSocketChannel from, BufferedTextMessage message) throws IOException {
                try {
                    answer(
                            from,
                            script,
                            ProtoJson.parse(message.getData(), ClientFrame.newBuilder())
                                    .build());
                } catch (InvalidProtocolBufferException e) {
                    throw new IOException(e);
                }
            }
        });
        channel.resumeReceives();
    }

    private static void answer(WebSocketChannel channel, Script script, ClientFrame frame) {
        switch (script) {
            case Script.Cut() -> IoUtils.safeClose(channel);
            case Script.CutAfterConnect() -> {
                if (frame.hasConnect()) {
                    send(channel, connected(frame));
                } else {
                    IoUtils.safeClose(channel);
                }
            }
            case Script.SendAway(Disconnect advice) -> {
                send(channel, ServerFrame.newBuilder().setDisconnect(advice).build());
                WebSockets.sendClose(4503, "unavailable", channel, null);
            }
            case Script.Serve() -> {
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
