package dev.tidings.gateway.http;

import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import dev.tidings.gateway.auth.ClientAddress;
import dev.tidings.gateway.frame.FrameCodec;
import dev.tidings.gateway.session.BufferBudget;
import dev.tidings.gateway.session.ClientSession;
import dev.tidings.gateway.session.Sessions;
import dev.tidings.gateway.session.Transport;
import dev.tidings.gateway.transport.QueuedTransport;
import dev.tidings.schemas.Limits;
import dev.tidings.v1.Error;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import io.undertow.websockets.WebSocketConnectionCallback;
import io.undertow.websockets.WebSocketProtocolHandshakeHandler;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.protocol.Handshake;
import io.undertow.websockets.core.protocol.version13.Hybi13Handshake;
import io.undertow.websockets.spi.WebSocketHttpExchange;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code /v1/ws}: checks the handshake and makes a session of each socket. */
final class WebSocketEndpoint {

    private final Sessions sessions;
    private final Function<Transport, ClientSession> newSession;
    private final ClientAddress clientAddress;
    private final int compressFromBytes;
    private final BufferBudget budget;
    private final Executor closeNotifier;
    private final Executor writers;
    private final Meter framesIn;
    private final Meter framesOut;

    /**
     * @param compressFromBytes see {@link HttpPort}
     * @param closeNotifier notifies sessions that their sockets are closed; must not run in the caller
     * @param writers encodes and writes frames; must not run in the caller
     */
    WebSocketEndpoint(
            Sessions sessions,
            Function<Transport, ClientSession> newSession,
            ClientAddress clientAddress,
            int compressFromBytes,
            BufferBudget budget,
            Executor closeNotifier,
            Executor writers,
            MetricRegistry metrics) {
        this.sessions = sessions;
        this.newSession = newSession;
        this.clientAddress = clientAddress;
        this.compressFromBytes = compressFromBytes;
        this.budget = budget;
        this.closeNotifier = closeNotifier;
        this.writers = writers;
        this.framesIn = metrics.meter("tidings.gateway.frames.in");
        this.framesOut = metrics.meter("tidings.gateway.frames.out");
    }

    HttpHandler handler(HttpHandler ifNoWebSocket) {
        HttpHandler handshake = new WebSocketProtocolHandshakeHandler(
                List.of(versionThirteen()), (WebSocketConnectionCallback) this::accept, ifNoWebSocket);
        return exchange -> {
            if (isUpgrade(exchange) && !offersSubprotocol(exchange)) {
                refuseSubprotocol(exchange);
            } else {
                handshake.handleRequest(exchange);
            }
        };
    }

    private Handshake versionThirteen() {
        boolean compresses = compressFromBytes > 0;
        Hybi13Handshake handshake = new Hybi13Handshake(FrameCodec.SUBPROTOCOLS, compresses);
        if (compresses) {
            handshake.addExtension(new PermessageDeflate(compressFromBytes, Limits.FRAME, budget));
        }
        return handshake;
    }

    /** Not every upgrade is to WebSocket: Java's HTTP client offers HTTP/2 in every request. */
    private static boolean isUpgrade(HttpServerExchange exchange) {
        return "websocket".equalsIgnoreCase(exchange.getRequestHeaders().getFirst(Headers.UPGRADE));
    }

    private static boolean offersSubprotocol(HttpServerExchange exchange) {
        @Nullable HeaderValues offers = exchange.getRequestHeaders().get(Headers.SEC_WEB_SOCKET_PROTOCOL);
        return offers != null
                && offers.stream()
                        .flatMap(offer -> Arrays.stream(offer.split(",")))
                        .anyMatch(offer -> FrameCodec.SUBPROTOCOLS.contains(offer.strip()));
    }

    private static void refuseSubprotocol(HttpServerExchange exchange) {
        Problem.send(
                exchange,
                StatusCodes.BAD_REQUEST,
                Error.Code.INVALID_ARGUMENT,
                "Sec-WebSocket-Protocol is "
                        + exchange.getRequestHeaders().getFirst(Headers.SEC_WEB_SOCKET_PROTOCOL)
                        + "; tidings.v1.json or tidings.v1.proto is required");
    }

    private void accept(WebSocketHttpExchange exchange, WebSocketChannel channel) {
        FrameCodec codec = FrameCodec.of(channel.getSubProtocol());
        QueuedTransport transport = new QueuedTransport(
                new WebSocketWriter(channel, codec), address(exchange, channel), codec, writers, budget, framesOut);
        ClientSession session = newSession.apply(transport);
        FrameReader reader = new FrameReader(session, codec, transport, framesIn);
        sessions.connected(session);
        // Undertow calls this under a lock that writing needs, too: another thread notifies the session
        channel.addCloseTask(closed -> {
            transport.connectionGone();
            closeNotifier.execute(session::onClosed);
        });
        channel.getReceiveSetter().set(reader);
        channel.resumeReceives();
    }

    /** Returns null if the socket is closed already. */
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
}
