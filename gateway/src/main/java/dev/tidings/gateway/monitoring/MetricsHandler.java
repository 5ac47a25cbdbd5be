package dev.tidings.gateway.monitoring;

import com.codahale.metrics.MetricRegistry;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.dropwizard.DropwizardExports;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** {@code /metrics}: metrics in Prometheus' text format. */
public final class MetricsHandler implements HttpHandler {

    private final PrometheusRegistry prometheus = new PrometheusRegistry();
    private final PrometheusTextFormatWriter writer =
            PrometheusTextFormatWriter.builder().build();

    /**
     * @param metrics its latency histograms are exported as histograms
     * @param collectors further metrics; no name may occur twice
     */
    public MetricsHandler(MetricRegistry metrics, List<MultiCollector> collectors) {
        DropwizardExports.builder().dropwizardRegistry(metrics).register(prometheus);
        prometheus.register((MultiCollector) () -> latencyHistograms(metrics));
        collectors.forEach(prometheus::register);
    }

    private static MetricSnapshots latencyHistograms(MetricRegistry metrics) {
        List<MetricSnapshot> snapshots = new ArrayList<>();
        metrics.getMetrics().forEach((name, metric) -> {
            if (metric instanceof LatencyHistogram histogram) {
                snapshots.add(histogram.snapshot(name));
            }
        });
        return new MetricSnapshots(snapshots);
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws IOException {
        if (exchange.isInIoThread()) {
            exchange.dispatch(this); // gauges may read files and MBeans
            return;
        }
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        writer.write(text, prometheus.scrape());
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, PrometheusTextFormatWriter.CONTENT_TYPE);
        exchange.getResponseSender().send(ByteBuffer.wrap(text.toByteArray()));
    }
}
