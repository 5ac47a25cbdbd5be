package dev.tidings.gateway.rest;

import dev.tidings.gateway.api.Errors;
import dev.tidings.gateway.api.RequestException;
import dev.tidings.gateway.api.RequestUser;
import dev.tidings.gateway.api.UserAuthentication;
import dev.tidings.gateway.auth.Authenticator;
import dev.tidings.gateway.auth.BanList;
import dev.tidings.gateway.auth.ClientAddress;
import dev.tidings.gateway.auth.Permission;
import dev.tidings.gateway.token.TokenService;
import dev.tidings.v1.AuditContext;
import dev.tidings.v1.Error;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Finds the caller and the address of an HTTP request by its headers: a user, an operator, or a token client. */
final class RestAuthentication {

    /** Why an operator makes a request; percent-encoded UTF-8. */
    static final HttpString REASON = new HttpString(UserAuthentication.REASON);

    private static final RequestUser NO_USER = new RequestUser("", "");

    private static final String CLIENT_SCHEME = "Basic ";

    private final UserAuthentication users;
    private final ClientAddress clientAddress;
    private final @Nullable TokenService tokens;

    /** @param tokens null: there are no routes of token clients */
    RestAuthentication(
            Authenticator authenticator, BanList bans, ClientAddress clientAddress, @Nullable TokenService tokens) {
        this.users = new UserAuthentication(authenticator, bans);
        this.clientAddress = clientAddress;
        this.tokens = tokens;
    }

    /** @throws RequestException if a route needs a header Authorization, and the request has none of its scheme */
    static void requireHeader(HttpServerExchange exchange, RouteSecurity security) {
        @Nullable String header = authorization(exchange);
        switch (security) {
            case USER -> {
                if (!UserAuthentication.hasToken(header)) {
                    throw unauthorized("the header Authorization must be: Bearer <token>");
                }
            }
            case TOKEN_CLIENT -> {
                if (header == null || !header.regionMatches(true, 0, CLIENT_SCHEME, 0, CLIENT_SCHEME.length())) {
                    throw clientUnauthorized(
                            exchange,
                            "the header Authorization must be: Basic <id:secret of a token client in Base64>");
                }
            }
            case NONE -> {}
        }
    }

    private static @Nullable String authorization(HttpServerExchange exchange) {
        return exchange.getRequestHeaders().getFirst(Headers.AUTHORIZATION);
    }

    /**
     * Returns the caller of a request that has the header: the user who acts, or the token client by its id; with an empty id if the
     * route needs none. May block.
     *
     * @throws RequestException if the caller is not accepted
     */
    RequestUser callerOf(HttpServerExchange exchange, RouteSecurity security) {
        return switch (security) {
            case USER ->
                users.userOf(
                        exchange.getRequestHeaders().getFirst(Headers.AUTHORIZATION),
                        exchange.getRequestHeaders().getFirst(UserAuthentication.ACTOR),
                        address(exchange));
            case TOKEN_CLIENT -> new RequestUser(clientOf(exchange), "");
            case NONE -> NO_USER;
        };
    }

    private String clientOf(HttpServerExchange exchange) {
        String header = exchange.getRequestHeaders().getFirst(Headers.AUTHORIZATION);
        String credentials;
        try {
            byte[] decoded = Base64.getDecoder()
                    .decode(header.substring(CLIENT_SCHEME.length()).strip());
            credentials = new String(decoded, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw clientUnauthorized(exchange, "the header Authorization is not Base64");
        }
        int colon = credentials.indexOf(':');
        if (colon < 0) {
            throw clientUnauthorized(exchange, "the header Authorization has no colon between id and secret");
        }
        if (tokens == null) {
            throw new IllegalStateException("a route of token clients without a token service");
        }
        try {
            return tokens.authenticate(
                            credentials.substring(0, colon), credentials.substring(colon + 1), address(exchange))
                    .id();
        } catch (RequestException e) {
            throw e.error().getCode() == Error.Code.INVALID_TOKEN
                    ? clientUnauthorized(exchange, e.error().getMessage())
                    : e;
        }
    }

    private static RequestException clientUnauthorized(HttpServerExchange exchange, String message) {
        exchange.getResponseHeaders().put(Headers.WWW_AUTHENTICATE, "Basic realm=\"tidings\", charset=\"UTF-8\"");
        return unauthorized(message);
    }

    private static RequestException unauthorized(String message) {
        return new RequestException(Errors.error(Error.Code.INVALID_TOKEN, message));
    }

    /**
     * Returns the operator of a request with a token, and their reason. May block.
     *
     * @throws RequestException as {@link UserAuthentication#operatorOf}
     */
    AuditContext operatorOf(HttpServerExchange exchange, Permission permission) {
        return users.operatorOf(
                exchange.getRequestHeaders().getFirst(Headers.AUTHORIZATION),
                exchange.getRequestHeaders().getFirst(REASON),
                permission,
                address(exchange));
    }

    /** Returns null if the socket is closed already. */
    @Nullable
    InetAddress address(HttpServerExchange exchange) {
        InetSocketAddress peer = exchange.getSourceAddress();
        if (peer == null || peer.getAddress() == null) {
            return null;
        }
        @Nullable HeaderValues forwardedFor = exchange.getRequestHeaders().get(Headers.X_FORWARDED_FOR);
        return clientAddress.of(peer.getAddress(), forwardedFor == null ? "" : String.join(",", forwardedFor));
    }
}
