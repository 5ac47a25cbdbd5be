package dev.tidings.gateway.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;
import dev.tidings.v1.Error;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JwtAuthenticatorTest {

    private static final String SECRET = "a secret for tests alone, long enough";
    private static final long NOW = 1_700_000_000_000L;
    private static final JWTClaimsSet ALICE =
            expiring("alice", Duration.ofMinutes(1)).build();
    private static final TokenPolicy STRICT =
            new TokenPolicy("https://id.example", "tidings", true, Duration.ofSeconds(5));

    private final Authenticator bySecret = with(TokenPolicy.DEFAULT);

    @Test
    void a_token_signed_with_the_secret_names_its_user() throws Exception {
        assertEquals(
                "alice",
                bySecret.authenticate(signed(JWSAlgorithm.HS256, new MACSigner(SECRET), null, ALICE))
                        .userId());
    }

    @Test
    void a_development_token_is_trusted_with_the_same_secret() throws Exception {
        for (TokenPolicy policy : List.of(TokenPolicy.DEFAULT, STRICT)) {
            String token = new DevTokens(new TokenKeys.Secret(SECRET), policy).issue("bob");

            assertEquals("bob", with(policy).authenticate(token).userId());
        }
    }

    @Test
    void a_token_of_another_issuer_or_for_another_audience_is_not_trusted() throws Exception {
        Authenticator strict = with(STRICT);
        JWTClaimsSet right = expiring("alice", Duration.ofMinutes(1))
                .issuer("https://id.example")
                .audience(List.of("billing", "tidings"))
                .build();

        assertEquals("alice", strict.authenticate(signed(right)).userId());
        assertRejected(
                strict,
                signed(new JWTClaimsSet.Builder(right)
                        .issuer("https://other.example")
                        .build()));
        assertRejected(
                strict,
                signed(new JWTClaimsSet.Builder(right).audience("billing").build()));
        assertRejected(strict, signed(ALICE));
    }

    @Test
    void a_token_without_an_expiry_is_trusted_only_if_configured() throws Exception {
        String forEver = signed(new JWTClaimsSet.Builder().subject("alice").build());

        assertRejected(bySecret, forEver);
        assertEquals(
                "alice",
                with(new TokenPolicy(null, null, false, Duration.ZERO))
                        .authenticate(forEver)
                        .userId());
    }

    @Test
    void a_token_expires_by_the_time_of_the_log_and_the_allowed_skew() throws Exception {
        String justOver = signed(expiring("alice", Duration.ofSeconds(-4))
                .issuer("https://id.example")
                .audience("tidings")
                .build());
        Authenticator later = new JwtAuthenticator(new TokenKeys.Secret(SECRET), STRICT, () -> NOW + 2_000);

        assertEquals("alice", with(STRICT).authenticate(justOver).userId());
        assertEquals(
                Error.Code.TOKEN_EXPIRED,
                assertThrows(RejectedTokenException.class, () -> later.authenticate(justOver))
                        .code());
    }

    @Test
    void a_skew_that_is_too_large_is_rejected_by_name() {
        Settings settings = Settings.of(Map.of("gateway.jwt.clock-skew-seconds", "301"));

        SettingsException failure = assertThrows(SettingsException.class, () -> TokenPolicy.from(settings));
        assertTrue(String.valueOf(failure.getMessage()).contains("gateway.jwt.clock-skew-seconds"));
    }

    @Test
    void the_claims_of_a_token_say_what_it_grants_to_which_device_and_until_when() throws Exception {
        Principal principal = with(STRICT)
                .authenticate(signed(expiring("alice", Duration.ofMinutes(1))
                        .issuer("https://id.example")
                        .audience("tidings")
                        .jwtID("t-1")
                        .issueTime(new Date(NOW - 60_000))
                        .claim("scope", "openid analyst user")
                        .claim("device_id", "phone")
                        .build()));

        assertEquals(
                new Principal("alice", Set.of(Scope.USER, Scope.ANALYST), "t-1", "phone", NOW - 60_000, NOW + 65_000),
                principal);
        assertTrue(principal.isFor("phone"));
        assertFalse(principal.isFor("tablet"));
        assertFalse(principal.isExpired(NOW + 64_999));
        assertTrue(principal.isExpired(NOW + 65_000));
    }

    @Test
    void a_token_that_names_no_scope_of_tidings_grants_user() throws Exception {
        Principal silent = bySecret.authenticate(signed(ALICE));
        Principal foreign = bySecret.authenticate(signed(
                new JWTClaimsSet.Builder(ALICE).claim("scope", "openid User").build()));

        assertEquals(Set.of(Scope.USER), silent.scopes());
        assertEquals(Set.of(Scope.USER), foreign.scopes());
        assertTrue(silent.isFor("any device"));
        assertRejected(
                bySecret,
                signed(new JWTClaimsSet.Builder(ALICE)
                        .claim("scope", List.of("admin"))
                        .build()));
    }

    @Test
    void a_token_without_a_signature_is_not_trusted() {
        assertRejected(Error.Code.INVALID_TOKEN, new PlainJWT(ALICE).serialize());
    }

    @Test
    void a_token_of_another_algorithm_is_not_trusted() throws Exception {
        MACSigner signer = new MACSigner("x".repeat(64));
        assertRejected(Error.Code.INVALID_TOKEN, signed(JWSAlgorithm.HS512, signer, null, ALICE));
    }

    @Test
    void a_token_whose_subject_is_not_a_user_id_is_not_trusted() throws Exception {
        JWTClaimsSet nobody = expiring("not a name", Duration.ofMinutes(1)).build();
        assertRejected(Error.Code.INVALID_TOKEN, signed(JWSAlgorithm.HS256, new MACSigner(SECRET), null, nobody));
        JWTClaimsSet nameless = new JWTClaimsSet.Builder().issuer("somebody").build();
        assertRejected(Error.Code.INVALID_TOKEN, signed(JWSAlgorithm.HS256, new MACSigner(SECRET), null, nameless));
    }

    @Test
    void an_expired_token_has_a_code_of_its_own() throws Exception {
        JWTClaimsSet late = new JWTClaimsSet.Builder()
                .subject("alice")
                .expirationTime(new Date(NOW - 3_600_000))
                .build();
        assertRejected(Error.Code.TOKEN_EXPIRED, signed(JWSAlgorithm.HS256, new MACSigner(SECRET), null, late));
    }

    @Test
    void tokens_are_verified_with_the_keys_an_identity_provider_publishes() throws Exception {
        ECKey key = new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
        byte[] published = new JWKSet(key.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
        HttpServer provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        provider.createContext("/jwks.json", exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, published.length);
            exchange.getResponseBody().write(published);
            exchange.close();
        });
        provider.start();
        try {
            URI url = URI.create("http://127.0.0.1:" + provider.getAddress().getPort() + "/jwks.json");
            Authenticator byKeys = new JwtAuthenticator(new TokenKeys.Jwks(url), TokenPolicy.DEFAULT, () -> NOW);

            assertEquals(
                    "alice",
                    byKeys.authenticate(signed(JWSAlgorithm.ES256, new ECDSASigner(key), "k1", ALICE))
                            .userId());
            String forged = signed(JWSAlgorithm.HS256, new MACSigner(SECRET), "k1", ALICE);
            assertEquals(
                    Error.Code.INVALID_TOKEN,
                    assertThrows(RejectedTokenException.class, () -> byKeys.authenticate(forged))
                            .code());
        } finally {
            provider.stop(0);
        }
    }

    @Test
    void a_token_is_unavailable_while_the_identity_provider_does_not_answer() throws Exception {
        ECKey key = new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
        Authenticator byKeys = new JwtAuthenticator(
                new TokenKeys.Jwks(URI.create("http://127.0.0.1:1/jwks.json")), TokenPolicy.DEFAULT, () -> NOW);
        String token = signed(JWSAlgorithm.ES256, new ECDSASigner(key), "k1", ALICE);

        assertEquals(
                Error.Code.UNAVAILABLE,
                assertThrows(RejectedTokenException.class, () -> byKeys.authenticate(token))
                        .code());
    }

    @Test
    void exactly_one_kind_of_key_must_be_configured_and_valid() {
        assertThrows(SettingsException.class, () -> TokenKeys.from(Settings.of(Map.of())));
        assertThrows(SettingsException.class, () -> TokenKeys.from(Settings.of(Map.of("gateway.jwt.secret", "short"))));
        assertThrows(
                SettingsException.class, () -> TokenKeys.from(Settings.of(Map.of("gateway.jwt.jwks-url", "ftp://x"))));
        assertThrows(
                SettingsException.class,
                () -> TokenKeys.from(
                        Settings.of(Map.of("gateway.jwt.secret", SECRET, "gateway.jwt.jwks-url", "https://x/y"))));
    }

    private static Authenticator with(TokenPolicy policy) {
        return new JwtAuthenticator(new TokenKeys.Secret(SECRET), policy, () -> NOW);
    }

    private static JWTClaimsSet.Builder expiring(String userId, Duration after) {
        return new JWTClaimsSet.Builder().subject(userId).expirationTime(new Date(NOW + after.toMillis()));
    }

    private static String signed(JWTClaimsSet claims) throws Exception {
        return signed(JWSAlgorithm.HS256, new MACSigner(SECRET), null, claims);
    }

    private static void assertRejected(Authenticator authenticator, String token) {
        assertEquals(
                Error.Code.INVALID_TOKEN,
                assertThrows(RejectedTokenException.class, () -> authenticator.authenticate(token))
                        .code());
    }

    private void assertRejected(Error.Code expected, String token) {
        assertEquals(
                expected,
                assertThrows(RejectedTokenException.class, () -> bySecret.authenticate(token))
                        .code());
    }

    private static String signed(JWSAlgorithm algorithm, JWSSigner signer, @Nullable String keyId, JWTClaimsSet claims)
            throws Exception {
        SignedJWT token =
                new SignedJWT(new JWSHeader.Builder(algorithm).keyID(keyId).build(), claims);
        token.sign(signer);
        return token.serialize();
    }
}
