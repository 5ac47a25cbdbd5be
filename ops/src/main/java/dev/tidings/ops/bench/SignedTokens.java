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

/** Tokens signed here, with the secret the gateway checks them with (HS256). */
final class SignedTokens implements Tokens {

    private static final Duration LIFETIME = Duration.ofHours(24);

    private final MACSigner signer;

    /** @throws BenchException where the secret is shorter than HS256 allows: 32 bytes */
    SignedTokens(String secret) {
        try {
            signer = new MACSigner(secret.getBytes(StandardCharsets.UTF_8));
        } catch (JOSEException e) {
            throw new BenchException("--jwt-secret must be at least 32 bytes", e);
        }
    }

    @Override
    public String of(String userId) {
        Instant now = Instant.now();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .subject(userId)
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
