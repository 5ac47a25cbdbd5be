package dev.tidings.gateway.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import dev.tidings.v1.Error;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Date;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The keys of an identity provider that changes them, stops answering, and answers again. */
class PublishedKeysTest {

    private static final long NOW = 1_700_000_000_000L;

    private static final Duration BRIEFLY = Duration.ofMillis(1);

    private final ECKey first = key("k1");
    private final ECKey second = key("k2");
    private HttpServer provider;
    private volatile JWKSet published = new JWKSet(first.toPublicJWK());
    private volatile int status = 200;
    private volatile int fetches;

    PublishedKeysTest() throws Exception {}

    @BeforeEach
    void start() throws IOException {
        provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        provider.createContext("/jwks.json", exchange -> {
            fetches++;
            byte[] body = published.toString().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        provider.start();
    }

    @AfterEach
    void stop() {
        provider.stop(0);
    }

    @Test
    void the_keys_are_fetched_once_and_again_for_an_unknown_key_id() throws Exception {
        Authenticator authenticator = authenticator(Duration.ofMinutes(5), Duration.ofMinutes(1));

        assertAccepted(authenticator, token(first, "k1"));
        assertAccepted(authenticator, token(first, "k1"));
        assertEquals(1, fetches);

        published = new JWKSet(second.toPublicJWK());
        assertAccepted(authenticator, token(second, "k2"));
        assertEquals(2, fetches);
        rejection(authenticator, token(first, "k1"));
    }

    @Test
    void forged_key_ids_do_not_load_the_provider() throws Exception {
        Authenticator authenticator = authenticator(Duration.ofMinutes(5), Duration.ofMinutes(1));
        assertAccepted(authenticator, token(first, "k1"));

        assertRejected(Error.Code.INVALID_TOKEN, authenticator, token(second, "forged-0"));
        for (int i = 1; i <= 20; i++) {
            assertRejected(Error.Code.UNAVAILABLE, authenticator, token(second, "forged-" + i));
        }

        assertEquals(2, fetches);
        assertAccepted(authenticator, token(first, "k1"));
    }

    @Test
    void the_last_keys_are_used_while_the_provider_is_down_and_new_ones_after_it() throws Exception {
        Authenticator authenticator = authenticator(BRIEFLY, Duration.ZERO);
        assertAccepted(authenticator, token(first, "k1"));

        status = 503;
        int before = fetches;
        while (fetches == before) {
            assertAccepted(authenticator, token(first, "k1"));
        }
        assertAccepted(authenticator, token(first, "k1"));
        rejection(authenticator, token(second, "k2"));

        published = new JWKSet(second.toPublicJWK());
        status = 200;
        assertAccepted(authenticator, token(second, "k2"));
        rejection(authenticator, token(first, "k1"));
    }

    @Test
    void a_token_cannot_be_verified_before_the_provider_has_answered_once() throws Exception {
        status = 503;
        Authenticator authenticator = authenticator(BRIEFLY, Duration.ZERO);

        assertRejected(Error.Code.UNAVAILABLE, authenticator, token(first, "k1"));

        status = 200;
        assertAccepted(authenticator, token(first, "k1"));
    }

    @Test
    void a_public_key_is_no_secret() throws Exception {
        Authenticator authenticator = authenticator(Duration.ofMinutes(5), Duration.ofMinutes(1));
        SignedJWT forged = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("k1").build(), claims());
        forged.sign(new MACSigner(first.toPublicJWK().toString().getBytes(StandardCharsets.UTF_8)));

        assertRejected(Error.Code.INVALID_TOKEN, authenticator, forged.serialize());
        assertTrue(fetches <= 1);
    }

    private Authenticator authenticator(Duration cacheTime, Duration refreshInterval) {
        URI url = URI.create("http://127.0.0.1:" + provider.getAddress().getPort() + "/jwks.json");
        return new JwtAuthenticator(
                new TokenKeys.Jwks(url, cacheTime, refreshInterval, Duration.ofHours(1)),
                TokenPolicy.DEFAULT,
                () -> NOW);
    }

    private static ECKey key(String id) throws Exception {
        return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
    }

    private static JWTClaimsSet claims() {
        return new JWTClaimsSet.Builder()
                .subject("alice")
                .expirationTime(new Date(NOW + 60_000))
                .build();
    }

    private static String token(ECKey key, String keyId) throws Exception {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(keyId).build(), claims());
        token.sign(new ECDSASigner(key));
        return token.serialize();
    }

    private static void assertAccepted(Authenticator authenticator, String token) throws RejectedTokenException {
        assertEquals("alice", authenticator.authenticate(token).userId());
    }

    private static Error.Code rejection(Authenticator authenticator, String token) {
        return assertThrows(RejectedTokenException.class, () -> authenticator.authenticate(token))
                .code();
    }

    private static void assertRejected(Error.Code expected, Authenticator authenticator, String token) {
        assertEquals(expected, rejection(authenticator, token));
    }
}
