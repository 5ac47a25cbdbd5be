package dev.tidings.gateway.monitoring;

import com.codahale.metrics.MetricRegistry;
import dev.tidings.schemas.settings.SettingsException;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.undertow.Undertow;
import io.undertow.server.handlers.PathHandler;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Supplier;

/** The HTTP port for operators of a role: {@code /healthz}, {@code /readyz} and {@code /metrics}. */
public final class HealthListener implements AutoCloseable {

    private static final int IO_THREADS = 1;
    private static final int WORKER_THREADS = 2;

    private final Undertow server;

    private HealthListener(Undertow server) {
        this.server = server;
    }

    /**
     * Opens the port.
     *
     * @param key the setting of the port, for the error message
     * @param missing the reasons why the role is not ready; empty: it is ready
     * @throws SettingsException if the port cannot be bound
     */
    public static HealthListener open(
            String key,
            String host,
            int port,
            Supplier<List<String>> missing,
            MetricRegistry metrics,
            List<MultiCollector> collectors) {
        Undertow server = Undertow.builder()
                .addHttpListener(port, host)
                .setIoThreads(IO_THREADS)
                .setWorkerThreads(WORKER_THREADS)
                .setHandler(addTo(new PathHandler(), missing, metrics, collectors))
                .build();
        try {
            server.start();
        } catch (RuntimeException e) {
            throw new SettingsException(key + ": cannot listen on " + host + ':' + port + ": "
                    + (e.getCause() == null ? e : e.getCause()).getMessage());
        }
        return new HealthListener(server);
    }

    /** Adds all three paths. */
    public static PathHandler addTo(
            PathHandler paths,
            Supplier<List<String>> missing,
            MetricRegistry metrics,
            List<MultiCollector> collectors) {
        return addHealthTo(paths, missing).addExactPath("/metrics", new MetricsHandler(metrics, collectors));
    }

    /** Adds {@code /healthz} and {@code /readyz}. */
    public static PathHandler addHealthTo(PathHandler paths, Supplier<List<String>> missing) {
        return paths.addExactPath(
                        "/healthz", exchange -> exchange.getResponseSender().send("ok\n"))
                .addExactPath("/readyz", new ReadinessHandler(missing));
    }

    /** The port; useful if 0 was requested. */
    public int port() {
        return ((InetSocketAddress) server.getListenerInfo().getFirst().getAddress()).getPort();
    }

    @Override
    public void close() {
        server.stop();
    }
}
