package dev.tidings.gateway.auth;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.tidings.v1.Error;
import java.text.ParseException;
import java.time.Duration;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Issues and verifies refresh tokens: signed tokens of a type of their own, which do not let a client connect. Does not know which of
 * them have been used. Thread-safe.
 */
public final class RefreshTokens {

    private static final JOSEObjectType TYPE = new JOSEObjectType("refresh+jwt");
    private static final String CLIENT_ID = "client_id";
    private static final String TOKEN_SECONDS = "token_seconds";

    /**
     * The user, device and scopes for which a refresh token gives access tokens.
     *
     * @param clientId the token client that has asked for the first token
     * @param externalId the user, as the identity provider names them
     * @param deviceId the only device that may use the tokens; empty: any
     * @param tokenLifetime of each fresh token
     */
    public record Grant(
            String clientId, String externalId, Set<Scope> scopes, String deviceId, Duration tokenLifetime) {

        public Grant {
            scopes = Set.copyOf(scopes);
        }
    }

    /** A refresh token with a valid signature that has not expired. */
    public record Verified(Grant grant, Principal principal) {}

    private final TokenSigner signer;
    private final TokenPolicy policy;
    private final Duration lifetime;
    private final LongSupplier nowMillis;
    private final JwtVerifier verifier;

    /** @param lifetime at most that of all tokens, because revocations lapse then */
    public RefreshTokens(TokenSigner signer, TokenPolicy policy, Duration lifetime, LongSupplier nowMillis) {
        this.signer = signer;
        this.policy = policy;
        this.lifetime = lifetime;
        this.nowMillis = nowMillis;
        this.verifier = new JwtVerifier(signer.verificationKeys(), policy, TYPE, nowMillis);
    }

    public String issue(Grant grant) {
        JWTClaimsSet claims = TokenIssuer.claims(
                        policy, nowMillis.getAsLong(), grant.externalId(), grant.scopes(), grant.deviceId(), lifetime)
                .claim(CLIENT_ID, grant.clientId())
                .claim(TOKEN_SECONDS, grant.tokenLifetime().toSeconds())
                .build();
        return signer.sign(TYPE, claims);
    }

    /** @throws RejectedTokenException if the token is not a refresh token of this service, or has expired */
    public Verified verify(String token) throws RejectedTokenException {
        JWTClaimsSet claims = verifier.verify(token);
        Principal principal = verifier.principal(claims);
        try {
            String clientId = claims.getStringClaim(CLIENT_ID);
            String externalId = claims.getStringClaim(policy.userClaim());
            Long tokenSeconds = claims.getLongClaim(TOKEN_SECONDS);
            if (clientId != null && externalId != null && tokenSeconds != null) {
                Grant grant = new Grant(
                        clientId,
                        externalId,
                        principal.scopes(),
                        principal.deviceId(),
                        Duration.ofSeconds(tokenSeconds));
                return new Verified(grant, principal);
            }
        } catch (ParseException e) {
            // rejected below
        }
        throw new RejectedTokenException(Error.Code.INVALID_TOKEN, "the token is not a refresh token of this service");
    }
}
