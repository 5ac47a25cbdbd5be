package dev.tidings.gateway.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;
import dev.tidings.v1.Error;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JwtAuthenticatorTest {

    private static final String SECRET = "a secret for tests alone, long enough";
    private static final long NOW = 1_700_000_000_000L;
    private static final JWTClaimsSet ALICE =
            expiring("alice", Duration.ofMinutes(1)).build();
    private static final TokenPolicy STRICT =
            new TokenPolicy("https://id.example", "tidings", true, Duration.ofSeconds(5), "sub", Duration.ofDays(1));

    /** Development tokens live by the wall clock, years after the time of this test. */
    private static final TokenPolicy LONG =
            new TokenPolicy(null, null, true, Duration.ZERO, "sub", Duration.ofDays(20_000));

    private static final TokenPolicy LONG_AND_STRICT =
            new TokenPolicy("https://id.example", "tidings", true, Duration.ZERO, "sub", Duration.ofDays(20_000));

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
        for (TokenPolicy policy : List.of(LONG, LONG_AND_STRICT)) {
            String token = new DevTokens(TokenSigner.of(new TokenKeys.Secret(SECRET)), policy).issue("bob");

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
                with(new TokenPolicy(null, null, false, Duration.ZERO, "sub", Duration.ofDays(1)))
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
    void another_claim_can_name_the_user_and_is_encoded_where_it_is_no_user_id() throws Exception {
        Authenticator byMail = with(new TokenPolicy(null, null, true, Duration.ZERO, "email", Duration.ofDays(20_000)));
        JWTClaimsSet claims = new JWTClaimsSet.Builder(ALICE)
                .claim("email", "ada@example.com")
                .build();

        assertEquals("e--ada_40example.com", byMail.authenticate(signed(claims)).userId());
        assertRejected(byMail, signed(ALICE));
        assertEquals(
                "e--auth0_7C507f",
                bySecret.authenticate(signed(
                                expiring("auth0|507f", Duration.ofMinutes(1)).build()))
                        .userId());
        assertEquals(
                "bob",
                byMail.authenticate(new DevTokens(
                                        TokenSigner.of(new TokenKeys.Secret(SECRET)),
                                        new TokenPolicy(
                                                null, null, true, Duration.ZERO, "email", Duration.ofDays(20_000)))
                                .issue("bob"))
                        .userId());
    }

    @Test
    void a_token_with_a_critical_header_that_the_gateway_does_not_know_is_not_trusted() throws Exception {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .criticalParams(Set.of("x-level"))
                        .customParam("x-level", 3)
                        .build(),
                ALICE);
        token.sign(new MACSigner(SECRET));

        assertRejected(bySecret, token.serialize());
    }

    @Test
    void a_token_of_another_type_is_not_trusted() throws Exception {
        SignedJWT refresh = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .type(new JOSEObjectType("refresh+jwt"))
                        .build(),
                ALICE);
        refresh.sign(new MACSigner(SECRET));

        assertRejected(bySecret, refresh.serialize());
    }

    @Test
    void a_token_that_lives_too_long_is_not_trusted() throws Exception {
        JWTClaimsSet.Builder claims = expiring("alice", Duration.ofDays(1).plusSeconds(5))
                .issuer("https://id.example")
                .audience("tidings");
        assertEquals("alice", with(STRICT).authenticate(signed(claims.build())).userId());

        assertRejected(
                with(STRICT),
                signed(claims.expirationTime(new Date(NOW + Duration.ofDays(1).toMillis() + 6_000))
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
    void a_token_whose_subject_is_too_long_or_absent_is_not_trusted() throws Exception {
        assertRejected(
                bySecret, signed(expiring("x".repeat(65), Duration.ofMinutes(1)).build()));
        assertRejected(bySecret, signed(expiring("", Duration.ofMinutes(1)).build()));
        assertRejected(
                bySecret,
                signed(expiring("ignored", Duration.ofMinutes(1)).subject(null).build()));
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

    @Test
    void no_key_file_is_accepted_without_a_key_that_is_strong_enough(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("key.pem"), "no key");
        assertPemRejected(file);
        assertPemRejected(directory.resolve("absent.pem"));
        assertPemRejected(writePem(file, keyPair("RSA", 1_024).getPublic()));
        assertPemRejected(writePem(file, keyPair("EC", 384).getPublic()));
        assertPemRejected(writePem(file, keyPair("Ed25519", 255).getPublic()));
    }

    @Test
    void tokens_are_verified_with_the_keys_of_a_file(@TempDir Path directory) throws Exception {
        KeyPair rsa = keyPair("RSA", 2_048);
        KeyPair ec = keyPair("EC", 256);
        Path file = writePem(directory.resolve("keys.pem"), rsa.getPublic(), ec.getPublic());
        TokenKeys keys = TokenKeys.from(Settings.of(Map.of("gateway.jwt.public-key-file", file.toString())));
        Authenticator byFile = new JwtAuthenticator(keys, TokenPolicy.DEFAULT, () -> NOW);

        JWSSigner rsaSigner = new RSASSASigner(rsa.getPrivate());
        assertEquals(
                "alice",
                byFile.authenticate(signed(JWSAlgorithm.RS256, rsaSigner, "any", ALICE))
                        .userId());
        JWSSigner ecSigner = new ECDSASigner((ECPrivateKey) ec.getPrivate());
        assertEquals(
                "alice",
                byFile.authenticate(signed(JWSAlgorithm.ES256, ecSigner, null, ALICE))
                        .userId());
        assertRejected(byFile, signed(JWSAlgorithm.RS512, rsaSigner, null, ALICE));
        JWSSigner foreign = new ECDSASigner((ECPrivateKey) keyPair("EC", 256).getPrivate());
        assertRejected(byFile, signed(JWSAlgorithm.ES256, foreign, null, ALICE));
        // the public key as the secret of an HMAC, and no signature at all
        JWSSigner confused = new MACSigner(rsa.getPublic().getEncoded());
        assertRejected(byFile, signed(JWSAlgorithm.HS256, confused, null, ALICE));
        assertRejected(byFile, new PlainJWT(ALICE).serialize());
    }

    private static void assertPemRejected(Path file) {
        SettingsException failure = assertThrows(
                SettingsException.class,
                () -> TokenKeys.from(Settings.of(Map.of("gateway.jwt.public-key-file", file.toString()))));
        assertTrue(String.valueOf(failure.getMessage()).startsWith("gateway.jwt.public-key-file: "));
    }

    private static KeyPair keyPair(String algorithm, int bits) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(bits);
        return generator.generateKeyPair();
    }

    private static Path writePem(Path file, PublicKey... keys) throws IOException {
        StringBuilder pem = new StringBuilder();
        for (PublicKey key : keys) {
            pem.append("-----BEGIN PUBLIC KEY-----\n")
                    .append(Base64.getMimeEncoder().encodeToString(key.getEncoded()))
                    .append("\n-----END PUBLIC KEY-----\n");
        }
        return Files.writeString(file, pem);
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
