package dev.tidings.gateway.rest;

import dev.tidings.gateway.auth.Authenticator;
import dev.tidings.gateway.auth.ClientAddress;
import dev.tidings.gateway.http.HttpListener;
import dev.tidings.gateway.http.HttpPort;
import dev.tidings.gateway.session.TestGateway;
import dev.tidings.gateway.token.TokenService;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** The HTTP port of a {@link TestGateway} with its REST API: real HTTP, while tests answer for the topologies. */
public final class RestServer implements AutoCloseable {

    /** A page of this origin may use the API. */
    static final String ORIGIN = "https://chat.example.org";

    private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpListener listener;

    RestServer(TestGateway gateway, Authenticator authenticator) {
        this(gateway, authenticator, null);
    }

    /** @param tokens null: there is no token service */
    public RestServer(TestGateway gateway, Authenticator authenticator, @Nullable TokenService tokens) {
        ClientAddress direct = new ClientAddress(List.of());
        RestHandler rest = new RestHandler(
                new RestApi(gateway.requests, gateway.operators, tokens),
                authenticator,
                gateway.bans,
                direct,
                gateway.limits,
                gateway.budget,
                gateway.sessions::isDraining,
                blocking,
                gateway.metrics);
        listener = HttpListener.open(
                HttpPort.anyLocal(),
                direct,
                gateway.sessions,
                gateway::session,
                gateway.budget,
                blocking,
                blocking,
                new CrossOrigin(Set.of(ORIGIN)).around(rest),
                null,
                List::of,
                gateway.metrics);
    }

    public int port() {
        return listener.port();
    }

    /** @param path with its query */
    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    @Override
    public void close() {
        listener.close();
        blocking.shutdownNow();
    }
}
