package dev.tidings.gateway;

import com.codahale.metrics.MetricRegistry;
import dev.tidings.gateway.grpc.ConnectCalls;
import dev.tidings.gateway.grpc.GrpcListener;
import dev.tidings.gateway.grpc.UnaryCalls;
import dev.tidings.gateway.http.HttpListener;
import dev.tidings.gateway.http.HttpPort;
import dev.tidings.gateway.monitoring.HealthListener;
import dev.tidings.gateway.monitoring.ProcessMetrics;
import dev.tidings.gateway.tls.TlsCertificates;
import dev.tidings.gateway.token.TokenClients;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The ports of a gateway: that of clients, and those of gRPC and of operators if they are set. Reads the files of the certificate and
 * of the token clients again when they change.
 */
final class GatewayPorts implements AutoCloseable {

    private final @Nullable TlsCertificates certificates;
    private final @Nullable TokenClients tokenClients;
    private final @Nullable HealthListener health;
    private final @Nullable GrpcListener grpc;
    private final HttpListener clients;

    private GatewayPorts(
            @Nullable TlsCertificates certificates,
            @Nullable TokenClients tokenClients,
            @Nullable HealthListener health,
            @Nullable GrpcListener grpc,
            HttpListener clients) {
        this.certificates = certificates;
        this.tokenClients = tokenClients;
        this.health = health;
        this.grpc = grpc;
        this.clients = clients;
    }

    /**
     * Opens the ports.
     *
     * @param missing the reasons why the gateway is not ready; empty: it is ready
     * @param unary carries out the unary calls of gRPC
     * @param streams makes sessions of the streams of gRPC
     * @param blocking runs calls of gRPC
     * @param openClients opens the port of clients
     */
    static GatewayPorts open(
            GatewayConfig config,
            Supplier<List<String>> missing,
            MetricRegistry metrics,
            UnaryCalls unary,
            ConnectCalls streams,
            Executor blocking,
            Function<HttpPort, HttpListener> openClients) {
        TlsCertificates certificates = config.tls() == null ? null : TlsCertificates.load(config.tls(), metrics);
        HealthListener health = config.healthPort() == 0
                ? null
                : HealthListener.open(
                        "gateway.health-port",
                        config.healthHost(),
                        config.healthPort(),
                        missing,
                        metrics,
                        List.of(new ProcessMetrics("gateway")));
        GrpcListener grpc = null;
        try {
            grpc = config.grpcPort() == 0
                    ? null
                    : GrpcListener.open(
                            config.host(), config.grpcPort(), certificates, unary, streams, blocking, missing);
            HttpPort port = new HttpPort(
                    config.host(), config.httpPort(), certificates, health == null, config.compressFromBytes());
            TokenClients tokenClients =
                    config.tokenService() == null ? null : config.tokenService().clients();
            return new GatewayPorts(certificates, tokenClients, health, grpc, openClients.apply(port));
        } catch (RuntimeException e) {
            if (grpc != null) {
                grpc.close();
            }
            if (health != null) {
                health.close();
            }
            throw e;
        }
    }

    /** The port of clients. */
    int port() {
        return clients.port();
    }

    /** Uses changed files for new connections and requests, and reports the health of the gateway. Call it about once a second. */
    void tick() {
        if (certificates != null) {
            certificates.reloadIfChanged();
        }
        if (tokenClients != null) {
            tokenClients.reloadIfChanged();
        }
        if (grpc != null) {
            grpc.reportHealth();
        }
    }

    /** Accepts no more calls of gRPC; HTTP rejects requests while the sessions drain. */
    void drain() {
        if (grpc != null) {
            grpc.drain();
        }
    }

    /** Closes the ports of clients, and cuts their sockets. */
    void closeClients() {
        clients.close();
        if (grpc != null) {
            grpc.close();
        }
    }

    /** Closes the port of operators. */
    @Override
    public void close() {
        if (health != null) {
            health.close();
        }
    }
}
