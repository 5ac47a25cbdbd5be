package dev.tidings.ops.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.SignedJWT;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignedTokenSourceTest {

    private static final String SECRET = "a secret of thirty-two bytes, or more";

    @Test
    void aTokenNamesItsUserAndIsSignedWithTheSecret() throws Exception {
        SignedJWT token = SignedJWT.parse(new SignedTokenSource(SECRET, "issuer", "chat").tokenFor("bench-1-0"));

        assertTrue(token.verify(new MACVerifier(SECRET)));
        assertEquals("bench-1-0", token.getJWTClaimsSet().getSubject());
        assertEquals("issuer", token.getJWTClaimsSet().getIssuer());
        assertEquals(List.of("chat"), token.getJWTClaimsSet().getAudience());
        assertTrue(token.getJWTClaimsSet().getExpirationTime().after(Date.from(Instant.now())));
    }

    @Test
    void rejectsAShortSecret() {
        assertThrows(BenchException.class, () -> new SignedTokenSource("short", null, null));
    }
}
