package dev.tidings.gateway;

import com.codahale.metrics.MetricRegistry;
import dev.tidings.gateway.http.HttpListener;
import dev.tidings.gateway.http.HttpPort;
import dev.tidings.gateway.monitoring.HealthListener;
import dev.tidings.gateway.monitoring.ProcessMetrics;
import dev.tidings.gateway.tls.TlsCertificates;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The ports of a gateway: that of clients with its certificate, and that of operators if it is set. */
final class GatewayPorts implements AutoCloseable {

    private final @Nullable TlsCertificates certificates;
    private final @Nullable HealthListener health;
    private final HttpListener clients;

    private GatewayPorts(
            @Nullable TlsCertificates certificates, @Nullable HealthListener health, HttpListener clients) {
        this.certificates = certificates;
        this.health = health;
        this.clients = clients;
    }

    /**
     * Opens the ports.
     *
     * @param missing the reasons why the gateway is not ready; empty: it is ready
     * @param openClients opens the port of clients
     */
    static GatewayPorts open(
            GatewayConfig config,
            Supplier<List<String>> missing,
            MetricRegistry metrics,
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
        try {
            HttpPort port = new HttpPort(
                    config.host(), config.httpPort(), certificates, health == null, config.compressFromBytes());
            return new GatewayPorts(certificates, health, openClients.apply(port));
        } catch (RuntimeException e) {
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

    /** Uses a changed certificate for new connections. Call it about once a second. */
    void tick() {
        if (certificates != null) {
            certificates.reloadIfChanged();
        }
    }

    /** Closes the port of clients, and cuts their sockets. */
    void closeClients() {
        clients.close();
    }

    /** Closes the port of operators. */
    @Override
    public void close() {
        if (health != null) {
            health.close();
        }
    }
}
