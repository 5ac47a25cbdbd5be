package dev.tidings.ops.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.SignedJWT;
import java.time.Instant;
import java.util.Date;
import org.junit.jupiter.api.Test;

class SignedTokensTest {

    private static final String SECRET = "a secret of thirty-two bytes, or more";

    @Test
    void aTokenNamesItsUserAndIsSignedWithTheSecret() throws Exception {
        SignedJWT token = SignedJWT.parse(new SignedTokens(SECRET).of("bench-1-0"));

        assertTrue(token.verify(new MACVerifier(SECRET)));
        assertEquals("bench-1-0", token.getJWTClaimsSet().getSubject());
        assertTrue(token.getJWTClaimsSet().getExpirationTime().after(Date.from(Instant.now())));
    }

    @Test
    void aSecretThatIsTooShortIsRefused() {
        assertThrows(BenchException.class, () -> new SignedTokens("short"));
    }
}
