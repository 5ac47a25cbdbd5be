package dev.tidings.gateway.rest;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;

/** Serves what describes the REST API, without authentication: {@code /v1/openapi.json} and {@code /v1/docs}. */
final class ApiDescription {

    static final String DOCUMENT_PATH = "/v1/openapi.json";
    static final String PAGE_PATH = "/v1/docs";

    private static final HttpString CONTENT_SECURITY_POLICY = new HttpString("Content-Security-Policy");

    private final String document;
    private final String page;

    ApiDescription(Routes routes) {
        this.document = OpenApiDocument.of(routes);
        this.page = ApiPage.of(routes);
    }

    /** Answers a GET of one of the paths. Returns false for all other requests. */
    boolean answer(HttpServerExchange exchange) {
        if (!exchange.getRequestMethod().equals(Methods.GET)) {
            return false;
        }
        switch (exchange.getRequestPath()) {
            case DOCUMENT_PATH -> send(exchange, "application/json", document);
            case PAGE_PATH -> {
                exchange.getResponseHeaders()
                        .put(CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'");
                send(exchange, "text/html; charset=utf-8", page);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void send(HttpServerExchange exchange, String type, String text) {
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, type);
        EntityTags.send(exchange, text);
    }
}
