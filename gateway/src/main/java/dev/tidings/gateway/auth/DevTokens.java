package dev.tidings.gateway.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;

/** Issues tokens for any user, for development. Only the all-in-one has it. */
public final class DevTokens {

    private static final Duration VALIDITY = Duration.ofDays(7);

    private final TokenKeys.Secret secret;
    private final TokenPolicy policy;

    /** @param policy the claims that the gateway requires of the tokens */
    public DevTokens(TokenKeys.Secret secret, TokenPolicy policy) {
        this.secret = secret;
        this.policy = policy;
    }

    public String issue(String userId) {
        SignedJWT token = new SignedJWT(
                new JWSHeader(JWSAlgorithm.HS256),
                new JWTClaimsSet.Builder()
                        .issuer(policy.issuer())
                        .audience(policy.audience())
                        .claim(policy.userClaim(), userId)
                        .expirationTime(Date.from(Instant.now().plus(VALIDITY)))
                        .build());
        try {
            token.sign(new MACSigner(secret.value()));
        } catch (JOSEException e) {
            throw new IllegalStateException("a token cannot be signed", e);
        }
        return token.serialize();
    }
}
