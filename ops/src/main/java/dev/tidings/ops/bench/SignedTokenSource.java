package dev.tidings.ops.bench;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/** Signs tokens (HS256) with the secret, issuer and audience that the gateway checks. */
public final class SignedTokenSource implements TokenSource {

    private static final Duration LIFETIME = Duration.ofHours(24);

    private final MACSigner signer;
    private final @Nullable String issuer;
    private final @Nullable String audience;

    /**
     * @param issuer the {@code iss} of every token; null: none
     * @param audience the {@code aud} of every token; null: none
     * @throws BenchException if the secret is shorter than HS256 allows: 32 bytes
     */
    public SignedTokenSource(String secret, @Nullable String issuer, @Nullable String audience) {
        this.issuer = issuer;
        this.audience = audience;
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        try {
            signer = new MACSigner(bytes);
        } catch (JOSEException e) {
            throw new BenchException("--jwt-secret has " + bytes.length + " bytes; at least 32 are needed", e);
        }
    }

    @Override
    public String tokenFor(String userId) {
        Instant now = Instant.now();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .subject(userId)
                .issuer(issuer)
                .audience(audience)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFETIME)))
                .build();
        SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
        try {
            token.sign(signer);
        } catch (JOSEException e) {
            throw new BenchException("cannot sign tokens", e);
        }
        return token.serialize();
    }
}
