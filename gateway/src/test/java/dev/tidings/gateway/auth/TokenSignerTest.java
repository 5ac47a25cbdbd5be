package dev.tidings.gateway.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jwt.SignedJWT;
import dev.tidings.gateway.tls.TestCertificate;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenSignerTest {

    private static final String SECRET = "a secret for tests alone, long enough";
    private static final long NOW = 1_700_000_000_000L;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"RSA, 2048, RS256, RSA", "EC, 256, ES256, EC"})
    void a_token_of_the_signing_key_is_trusted_and_names_the_published_key(
            String algorithm, int bits, String name, String type) throws Exception {
        Settings settings = Settings.of(Map.of("gateway.token-signing-key", file(pair(algorithm, bits))));
        TokenSigner signer = signer(settings);

        String token = issue(signer, "alice");

        assertEquals("alice", authenticator(settings).authenticate(token).userId());
        SignedJWT parsed = SignedJWT.parse(token);
        assertEquals(name, parsed.getHeader().getAlgorithm().getName());
        assertEquals(signer.publicKey().get("kid"), parsed.getHeader().getKeyID());
        assertEquals(type, signer.publicKey().get("kty"));
        assertEquals(name, signer.publicKey().get("alg"));
        assertTrue(signer.publicKey().keySet().stream().noneMatch(Set.of("d", "p", "q")::contains));
    }

    @Test
    void tokens_of_another_issuer_are_trusted_beside_those_of_the_signing_key() throws Exception {
        Settings settings =
                Settings.of(Map.of("gateway.token-signing-key", file(pair("EC", 256)), "gateway.jwt.secret", SECRET));
        Authenticator both = authenticator(settings);

        assertEquals(
                "alice", both.authenticate(issue(signer(settings), "alice")).userId());
        assertEquals(
                "bob",
                both.authenticate(issue(TokenSigner.of(new TokenKeys.Secret(SECRET)), "bob"))
                        .userId());
        TokenSigner other = signer(Settings.of(Map.of("gateway.token-signing-key", file(pair("EC", 256)))));
        assertThrows(RejectedTokenException.class, () -> both.authenticate(issue(other, "mallory")));
    }

    @Test
    void a_secret_signs_without_a_public_key_and_no_key_signs_nothing() {
        assertTrue(signer(Settings.of(Map.of("gateway.jwt.secret", SECRET)))
                .publicKey()
                .isEmpty());
        assertNull(TokenSigner.from(Settings.of(Map.of("gateway.jwt.jwks-url", "https://id.example"))));
    }

    @Test
    void a_file_without_the_public_key_or_with_another_one_is_rejected() throws Exception {
        KeyPair pair = pair("EC", 256);
        KeyPair other = pair("EC", 256);
        String privateKey = TestCertificate.pem("PRIVATE KEY", pair.getPrivate().getEncoded());
        String publicKey = TestCertificate.pem("PUBLIC KEY", pair.getPublic().getEncoded());
        String otherKey = TestCertificate.pem("PUBLIC KEY", other.getPublic().getEncoded());
        for (String text : new String[] {
            "", privateKey, publicKey, privateKey + otherKey, privateKey + publicKey + otherKey, privateKey.repeat(2)
        }) {
            Settings settings = Settings.of(Map.of("gateway.token-signing-key", write(text)));

            SettingsException rejected =
                    assertThrows(SettingsException.class, () -> TokenSigner.from(settings), () -> text);
            assertTrue(String.valueOf(rejected.getMessage()).startsWith("gateway.token-signing-key: "));
        }
    }

    @Test
    void a_refresh_token_and_an_access_token_cannot_take_each_others_place() throws Exception {
        TokenSigner signer = TokenSigner.of(new TokenKeys.Secret(SECRET));
        RefreshTokens refreshTokens = new RefreshTokens(signer, TokenPolicy.DEFAULT, Duration.ofDays(30), () -> NOW);
        RefreshTokens.Grant grant =
                new RefreshTokens.Grant("shop", "ada@example.com", Set.of(Scope.USER), "phone", Duration.ofMinutes(5));
        String refresh = refreshTokens.issue(grant);

        RefreshTokens.Verified verified = refreshTokens.verify(refresh);
        assertEquals(grant, verified.grant());
        assertEquals("e--ada_40example.com", verified.principal().userId());
        assertThrows(RejectedTokenException.class, () -> refreshTokens.verify(issue(signer, "alice")));
        assertThrows(
                RejectedTokenException.class,
                () -> authenticator(Settings.of(Map.of("gateway.jwt.secret", SECRET)))
                        .authenticate(refresh));
        RefreshTokens later = new RefreshTokens(
                signer,
                TokenPolicy.DEFAULT,
                Duration.ofDays(30),
                () -> NOW + Duration.ofDays(31).toMillis());
        assertThrows(RejectedTokenException.class, () -> later.verify(refresh));
    }

    @Test
    void a_signing_key_needs_no_other_issuer_and_other_issuers_are_still_one_kind() throws Exception {
        String file = file(pair("EC", 256));

        assertInstanceOf(
                TokenKeys.OwnKey.class, TokenKeys.from(Settings.of(Map.of("gateway.token-signing-key", file))));
        assertThrows(
                SettingsException.class,
                () -> TokenKeys.from(Settings.of(Map.of(
                        "gateway.token-signing-key", file,
                        "gateway.jwt.secret", SECRET,
                        "gateway.jwt.jwks-url", "https://id.example"))));
    }

    private static TokenSigner signer(Settings settings) {
        TokenSigner signer = TokenSigner.from(settings);
        if (signer == null) {
            throw new AssertionError("no signer");
        }
        return signer;
    }

    private static Authenticator authenticator(Settings settings) {
        return new JwtAuthenticator(TokenKeys.from(settings), TokenPolicy.DEFAULT, () -> NOW);
    }

    private static String issue(TokenSigner signer, String user) {
        return new TokenIssuer(signer, TokenPolicy.DEFAULT, () -> NOW)
                .issue(user, Set.of(Scope.USER), "", Duration.ofMinutes(5));
    }

    private static KeyPair pair(String algorithm, int bits) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(bits);
        return generator.generateKeyPair();
    }

    private String file(KeyPair pair) throws IOException {
        return write(TestCertificate.pem("PRIVATE KEY", pair.getPrivate().getEncoded())
                + TestCertificate.pem("PUBLIC KEY", pair.getPublic().getEncoded()));
    }

    private String write(String text) throws IOException {
        return Files.writeString(Files.createTempFile(directory, "key", ".pem"), text)
                .toString();
    }
}
