package dev.tidings.gateway.rest;

import dev.tidings.gateway.api.UserAuthentication;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.StatusCodes;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Allows pages of other origins to use the REST API (CORS). Tokens come in a header, never in a cookie, so no credentials are
 * allowed.
 *
 * @param origins such as {@code https://chat.example.org}; {@code *} allows all ({@code gateway.cors-origins})
 */
public record CrossOrigin(Set<String> origins) {

    private static final HttpString REQUEST_METHOD = new HttpString("Access-Control-Request-Method");
    private static final HttpString ALLOW_ORIGIN = new HttpString("Access-Control-Allow-Origin");
    private static final HttpString ALLOW_METHODS = new HttpString("Access-Control-Allow-Methods");
    private static final HttpString ALLOW_HEADERS = new HttpString("Access-Control-Allow-Headers");
    private static final HttpString EXPOSE_HEADERS = new HttpString("Access-Control-Expose-Headers");
    private static final HttpString MAX_AGE = new HttpString("Access-Control-Max-Age");
    private static final String ANY = "*";

    public CrossOrigin {
        origins = Set.copyOf(origins);
    }

    public static CrossOrigin from(Settings settings) {
        Set<String> origins = Arrays.stream(
                        settings.text("gateway.cors-origins", "").split(","))
                .map(String::strip)
                .filter(origin -> !origin.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
        for (String origin : origins) {
            if (!origin.equals(ANY) && !origin.matches("https?://[^/\\s]+")) {
                throw new SettingsException(
                        "gateway.cors-origins must be origins such as https://chat.example.org, separated by commas, or *;"
                                + " not allowed is \"" + origin + '"');
            }
        }
        return new CrossOrigin(origins);
    }

    /** Adds the headers that allow an origin, and answers preflight requests. */
    public HttpHandler around(HttpHandler next) {
        return exchange -> {
            @Nullable String origin = exchange.getRequestHeaders().getFirst(Headers.ORIGIN);
            boolean isAllowed = origin != null && (origins.contains(ANY) || origins.contains(origin));
            if (isAllowed) {
                allow(exchange, origin);
                if (exchange.getRequestMethod().equalToString("OPTIONS")
                        && exchange.getRequestHeaders().contains(REQUEST_METHOD)) {
                    exchange.setStatusCode(StatusCodes.NO_CONTENT).endExchange();
                    return;
                }
            }
            next.handleRequest(exchange);
        };
    }

    private static void allow(HttpServerExchange exchange, String origin) {
        HeaderMap headers = exchange.getResponseHeaders();
        headers.put(ALLOW_ORIGIN, origin);
        headers.put(Headers.VARY, Headers.ORIGIN_STRING);
        headers.put(ALLOW_METHODS, "GET, POST, PUT, PATCH, DELETE");
        headers.put(
                ALLOW_HEADERS,
                "Authorization, Content-Type, Idempotency-Key, If-None-Match, " + UserAuthentication.ACTOR + ", "
                        + RestAuthentication.REASON);
        headers.put(EXPOSE_HEADERS, "ETag, Retry-After");
        headers.put(MAX_AGE, 600);
    }
}
