package dev.tidings.gateway.http;

import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import dev.tidings.gateway.auth.ClientAddress;
import dev.tidings.gateway.frame.FrameCodec;
import dev.tidings.gateway.session.ClientSession;
import dev.tidings.gateway.session.Sessions;
import dev.tidings.gateway.session.Transport;
import io.undertow.server.HttpHandler;
import io.undertow.websockets.WebSocketConnectionCallback;
import io.undertow.websockets.WebSocketProtocolHandshakeHandler;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedBinaryMessage;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import io.undertow.websockets.core.protocol.version13.Hybi13Handshake;
import io.undertow.websockets.spi.WebSocketHttpExchange;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.xnio.Pooled;

/** {@code /v1/ws}: sockets become sessions, messages become frames. */
final class WebSocketEndpoint {

    private final Sessions sessions;
    private final Function<Transport, ClientSession> newSession;
    private final int maxFrameBytes;
    private final ClientAddress clientAddress;
    private final Executor ending;
    private final Meter framesIn;
    private final Meter framesOut;

    /** @param ending lets sessions know that their sockets are gone, in a thread of its own */
    WebSocketEndpoint(
            Sessions sessions,
            Function<Transport, ClientSession> newSession,
            int maxFrameBytes,
            ClientAddress clientAddress,
            Executor ending,
            MetricRegistry metrics) {
        this.sessions = sessions;
        this.newSession = newSession;
        this.maxFrameBytes = maxFrameBytes;
        this.clientAddress = clientAddress;
        this.ending = ending;
        this.framesIn = metrics.meter("tidings.gateway.frames.in");
        this.framesOut = metrics.meter("tidings.gateway.frames.out");
    }

    HttpHandler handler(HttpHandler ifNoWebSocket) {
        return new WebSocketProtocolHandshakeHandler(
                List.of(new Hybi13Handshake(FrameCodec.SUBPROTOCOLS, false)),
                (WebSocketConnectionCallback) this::accept,
                ifNoWebSocket);
    }

    private void accept(WebSocketHttpExchange exchange, WebSocketChannel channel) {
        FrameCodec codec = FrameCodec.of(channel.getSubProtocol());
        ClientSession session =
                newSession.apply(new WebSocketTransport(channel, address(exchange, channel), codec, framesOut));
        sessions.connected(session);
        // Undertow says so under a lock that sending needs, too, and a session sends under its own: not in this thread.
        channel.addCloseTask(closed -> ending.execute(session::onClosed));
        channel.getReceiveSetter().set(new FrameListener(session, codec));
        channel.resumeReceives();
    }

    /** Null where the socket is gone already. */
    private @Nullable InetAddress address(WebSocketHttpExchange exchange, WebSocketChannel channel) {
        InetSocketAddress peer = channel.getSourceAddress();
        if (peer == null || peer.getAddress() == null) {
            return null;
        }
        String forwardedFor = exchange.getRequestHeaders().entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase("X-Forwarded-For"))
                .flatMap(header -> header.getValue().stream())
                .collect(Collectors.joining(","));
        return clientAddress.of(peer.getAddress(), forwardedFor);
    }

    private final class FrameListener extends AbstractReceiveListener {

        private final ClientSession session;
        private final FrameCodec codec;

        FrameListener(ClientSession session, FrameCodec codec) {
            this.session = session;
            this.codec = codec;
        }

        @Override
        protected void onFullTextMessage(WebSocketChannel channel, BufferedTextMessage message) {
            framesIn.mark();
            if (codec == FrameCodec.JSON) {
                session.onText(message.getData());
            } else {
                session.onInvalidFrame("", "this subprotocol has binary frames, and this is text");
            }
        }

        @Override
        protected void onFullBinaryMessage(WebSocketChannel channel, BufferedBinaryMessage message) {
            framesIn.mark();
            try (Pooled<ByteBuffer[]> data = message.getData()) {
                if (codec == FrameCodec.PROTO) {
                    session.onBytes(WebSockets.mergeBuffers(data.getResource()));
                } else {
                    session.onInvalidFrame("", "this subprotocol has text frames, and this is binary");
                }
            }
        }

        @Override
        protected long getMaxTextBufferSize() {
            return maxFrameBytes;
        }

        @Override
        protected long getMaxBinaryBufferSize() {
            return maxFrameBytes;
        }
    }
}
