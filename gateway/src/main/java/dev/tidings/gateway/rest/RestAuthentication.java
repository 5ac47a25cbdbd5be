package dev.tidings.gateway.rest;

import dev.tidings.gateway.api.RequestException;
import dev.tidings.gateway.api.UserAuthentication;
import dev.tidings.gateway.auth.Authenticator;
import dev.tidings.gateway.auth.BanList;
import dev.tidings.gateway.auth.ClientAddress;
import dev.tidings.gateway.auth.Permission;
import dev.tidings.schemas.id.ExternalId;
import dev.tidings.v1.AuditContext;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Finds the user or the operator, and the address, of an HTTP request by its headers. */
final class RestAuthentication {

    /** Why an operator makes a request; percent-encoded UTF-8. */
    static final HttpString REASON = new HttpString("Tidings-Reason");

    static final int MAX_REASON_BYTES = 256;

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

    /**
     * Returns the operator of a request with a token, and their reason. May block.
     *
     * @throws RequestException as {@link UserAuthentication#operatorOf}, or if the reason is not allowed
     */
    AuditContext operatorOf(HttpServerExchange exchange, Permission permission) {
        String operator = users.operatorOf(
                exchange.getRequestHeaders().getFirst(Headers.AUTHORIZATION), permission, address(exchange));
        return AuditContext.newBuilder()
                .setOperator(operator)
                .setReason(reason(exchange))
                .build();
    }

    private static String reason(HttpServerExchange exchange) {
        @Nullable String header = exchange.getRequestHeaders().getFirst(REASON);
        if (header == null || header.isEmpty()) {
            return "";
        }
        String reason = PercentEncoding.decode("the header " + REASON, header);
        if (!ExternalId.isValid(reason, MAX_REASON_BYTES)) {
            throw RestRequest.invalid("the header " + REASON + " has " + reason.length() + " characters; at most "
                    + MAX_REASON_BYTES + " bytes without control characters are allowed");
        }
        return reason;
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
