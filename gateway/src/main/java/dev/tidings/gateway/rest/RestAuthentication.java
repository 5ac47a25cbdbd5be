package dev.tidings.gateway.rest;

import dev.tidings.gateway.api.RequestException;
import dev.tidings.gateway.api.UserAuthentication;
import dev.tidings.gateway.auth.Authenticator;
import dev.tidings.gateway.auth.BanList;
import dev.tidings.gateway.auth.ClientAddress;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Finds the user and the address of an HTTP request by its headers. */
final class RestAuthentication {

    private final UserAuthentication users;
    private final ClientAddress clientAddress;

    RestAuthentication(Authenticator authenticator, BanList bans, ClientAddress clientAddress) {
        this.users = new UserAuthentication(authenticator, bans);
        this.clientAddress = clientAddress;
    }

    static boolean hasToken(HttpServerExchange exchange) {
        return UserAuthentication.hasToken(exchange.getRequestHeaders().getFirst(Headers.AUTHORIZATION));
    }

    /**
     * Returns the user of a request with a token. May block.
     *
     * @throws RequestException as {@link UserAuthentication#userOf}
     */
    String userOf(HttpServerExchange exchange) {
        return users.userOf(
                exchange.getRequestHeaders().getFirst(Headers.AUTHORIZATION),
                exchange.getRequestHeaders().getFirst(UserAuthentication.ACTOR),
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
