package dev.tidings.gateway.rest;

import dev.tidings.schemas.id.ExternalId;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads and checks the headers of requests that describe the request itself. */
final class RestHeaders {

    static final HttpString IDEMPOTENCY_KEY = new HttpString("Idempotency-Key");

    private static final String JSON = "application/json";

    private RestHeaders() {}

    /**
     * Returns the idempotency key; empty: absent.
     *
     * @throws dev.tidings.gateway.api.RequestException if it is empty, repeated, or not allowed
     */
    static String idempotencyKey(HttpServerExchange exchange) {
        @Nullable HeaderValues keys = exchange.getRequestHeaders().get(IDEMPOTENCY_KEY);
        if (keys == null) {
            return "";
        }
        if (keys.size() > 1) {
            throw RestRequest.invalid("the header Idempotency-Key is repeated; one is allowed");
        }
        String key = keys.getFirst();
        if (!ExternalId.isValid(key)) {
            throw RestRequest.invalid("Idempotency-Key has " + key.length()
                    + " characters; 1 to 128 bytes without control characters are allowed");
        }
        return key;
    }

    /** @throws UnsupportedContentException if the body is not JSON in UTF-8, as it is */
    static void checkContent(HttpServerExchange exchange) {
        String encoding = exchange.getRequestHeaders().getFirst(Headers.CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw new UnsupportedContentException(
                    "Content-Encoding is " + encoding + "; a body without an encoding is allowed");
        }
        String type = exchange.getRequestHeaders().getFirst(Headers.CONTENT_TYPE);
        if (type == null || !isJson(type)) {
            throw new UnsupportedContentException(
                    "Content-Type is " + (type == null ? "absent" : type) + "; " + JSON + " in UTF-8 is allowed");
        }
    }

    private static boolean isJson(String type) {
        String[] parts = type.split(";");
        if (parts.length == 0 || !parts[0].strip().equalsIgnoreCase(JSON)) {
            return false;
        }
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip().toLowerCase(Locale.ROOT).replace("\"", "");
            if (parameter.startsWith("charset=") && !parameter.equals("charset=utf-8")) {
                return false;
            }
        }
        return true;
    }

    /** The body of a request has another type or encoding than is allowed; the message says which. */
    static final class UnsupportedContentException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        UnsupportedContentException(String message) {
            super(message);
        }
    }
}
