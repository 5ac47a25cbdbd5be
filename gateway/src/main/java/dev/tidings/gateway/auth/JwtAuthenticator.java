package dev.tidings.gateway.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.ImmutableSecret;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.jwt.proc.ExpiredJWTException;
import com.nimbusds.jwt.proc.JWTClaimsSetVerifier;
import dev.tidings.schemas.id.UserId;
import dev.tidings.v1.Error;
import java.net.MalformedURLException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Date;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Verifies signed JSON Web Tokens whose {@code sub} is the user id. {@code exp} and {@code nbf} are compared with the time of
 * the log, so that all gateways agree.
 */
public final class JwtAuthenticator implements Authenticator {

    private static final Set<JWSAlgorithm> PUBLIC_KEY_ALGORITHMS =
            Set.of(JWSAlgorithm.RS256, JWSAlgorithm.PS256, JWSAlgorithm.ES256, JWSAlgorithm.ES384);

    private final DefaultJWTProcessor<SecurityContext> processor;
    private final long clockSkewMillis;

    /** @param nowMillis the time of the log */
    public JwtAuthenticator(TokenKeys keys, TokenPolicy policy, LongSupplier nowMillis) {
        this.processor = new DefaultJWTProcessor<>();
        this.clockSkewMillis = policy.clockSkew().toMillis();
        processor.setJWSKeySelector(
                switch (keys) {
                    case TokenKeys.Secret(String secret) ->
                        new JWSVerificationKeySelector<>(
                                JWSAlgorithm.HS256, new ImmutableSecret<>(secret.getBytes(StandardCharsets.UTF_8)));
                    case TokenKeys.Jwks(URI url) ->
                        new JWSVerificationKeySelector<>(PUBLIC_KEY_ALGORITHMS, published(url));
                });
        processor.setJWTClaimsSetVerifier(verifier(policy, nowMillis));
    }

    private static JWTClaimsSetVerifier<SecurityContext> verifier(TokenPolicy policy, LongSupplier nowMillis) {
        JWTClaimsSet.Builder exactly = new JWTClaimsSet.Builder();
        if (policy.issuer() != null) {
            exactly.issuer(policy.issuer());
        }
        DefaultJWTClaimsVerifier<SecurityContext> verifier =
                new DefaultJWTClaimsVerifier<>(
                        policy.audience() == null ? null : Set.of(policy.audience()),
                        exactly.build(),
                        policy.expiryRequired() ? Set.of("sub", "exp") : Set.of("sub"),
                        null) {
                    @Override
                    protected Date currentTime() {
                        return new Date(nowMillis.getAsLong());
                    }
                };
        verifier.setMaxClockSkew((int) policy.clockSkew().toSeconds());
        return verifier;
    }

    @Override
    public Principal authenticate(String token) throws RejectedTokenException {
        try {
            return principal(processor.process(token, null));
        } catch (ExpiredJWTException e) {
            throw new RejectedTokenException(Error.Code.TOKEN_EXPIRED, "the token has expired");
        } catch (BadJWTException e) {
            throw new RejectedTokenException(Error.Code.INVALID_TOKEN, "the token has wrong claims: " + e.getMessage());
        } catch (KeySourceException e) {
            throw new RejectedTokenException(Error.Code.UNAVAILABLE, "the keys to verify tokens cannot be fetched");
        } catch (ParseException | BadJOSEException | JOSEException e) {
            throw new RejectedTokenException(
                    Error.Code.INVALID_TOKEN, "the token is malformed or its signature is not trusted");
        }
    }

    private Principal principal(JWTClaimsSet claims) throws ParseException, RejectedTokenException {
        String userId = claims.getSubject();
        if (userId == null || !UserId.isValid(userId)) {
            throw new RejectedTokenException(
                    Error.Code.INVALID_TOKEN, "the token's sub must be a user id: [A-Za-z0-9_.-]{1,64}");
        }
        Date issuedAt = claims.getIssueTime();
        Date expiresAt = claims.getExpirationTime();
        return new Principal(
                userId,
                Scope.parse(claims.getStringClaim("scope")),
                Objects.requireNonNullElse(claims.getJWTID(), ""),
                Objects.requireNonNullElse(claims.getStringClaim("device_id"), ""),
                issuedAt == null ? 0 : issuedAt.getTime(),
                expiresAt == null ? Principal.NEVER : expiresAt.getTime() + clockSkewMillis);
    }

    private static JWKSource<SecurityContext> published(URI url) {
        try {
            return JWKSourceBuilder.<SecurityContext>create(url.toURL())
                    .retrying(true)
                    .build();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("not a URL: " + url, e);
        }
    }
}
