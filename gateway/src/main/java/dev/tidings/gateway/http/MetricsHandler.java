package dev.tidings.gateway.http;

import com.codahale.metrics.MetricRegistry;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.dropwizard.DropwizardExports;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** {@code /metrics}: the registry in Prometheus' text format. */
final class MetricsHandler implements HttpHandler {

    private final PrometheusRegistry prometheus = new PrometheusRegistry();
    private final PrometheusTextFormatWriter writer =
            PrometheusTextFormatWriter.builder().build();

    MetricsHandler(MetricRegistry metrics) {
        DropwizardExports.builder().dropwizardRegistry(metrics).register(prometheus);
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        writer.write(text, prometheus.scrape());
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, PrometheusTextFormatWriter.CONTENT_TYPE);
        exchange.getResponseSender().send(ByteBuffer.wrap(text.toByteArray()));
    }
}
