package dev.tidings.gateway.rest;

import dev.tidings.gateway.api.Errors;
import dev.tidings.gateway.api.RequestException;
import dev.tidings.gateway.auth.Authenticator;
import dev.tidings.gateway.auth.BanList;
import dev.tidings.gateway.auth.ClientAddress;
import dev.tidings.gateway.auth.Principal;
import dev.tidings.gateway.auth.RejectedTokenException;
import dev.tidings.gateway.auth.Scope;
import dev.tidings.schemas.id.UserId;
import dev.tidings.v1.Error;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Finds the user of a request by its bearer token. */
final class RestAuthentication {

    /** Names the user for whom a business system or an admin acts. */
    static final HttpString ACTOR = new HttpString("Tidings-Actor");

    private static final String SCHEME = "Bearer ";

    private final Authenticator authenticator;
    private final BanList bans;
    private final ClientAddress clientAddress;

    RestAuthentication(Authenticator authenticator, BanList bans, ClientAddress clientAddress) {
        this.authenticator = authenticator;
        this.bans = bans;
        this.clientAddress = clientAddress;
    }

    static boolean hasToken(HttpServerExchange exchange) {
        @Nullable String header = exchange.getRequestHeaders().getFirst(Headers.AUTHORIZATION);
        return header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    }

    /**
     * Returns the user of a request with a token: the token's, or the one that the header {@link #ACTOR} names. May block.
     *
     * @throws RequestException if the token is not accepted or does not grant this, or the user or their address is banned
     */
    String userOf(HttpServerExchange exchange) {
        Principal principal = principal(exchange);
        String userId = actor(exchange, principal);
        if (bans.isBanned(userId, principal.deviceId(), address(exchange))) {
            throw forbidden("the user, the device or the address is banned");
        }
        return userId;
    }

    private Principal principal(HttpServerExchange exchange) {
        String token = exchange.getRequestHeaders()
                .getFirst(Headers.AUTHORIZATION)
                .substring(SCHEME.length())
                .strip();
        try {
            return authenticator.authenticate(token);
        } catch (RejectedTokenException e) {
            String message = String.valueOf(e.getMessage());
            throw new RequestException(
                    e.code() == Error.Code.UNAVAILABLE ? Errors.unavailable(message) : Errors.error(e.code(), message));
        }
    }

    private static String actor(HttpServerExchange exchange, Principal principal) {
        @Nullable String actor = exchange.getRequestHeaders().getFirst(ACTOR);
        if (actor == null) {
            if (!principal.has(Scope.USER)) {
                throw forbidden("the token does not grant the scope user; name a user in the header " + ACTOR);
            }
            return principal.userId();
        }
        if (!principal.has(Scope.BUSINESS) && !principal.has(Scope.ADMIN)) {
            throw forbidden("the header " + ACTOR + " needs a token with the scope business or admin");
        }
        if (!UserId.isValid(actor)) {
            throw RestRequest.invalid("the header " + ACTOR + " must match [A-Za-z0-9_.-]{1,64}");
        }
        return actor;
    }

    private static RequestException forbidden(String message) {
        return new RequestException(Errors.error(Error.Code.FORBIDDEN, message));
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
