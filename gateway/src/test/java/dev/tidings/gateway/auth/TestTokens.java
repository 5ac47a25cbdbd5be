package dev.tidings.gateway.auth;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import java.time.Duration;
import java.util.Date;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/** Real tokens for authorization matrices: those that are accepted, by their scopes, and those that no operation accepts. */
public final class TestTokens {

    /** The user of the token that {@link #rejected} has and the test revokes. */
    public static final String REVOKED = "revoked";

    private static final Set<Scope> MANY = EnumSet.of(Scope.USER, Scope.ADMIN);

    private final LongSupplier nowMillis;
    private final TokenIssuer issuer;

    public TestTokens(LongSupplier nowMillis) {
        this.nowMillis = nowMillis;
        this.issuer = issuer("a secret for tests alone, long enough");
    }

    private TokenIssuer issuer(String secret) {
        return new TokenIssuer(new TokenKeys.Secret(secret), TokenPolicy.DEFAULT, nowMillis);
    }

    /** Accepts the tokens; a test adds revocations. */
    public Authenticator authenticator() {
        return new JwtAuthenticator(
                new TokenKeys.Secret("a secret for tests alone, long enough"), TokenPolicy.DEFAULT, nowMillis);
    }

    /** A token of alice with one scope. */
    public String of(Scope scope) {
        return issuer.issue("alice", EnumSet.of(scope), "", Duration.ofHours(1));
    }

    /** Tokens with all rights that must not be accepted, each by the name of its flaw. */
    public Map<String, String> rejected() {
        Map<String, String> rejected = new LinkedHashMap<>();
        rejected.put("nonsense", "nonsense");
        rejected.put("forged algorithm", withoutSignature());
        rejected.put("another key", issuer("x".repeat(40)).issue("alice", MANY, "", Duration.ofHours(1)));
        rejected.put("expired", issuer.issue("late", MANY, "", Duration.ofSeconds(-60)));
        rejected.put(REVOKED, issuer.issue(REVOKED, MANY, "", Duration.ofHours(1)));
        return rejected;
    }

    private String withoutSignature() {
        return new PlainJWT(new JWTClaimsSet.Builder()
                        .subject("alice")
                        .expirationTime(new Date(nowMillis.getAsLong() + 60_000))
                        .claim("scope", "admin user")
                        .build())
                .serialize();
    }
}
