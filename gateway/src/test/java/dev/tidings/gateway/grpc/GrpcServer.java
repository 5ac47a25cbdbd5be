package dev.tidings.gateway.grpc;

import dev.tidings.gateway.api.UserAuthentication;
import dev.tidings.gateway.auth.Authenticator;
import dev.tidings.gateway.auth.ClientAddress;
import dev.tidings.gateway.session.TestGateway;
import dev.tidings.gateway.tls.TlsCertificates;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** The gRPC port of a {@link TestGateway}: real gRPC, while tests answer for the topologies. */
final class GrpcServer implements AutoCloseable {

    /** The reasons why the gateway is not ready. */
    final List<String> missing = new CopyOnWriteArrayList<>();

    final GrpcListener listener;
    final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();

    GrpcServer(TestGateway gateway, Authenticator authenticator) {
        this(gateway, authenticator, null);
    }

    /** @param certificates null: no TLS */
    GrpcServer(TestGateway gateway, Authenticator authenticator, @Nullable TlsCertificates certificates) {
        ClientAddress direct = new ClientAddress(List.of());
        UnaryCalls unary = new UnaryCalls(
                new GrpcApi(gateway.requests, gateway.operators),
                new UserAuthentication(authenticator, gateway.bans),
                direct,
                gateway.limits,
                gateway.sessions::isDraining,
                blocking,
                gateway.metrics);
        ConnectCalls streams =
                new ConnectCalls(gateway.sessions, gateway::session, direct, gateway.budget, blocking, gateway.metrics);
        listener = GrpcListener.open("127.0.0.1", 0, certificates, unary, streams, blocking, () -> missing);
    }

    int port() {
        return listener.port();
    }

    @Override
    public void close() {
        listener.close();
        blocking.shutdownNow();
    }
}
