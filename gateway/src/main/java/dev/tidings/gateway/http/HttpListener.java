package dev.tidings.gateway.http;

import com.codahale.metrics.MetricRegistry;
import dev.tidings.gateway.auth.ClientAddress;
import dev.tidings.gateway.auth.DevTokens;
import dev.tidings.gateway.monitoring.HealthListener;
import dev.tidings.gateway.monitoring.ProcessMetrics;
import dev.tidings.gateway.session.BufferBudget;
import dev.tidings.gateway.session.ClientSession;
import dev.tidings.gateway.session.Sessions;
import dev.tidings.gateway.session.Transport;
import dev.tidings.gateway.tls.TlsCertificates;
import dev.tidings.schemas.settings.SettingsException;
import dev.tidings.v1.Error;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.undertow.server.handlers.PathHandler;
import io.undertow.server.handlers.SetHeaderHandler;
import io.undertow.server.handlers.resource.ClassPathResourceManager;
import io.undertow.server.handlers.resource.ResourceHandler;
import io.undertow.util.StatusCodes;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.xnio.Options;
import org.xnio.Sequence;

/** The HTTP server of a gateway: all its paths on one port. */
public final class HttpListener implements AutoCloseable {

    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data: https: http:; frame-ancestors 'none'";

    /** A connection without a request is closed after this time. */
    private static final int NO_REQUEST_MILLIS = 60_000;

    /** A connection is closed if the line and headers of a request take longer. */
    private static final int REQUEST_MILLIS = 10_000;

    private final Undertow server;
    private final int port;

    /**
     * @param budget the memory of all sockets together
     * @param closeNotifier notifies sessions that their sockets are closed; must not run in the caller
     * @param writers encodes and writes frames; must not run in the caller
     * @param rest serves all paths under {@code /v1} that are not served here
     * @param devTokens null: no development tokens are issued
     * @param missing the reasons why the gateway is not ready; empty: it is ready
     */
    public static HttpListener open(
            HttpPort address,
            ClientAddress clientAddress,
            Sessions sessions,
            Function<Transport, ClientSession> newSession,
            BufferBudget budget,
            Executor closeNotifier,
            Executor writers,
            HttpHandler rest,
            @Nullable DevTokens devTokens,
            Supplier<List<String>> missing,
            MetricRegistry metrics) {
        WebSocketEndpoint endpoint = new WebSocketEndpoint(
                sessions,
                newSession,
                clientAddress,
                address.compressFromBytes(),
                budget,
                closeNotifier,
                writers,
                metrics);
        PathHandler paths = (address.hasMetrics()
                        ? HealthListener.addTo(
                                new PathHandler(), missing, metrics, List.of(new ProcessMetrics("gateway")))
                        : HealthListener.addHealthTo(new PathHandler(), missing))
                .addPrefixPath("/", page())
                .addPrefixPath("/v1", rest)
                .addExactPath(
                        "/v1/ws",
                        endpoint.handler(exchange -> Problem.send(
                                exchange,
                                StatusCodes.UPGRADE_REQUIRED,
                                Error.Code.INVALID_ARGUMENT,
                                "this is a WebSocket endpoint")));
        if (devTokens != null) {
            paths.addExactPath("/v1/dev/token", new DevTokenHandler(devTokens));
        }
        Undertow server = listening(address)
                .setHandler(paths)
                .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, NO_REQUEST_MILLIS)
                .setServerOption(UndertowOptions.REQUEST_PARSE_TIMEOUT, REQUEST_MILLIS)
                // the REST API decodes URLs itself, and answers wrong ones with a problem
                .setServerOption(UndertowOptions.DECODE_URL, false)
                .setSocketOption(Options.TCP_NODELAY, true)
                .build();
        try {
            server.start();
        } catch (RuntimeException e) {
            throw new SettingsException("gateway.http-port: cannot listen on " + address.host() + ':' + address.port()
                    + ": " + (e.getCause() == null ? e : e.getCause()).getMessage());
        }
        return new HttpListener(server);
    }

    private static Undertow.Builder listening(HttpPort address) {
        TlsCertificates certificates = address.certificates();
        return certificates == null
                ? Undertow.builder().addHttpListener(address.port(), address.host())
                : Undertow.builder()
                        .addHttpsListener(address.port(), address.host(), certificates.serverContext())
                        .setSocketOption(Options.SSL_ENABLED_PROTOCOLS, Sequence.of(TlsCertificates.PROTOCOLS));
    }

    private HttpListener(Undertow server) {
        this.server = server;
        this.port = ((InetSocketAddress) server.getListenerInfo().getFirst().getAddress()).getPort();
    }

    public int port() {
        return port;
    }

    private static HttpHandler page() {
        HttpHandler files = new ResourceHandler(
                        new ClassPathResourceManager(HttpListener.class.getClassLoader(), "web"),
                        exchange -> Problem.send(
                                exchange,
                                StatusCodes.NOT_FOUND,
                                Error.Code.INVALID_ARGUMENT,
                                "there is no resource " + exchange.getRequestPath()))
                .setCacheTime(0);
        return new SetHeaderHandler(
                new SetHeaderHandler(files, "Content-Security-Policy", CONTENT_SECURITY_POLICY),
                "X-Content-Type-Options",
                "nosniff");
    }

    @Override
    public void close() {
        server.stop();
    }
}
