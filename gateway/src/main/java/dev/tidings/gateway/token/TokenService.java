package dev.tidings.gateway.token;

import com.google.protobuf.Message;
import dev.tidings.gateway.api.Errors;
import dev.tidings.gateway.api.RequestException;
import dev.tidings.gateway.auth.Authenticator;
import dev.tidings.gateway.auth.BanList;
import dev.tidings.gateway.auth.Exclusion;
import dev.tidings.gateway.auth.Principal;
import dev.tidings.gateway.auth.RefreshTokens;
import dev.tidings.gateway.auth.RejectedTokenException;
import dev.tidings.gateway.auth.RevocationList;
import dev.tidings.gateway.auth.Scope;
import dev.tidings.gateway.auth.TokenIssuer;
import dev.tidings.gateway.auth.TokenPolicy;
import dev.tidings.gateway.limit.RequestLimits;
import dev.tidings.gateway.readmodel.ReadModelUnavailableException;
import dev.tidings.schemas.id.ExternalId;
import dev.tidings.schemas.id.TokenSubject;
import dev.tidings.schemas.id.UserId;
import dev.tidings.schemas.id.UserIdEncoding;
import dev.tidings.v1.Applied;
import dev.tidings.v1.AuditContext;
import dev.tidings.v1.Error;
import dev.tidings.v1.IssuedToken;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.TokenRefreshRequest;
import dev.tidings.v1.TokenRequest;
import dev.tidings.v1.TokenRevocation;
import dev.tidings.v1.TokenRevocationRequest;
import java.net.InetAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Issues tokens for users at the request of token clients, refreshes them for their holders, and revokes them. A request that is
 * wrong fails with a {@link RequestException}. Thread-safe.
 */
public final class TokenService {

    private static final Logger LOG = LoggerFactory.getLogger(TokenService.class);
    private static final Duration DEFAULT_LIFETIME = Duration.ofHours(1);
    private static final int MAX_REASON_CHARACTERS = 64;

    private final TokenServiceConfig config;
    private final ClientAuthenticator clients;
    private final TokenIssuer accessTokens;
    private final RefreshTokens refreshTokens;
    private final Authenticator authenticator;
    private final RevocationList revocations;
    private final BanList bans;
    private final UsedTokens usedTokens;
    private final RevocationAppender log;
    private final LongSupplier nowMillis;

    /**
     * @param authenticator of access tokens, revoked ones included
     * @param nowMillis the time of the log
     */
    public TokenService(
            TokenServiceConfig config,
            TokenPolicy policy,
            Authenticator authenticator,
            RevocationList revocations,
            BanList bans,
            RequestLimits limits,
            UsedTokens usedTokens,
            RevocationAppender log,
            LongSupplier nowMillis) {
        this.config = config;
        this.clients = new ClientAuthenticator(config.clients(), limits);
        this.accessTokens = new TokenIssuer(config.signer(), policy, nowMillis);
        this.refreshTokens = new RefreshTokens(config.signer(), policy, config.refreshLifetime(), nowMillis);
        this.authenticator = authenticator;
        this.revocations = revocations;
        this.bans = bans;
        this.usedTokens = usedTokens;
        this.log = log;
        this.nowMillis = nowMillis;
    }

    /** The public key of the tokens, as the members of a JSON Web Key; empty: there is none. */
    public Map<String, Object> publicKey() {
        return config.signer().publicKey();
    }

    /**
     * Returns the client with this id and secret. May block for about 0.2 s.
     *
     * @param address of the request; null: not known
     */
    public TokenClient authenticate(String id, String secret, @Nullable InetAddress address) {
        return clients.authenticate(id, secret, address);
    }

    /** @param clientId of an authenticated client */
    public IssuedToken issue(String clientId, TokenRequest request) {
        TokenClient client = config.clients().find(clientId);
        if (client == null) {
            throw new IllegalArgumentException("there is no token client " + clientId);
        }
        String userId = UserIdEncoding.encode(request.getUserId());
        if (userId == null) {
            throw invalid("userId is \"" + request.getUserId() + "\"; the encoded id must have 1 to 64 characters");
        }
        if (!request.getDeviceId().isEmpty() && !ExternalId.isValid(request.getDeviceId())) {
            throw invalid("deviceId must have 1 to 128 bytes without control characters, or be absent");
        }
        RefreshTokens.Grant grant = new RefreshTokens.Grant(
                client.id(),
                request.getUserId(),
                scopes(client, request.getScope()),
                request.getDeviceId(),
                lifetime(request.getLifetimeSeconds()));
        IssuedToken issued = issue(userId, grant);
        LOG.info("token issued client={} user={} scope={}", client.id(), userId, issued.getScope());
        return issued;
    }

    private Duration lifetime(int seconds) {
        Duration max = config.maxLifetime();
        if (seconds == 0) {
            return DEFAULT_LIFETIME.compareTo(max) < 0 ? DEFAULT_LIFETIME : max;
        }
        if (seconds < 0 || seconds > max.toSeconds()) {
            throw invalid("lifetimeSeconds is " + seconds + "; 1 to " + max.toSeconds() + " are allowed");
        }
        return Duration.ofSeconds(seconds);
    }

    private static Set<Scope> scopes(TokenClient client, String names) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        for (String name : names.isEmpty() ? new String[] {Scope.USER.claimName()} : names.split(" ", -1)) {
            Scope scope = Scope.find(name);
            if (scope == null) {
                throw invalid("scope has \"" + name + "\"; allowed are, separated by a space, "
                        + Scope.format(EnumSet.allOf(Scope.class)));
            }
            scopes.add(scope);
        }
        if (!client.scopes().containsAll(scopes)) {
            throw new RequestException(Errors.error(
                    Error.Code.FORBIDDEN,
                    "scope is \"" + Scope.format(scopes) + "\"; the client " + client.id() + " may grant "
                            + Scope.format(client.scopes())));
        }
        return scopes;
    }

    private IssuedToken issue(String userId, RefreshTokens.Grant grant) {
        return IssuedToken.newBuilder()
                .setAccessToken(
                        accessTokens.issue(grant.externalId(), grant.scopes(), grant.deviceId(), grant.tokenLifetime()))
                .setTokenType("Bearer")
                .setExpiresIn(Math.toIntExact(grant.tokenLifetime().toSeconds()))
                .setRefreshToken(config.refreshLifetime().isZero() ? "" : refreshTokens.issue(grant))
                .setScope(Scope.format(grant.scopes()))
                .setUserId(userId)
                .build();
    }

    /** Exchanges a refresh token for fresh tokens, once. May block for 400 ms. */
    public IssuedToken refresh(TokenRefreshRequest request) {
        RefreshTokens.Verified token = verified(request.getRefreshToken());
        Principal principal = token.principal();
        RefreshTokens.Grant grant = token.grant();
        TokenClient client = config.clients().find(grant.clientId());
        if (client == null || !client.scopes().containsAll(grant.scopes())) {
            throw rejected("the client of the refresh token may not issue such tokens any more");
        }
        if (revocations.isRevoked(principal, principal.deviceId())) {
            throw rejected("the refresh token has been revoked");
        }
        Exclusion exclusion = bans.exclusionOf(principal.userId(), principal.deviceId(), null);
        if (exclusion != null) {
            throw new RequestException(Errors.excluded(exclusion));
        }
        useOnce(principal);
        return issue(principal.userId(), grant);
    }

    private RefreshTokens.Verified verified(String refreshToken) {
        if (refreshToken.isEmpty()) {
            throw invalid("refreshToken is absent");
        }
        try {
            return refreshTokens.verify(refreshToken);
        } catch (RejectedTokenException e) {
            throw new RequestException(Errors.error(e.code(), String.valueOf(e.getMessage())));
        }
    }

    /** Fails if Redis does not answer: the access token is still valid, so the client can retry later. */
    private void useOnce(Principal principal) {
        Duration lifetime = Duration.ofMillis(Math.max(0, principal.expiresAtMillis() - nowMillis.getAsLong()));
        try {
            if (!usedTokens.use(principal.tokenId(), lifetime)) {
                throw rejected("the refresh token has been used; it can be used once");
            }
        } catch (ReadModelUnavailableException e) {
            throw new RequestException(
                    Errors.unavailable("the gateway cannot check now that the refresh token is unused"));
        }
    }

    /**
     * Revokes tokens. Completes with {@link Applied} once that is durable, or with a refusal or an error. Gateways end
     * sessions within a second.
     */
    public CompletableFuture<Message> revoke(String clientId, TokenRevocationRequest request) {
        if (request.getReason().length() > MAX_REASON_CHARACTERS) {
            throw invalid("reason has " + request.getReason().length() + " characters; at most " + MAX_REASON_CHARACTERS
                    + " are allowed");
        }
        TokenRevocation revocation = revocation(request);
        if (revocation == null) {
            return CompletableFuture.completedFuture(Applied.getDefaultInstance());
        }
        if (revocations.size() >= RevocationList.MAX_REVOCATIONS) {
            return CompletableFuture.completedFuture(Refusal.newBuilder()
                    .setReason(Refusal.Reason.TOO_MANY)
                    .setMessage("there are " + RevocationList.MAX_REVOCATIONS
                            + " revocations, which is the maximum; revoke a user rather than many of their tokens")
                    .build());
        }
        LOG.info("tokens revoked client={} subject={}", clientId, TokenSubject.of(revocation));
        AuditContext audit = AuditContext.newBuilder()
                .setOperator(clientId)
                .setReason(request.getReason())
                .build();
        return log.append(audit, revocation);
    }

    /** Returns null if there is nothing to revoke, because the token has expired. */
    private @Nullable TokenRevocation revocation(TokenRevocationRequest request) {
        boolean ofToken = !request.getToken().isEmpty();
        if (ofToken != request.getUserId().isEmpty()
                || (ofToken && !request.getDeviceId().isEmpty())) {
            throw invalid("the body must have token, or userId, or userId and deviceId");
        }
        TokenRevocation.Builder revocation = TokenRevocation.newBuilder().setReason(request.getReason());
        if (ofToken) {
            Principal principal = principal(request.getToken());
            if (principal == null) {
                return null;
            }
            if (principal.tokenId().isEmpty()) {
                throw invalid("the token has no jti; revoke the tokens of its user or device");
            }
            return revocation.setTokenId(principal.tokenId()).build();
        }
        if (!UserId.isValid(request.getUserId())) {
            throw invalid("userId is \"" + request.getUserId() + "\"; [A-Za-z0-9_.-]{1,64} is allowed");
        }
        if (!request.getDeviceId().isEmpty() && !ExternalId.isValid(request.getDeviceId())) {
            throw invalid("deviceId must have 1 to 128 bytes without control characters, or be absent");
        }
        return revocation
                .setUserId(request.getUserId())
                .setDeviceId(request.getDeviceId())
                .build();
    }

    /** The principal of an access token or a refresh token; null if it has expired. */
    private @Nullable Principal principal(String token) {
        try {
            return refreshTokens.verify(token).principal();
        } catch (RejectedTokenException notRefresh) {
            if (notRefresh.code() == Error.Code.TOKEN_EXPIRED) {
                return null;
            }
        }
        try {
            return authenticator.authenticate(token);
        } catch (RejectedTokenException e) {
            String message = String.valueOf(e.getMessage());
            if (e.code() == Error.Code.TOKEN_EXPIRED) {
                return null;
            }
            throw e.code() == Error.Code.UNAVAILABLE
                    ? new RequestException(Errors.unavailable(message))
                    : invalid("token is not accepted: " + message);
        }
    }

    private static RequestException invalid(String message) {
        return new RequestException(Errors.invalidArgument(message));
    }

    private static RequestException rejected(String message) {
        return new RequestException(Errors.error(Error.Code.INVALID_TOKEN, message));
    }
}
