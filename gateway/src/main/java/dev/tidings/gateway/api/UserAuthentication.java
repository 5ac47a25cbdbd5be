package dev.tidings.gateway.api;

import dev.tidings.gateway.auth.Authenticator;
import dev.tidings.gateway.auth.BanList;
import dev.tidings.gateway.auth.Exclusion;
import dev.tidings.gateway.auth.Permission;
import dev.tidings.gateway.auth.Principal;
import dev.tidings.gateway.auth.RejectedTokenException;
import dev.tidings.gateway.auth.Scope;
import dev.tidings.schemas.id.ExternalId;
import dev.tidings.schemas.id.UserId;
import dev.tidings.v1.AuditContext;
import dev.tidings.v1.Error;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the user or the operator of a request without a session by its bearer token. Thread-safe. */
public final class UserAuthentication {

    private static final Logger LOG = LoggerFactory.getLogger(UserAuthentication.class);

    /** The header, or metadata, with the user for whom a business system or an admin acts. */
    public static final String ACTOR = "Tidings-Actor";

    /** The header, or metadata, with the reason of an operator: percent-encoded UTF-8. */
    public static final String REASON = "Tidings-Reason";

    public static final int MAX_REASON_BYTES = 256;

    private static final String SCHEME = "Bearer ";

    private final Authenticator authenticator;
    private final BanList bans;

    public UserAuthentication(Authenticator authenticator, BanList bans) {
        this.authenticator = authenticator;
        this.bans = bans;
    }

    /** @param authorization the header; null: absent */
    public static boolean hasToken(@Nullable String authorization) {
        return authorization != null && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    }

    /**
     * Returns the user of a request: the token's, or the one that the header {@link #ACTOR} names. May block.
     *
     * @param authorization the header, which has a token
     * @param actor the header; null: absent
     * @param address of the client; null: not known
     * @throws RequestException if the token is not accepted or does not grant this, or the user may not use the gateway
     */
    public RequestUser userOf(String authorization, @Nullable String actor, @Nullable InetAddress address) {
        Principal principal = principal(authorization.substring(SCHEME.length()).strip());
        RequestUser user = actor == null
                ? new RequestUser(tokenUser(principal), principal.deviceId())
                : new RequestUser(checkedActor(principal, actor), "");
        checkExclusion(user.userId(), principal, address);
        return user;
    }

    /**
     * Returns the operator of an administrative request, the token's user, and their reason. May block.
     *
     * @param authorization the header, which has a token
     * @param reason the header {@link #REASON}; null: absent
     * @param address of the client; null: not known
     * @throws RequestException if the token is not accepted or does not grant the permission, the operator may not use the gateway,
     *     or the reason is not allowed
     */
    public AuditContext operatorOf(
            String authorization, @Nullable String reason, Permission permission, @Nullable InetAddress address) {
        Principal principal = principal(authorization.substring(SCHEME.length()).strip());
        if (!permission.isGrantedTo(principal)) {
            LOG.warn("request without permission operator={} permission={}", principal.userId(), permission);
            throw forbidden("the token does not grant " + permission + "; a token with one of the scopes "
                    + permission.scopeNames() + " does");
        }
        checkExclusion(principal.userId(), principal, address);
        return AuditContext.newBuilder()
                .setOperator(principal.userId())
                .setReason(decodedReason(reason))
                .build();
    }

    private void checkExclusion(String userId, Principal principal, @Nullable InetAddress address) {
        Exclusion exclusion = bans.exclusionOf(userId, principal.deviceId(), address);
        if (exclusion != null) {
            throw new RequestException(Errors.excluded(exclusion));
        }
    }

    private static String decodedReason(@Nullable String header) {
        if (header == null || header.isEmpty()) {
            return "";
        }
        String reason = PercentEncoding.decode("the header " + REASON, header);
        if (!ExternalId.isValid(reason, MAX_REASON_BYTES)) {
            throw new RequestException(Errors.invalidArgument("the header " + REASON + " has " + reason.length()
                    + " characters; at most " + MAX_REASON_BYTES + " bytes without control characters are allowed"));
        }
        return reason;
    }

    private Principal principal(String token) {
        try {
            return authenticator.authenticate(token);
        } catch (RejectedTokenException e) {
            String message = String.valueOf(e.getMessage());
            throw new RequestException(
                    e.code() == Error.Code.UNAVAILABLE ? Errors.unavailable(message) : Errors.error(e.code(), message));
        }
    }

    private static String tokenUser(Principal principal) {
        if (!principal.has(Scope.USER)) {
            throw forbidden("the token does not grant the scope user; name a user in the header " + ACTOR);
        }
        return principal.userId();
    }

    private static String checkedActor(Principal principal, String actor) {
        if (!principal.has(Scope.BUSINESS) && !principal.has(Scope.ADMIN)) {
            throw forbidden("the header " + ACTOR + " needs a token with the scope business or admin");
        }
        if (!UserId.isValid(actor)) {
            throw new RequestException(
                    Errors.invalidArgument("the header " + ACTOR + " must match [A-Za-z0-9_.-]{1,64}"));
        }
        return actor;
    }

    private static RequestException forbidden(String message) {
        return new RequestException(Errors.error(Error.Code.FORBIDDEN, message));
    }
}
