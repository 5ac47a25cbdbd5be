package dev.tidings.gateway.http;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.util.List;
import java.util.function.Supplier;

/** {@code /readyz}: 200 once everything is there, else 503 and what is missing, one a line. */
public final class ReadinessHandler implements HttpHandler {

    private final Supplier<List<String>> missing;

    public ReadinessHandler(Supplier<List<String>> missing) {
        this.missing = missing;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        if (exchange.isInIoThread()) {
            exchange.dispatch(this); // asking Kafka may take a moment
            return;
        }
        List<String> notYet = missing.get();
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain");
        if (notYet.isEmpty()) {
            exchange.getResponseSender().send("ready\n");
        } else {
            exchange.setStatusCode(StatusCodes.SERVICE_UNAVAILABLE);
            exchange.getResponseSender().send("not ready: " + String.join("\nnot ready: ", notYet) + "\n");
        }
    }
}
