package dev.tidings.gateway.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.ImmutableSecret;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSKeySelector;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.jwt.proc.ExpiredJWTException;
import com.nimbusds.jwt.proc.JWTClaimsSetVerifier;
import dev.tidings.schemas.id.UserIdEncoding;
import dev.tidings.v1.Error;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Verifies the signature, the type and the claims of JSON Web Tokens of one kind, and reads their principal. Thread-safe. */
final class JwtVerifier {

    private static final Set<JWSAlgorithm> PUBLISHED_KEY_ALGORITHMS =
            Set.of(JWSAlgorithm.RS256, JWSAlgorithm.PS256, JWSAlgorithm.ES256, JWSAlgorithm.ES384);

    private final DefaultJWTProcessor<SecurityContext> processor;
    private final TokenPolicy policy;
    private final LongSupplier nowMillis;

    /**
     * @param type the header {@code typ}; null: {@code JWT}, or none
     * @param nowMillis the time of the log
     */
    JwtVerifier(TokenKeys keys, TokenPolicy policy, @Nullable JOSEObjectType type, LongSupplier nowMillis) {
        this.processor = new DefaultJWTProcessor<>();
        this.policy = policy;
        this.nowMillis = nowMillis;
        processor.setJWSKeySelector(selector(keys));
        if (type != null) {
            processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(type));
        }
        processor.setJWTClaimsSetVerifier(claimsVerifier(policy, nowMillis));
    }

    private static JWSKeySelector<SecurityContext> selector(TokenKeys keys) {
        return switch (keys) {
            case TokenKeys.Secret(String secret) ->
                new JWSVerificationKeySelector<>(
                        JWSAlgorithm.HS256, new ImmutableSecret<>(secret.getBytes(StandardCharsets.UTF_8)));
            case TokenKeys.Jwks jwks ->
                new JWSVerificationKeySelector<>(PUBLISHED_KEY_ALGORITHMS, PublishedKeys.of(jwks));
            case TokenKeys.PublicKeys(List<PublicKey> publicKeys) ->
                (header, context) -> suitable(publicKeys, header.getAlgorithm());
            case TokenKeys.OwnKey(PublicKey key, String keyId, @Nullable TokenKeys others) -> {
                JWSKeySelector<SecurityContext> other = others == null ? null : selector(others);
                yield (header, context) -> keyId.equals(header.getKeyID()) || other == null
                        ? suitable(List.of(key), header.getAlgorithm())
                        : other.selectJWSKeys(header, context);
            }
        };
    }

    private static JWTClaimsSetVerifier<SecurityContext> claimsVerifier(TokenPolicy policy, LongSupplier nowMillis) {
        JWTClaimsSet.Builder exactly = new JWTClaimsSet.Builder();
        if (policy.issuer() != null) {
            exactly.issuer(policy.issuer());
        }
        DefaultJWTClaimsVerifier<SecurityContext> verifier =
                new DefaultJWTClaimsVerifier<>(
                        policy.audience() == null ? null : Set.of(policy.audience()),
                        exactly.build(),
                        policy.expiryRequired() ? Set.of(policy.userClaim(), "exp") : Set.of(policy.userClaim()),
                        null) {
                    @Override
                    protected Date currentTime() {
                        return new Date(nowMillis.getAsLong());
                    }
                };
        verifier.setMaxClockSkew((int) policy.clockSkew().toSeconds());
        return verifier;
    }

    /** @throws RejectedTokenException if the token is not trusted, or cannot be verified now */
    JWTClaimsSet verify(String token) throws RejectedTokenException {
        try {
            return processor.process(token, null);
        } catch (ExpiredJWTException e) {
            throw new RejectedTokenException(Error.Code.TOKEN_EXPIRED, "the token has expired");
        } catch (BadJWTException e) {
            throw new RejectedTokenException(Error.Code.INVALID_TOKEN, "the token has wrong claims: " + e.getMessage());
        } catch (KeySourceException e) {
            throw new RejectedTokenException(Error.Code.UNAVAILABLE, "the keys to verify tokens cannot be fetched");
        } catch (ParseException | BadJOSEException | JOSEException e) {
            throw malformed();
        }
    }

    /** Returns the user that verified claims name, and what they grant. */
    Principal principal(JWTClaimsSet claims) throws RejectedTokenException {
        try {
            String externalId = claims.getStringClaim(policy.userClaim());
            String userId = externalId == null ? null : UserIdEncoding.encode(externalId);
            if (userId == null) {
                throw new RejectedTokenException(
                        Error.Code.INVALID_TOKEN,
                        "the token's " + policy.userClaim()
                                + " must be a text of 1 to 64 characters of [A-Za-z0-9_.-]; other"
                                + " characters count three for each byte, and three more are added");
            }
            Date issuedAt = claims.getIssueTime();
            Date expiresAt = claims.getExpirationTime();
            long skewMillis = policy.clockSkew().toMillis();
            Duration maxLifetime = policy.maxLifetime();
            if (expiresAt != null
                    && expiresAt.getTime() > nowMillis.getAsLong() + skewMillis + maxLifetime.toMillis()) {
                throw new RejectedTokenException(
                        Error.Code.INVALID_TOKEN,
                        "the token expires at " + expiresAt.toInstant() + "; at most " + maxLifetime.toDays()
                                + " days from now are allowed");
            }
            return new Principal(
                    userId,
                    Scope.parse(claims.getStringClaim("scope")),
                    Objects.requireNonNullElse(claims.getJWTID(), ""),
                    Objects.requireNonNullElse(claims.getStringClaim("device_id"), ""),
                    issuedAt == null ? 0 : issuedAt.getTime(),
                    expiresAt == null ? Principal.NEVER : expiresAt.getTime() + skewMillis);
        } catch (ParseException e) {
            throw malformed();
        }
    }

    private static RejectedTokenException malformed() {
        return new RejectedTokenException(
                Error.Code.INVALID_TOKEN, "the token is malformed or its signature is not trusted");
    }

    /** The keys that may verify a token of the algorithm: an HS256 token never finds a public key. */
    private static List<PublicKey> suitable(List<PublicKey> keys, JWSAlgorithm algorithm) {
        return keys.stream()
                .filter(key -> algorithm.equals(key instanceof RSAPublicKey ? JWSAlgorithm.RS256 : JWSAlgorithm.ES256))
                .toList();
    }
}
