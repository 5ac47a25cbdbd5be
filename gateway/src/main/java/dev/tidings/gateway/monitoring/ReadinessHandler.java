package dev.tidings.gateway.monitoring;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.util.List;
import java.util.function.Supplier;

/** {@code /readyz}: answers 200, or 503 with one line for each reason why the process is not ready. */
public final class ReadinessHandler implements HttpHandler {

    private final Supplier<List<String>> missing;

    public ReadinessHandler(Supplier<List<String>> missing) {
        this.missing = missing;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        if (exchange.isInIoThread()) {
            exchange.dispatch(this); // asking Kafka may block
            return;
        }
        List<String> reasons = missing.get();
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain");
        if (reasons.isEmpty()) {
            exchange.getResponseSender().send("ready\n");
        } else {
            exchange.setStatusCode(StatusCodes.SERVICE_UNAVAILABLE);
            exchange.getResponseSender().send("not ready: " + String.join("\nnot ready: ", reasons) + "\n");
        }
    }
}
